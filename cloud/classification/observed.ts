import type { CellFrame, SignalFrame, TripRow } from '../../proto/codec/telemetry-codec.ts';
import { DAY_MS, HOUR_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';

/**
 * What one record holds, as far as its class depends on it. Every frame of the uplink is one; a file can hold more than the
 * uplink has a type for, and then names the kind as the catalogue does.
 */
export type ObservedContent =
  | Pick<SignalFrame, 'kind' | 'observedAt' | 'signals'>
  | Pick<CellFrame, 'kind' | 'hour' | 'sizeM' | 'zone' | 'row' | 'column'>
  | Pick<TripRow, 'kind' | 'localDate' | 'distanceClass' | 'durationClass'>
  | { readonly kind: 'image'; readonly minute: number; readonly camera: number; readonly inspection?: Inspection }
  | { readonly kind: 'points'; readonly minute: number }
  | { readonly kind: 'objects'; readonly minute: number }
  | ObservedKind;

/** Something of kinds of the catalogue, such as a position with its altitude, or a clip; under a name of its vehicle. */
export interface ObservedKind {
  readonly kind: 'of-kind';
  readonly of: readonly string[];
  readonly observedAt: Instant;
  readonly inspection?: Inspection;
}

/** What a detector that looked at a picture found: the lesser sides of the boxes, in pixels of the picture as taken. */
export interface Inspection {
  readonly faces: readonly number[];
  readonly plates: readonly number[];
}

const MINUTE_MS = 60_000;

/** Days since 1970-01-01, counted in Asia/Shanghai; a day before that is the first. */
export function dayOf(content: ObservedContent): number {
  if (content.kind === 'trip') {
    const { localDate } = content;
    const midnight = Date.UTC(Math.floor(localDate / 10_000), (Math.floor(localDate / 100) % 100) - 1, localDate % 100);
    return Math.max(0, Math.floor(midnight / DAY_MS));
  }
  return Math.max(0, Math.floor((instantOf(content) + SHANGHAI_OFFSET_MS) / DAY_MS));
}

function instantOf(content: Exclude<ObservedContent, { kind: 'trip' }>): number {
  if ('observedAt' in content) return content.observedAt;
  return content.kind === 'cell' ? content.hour * HOUR_MS : content.minute * MINUTE_MS;
}

/** Calendar year of such a day. */
export function yearOfDay(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}
