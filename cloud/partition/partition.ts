import type { FrameContent, SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import { catalogueRow, kindRow, UNKNOWN_ROW } from '../catalogue/catalogue.ts';

/** The part of one frame that one zone keeps for one term. */
export interface ZonePart {
  readonly zone: Exclude<Zone, 'quarantine'>;
  /** Id of the retention row that says when it is deleted. */
  readonly retention: string;
  readonly content: FrameContent;
}

/** Splits a frame by the zones its content belongs to, and by its terms. Every reading goes to exactly one part. */
export function partition(frame: FrameContent): readonly ZonePart[] {
  if (frame.kind !== 'signals') {
    const { zone, retention } = kindRow(frame.kind);
    return [{ zone, retention, content: frame }];
  }
  const parts: { zone: ZonePart['zone']; retention: string; signals: SignalReading[] }[] = [];
  for (const reading of frame.signals) {
    const { zone, retention } = catalogueRow(reading.path) ?? UNKNOWN_ROW;
    const part = parts.find((one) => one.zone === zone && one.retention === retention);
    if (part === undefined) parts.push({ zone, retention, signals: [reading] });
    else part.signals.push(reading);
  }
  const [only] = parts;
  // Most frames belong to one zone, and are then kept as they are.
  if (only !== undefined && parts.length === 1) return [{ zone: only.zone, retention: only.retention, content: frame }];
  return parts.map(({ zone, retention, signals }) => ({ zone, retention, content: { ...frame, signals } }));
}
