import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type { FrameContent, SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import { DAY_MS, HOUR_MS, type Instant, parseCivilDate, startOfDay } from '../../proto/words/time.ts';
import type { RejectionCode } from './rejections.ts';

/**
 * How old a frame may be when it arrives, unless the operator says otherwise. A month in a garage is nothing, and so is a
 * season in a showroom; a TCU that lost the time counts from the day its firmware was built.
 */
export const AGE_DAYS_MAX = 92;

/** How far apart the times of what was sealed together may lie: a batch waits for hours, a vehicle that cannot write for days. */
export const SPAN_DAYS_MAX = 7;

/** In ms; the usual ones unless whoever replays what was recorded long ago says otherwise. */
export interface TimeLimits {
  /** Of the oldest frame at its receipt. */
  readonly ageMaxMs: number;
  /** Between the frames of one batch. */
  readonly spanMaxMs: number;
}

const USUAL: TimeLimits = { ageMaxMs: AGE_DAYS_MAX * DAY_MS, spanMaxMs: SPAN_DAYS_MAX * DAY_MS };

/**
 * Whether the times of a batch can be the times of what was seen. The cloud's own clock is one witness, and the frames of a
 * batch are witnesses of each other: a TCU that is told the time in the middle has frames from before and after in one batch.
 *
 * Rows of trips and statements wait for days by design, and say nothing of the moment they were sealed.
 */
export function recheckAge(
  { frames }: Pick<SealedBatch, 'frames'>,
  receivedAt: Instant,
  { ageMaxMs, spanMaxMs }: TimeLimits = USUAL,
): RejectionCode | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const frame of frames) {
    const [from, until] = spanOf(frame) ?? [receivedAt, receivedAt];
    if (until < receivedAt - ageMaxMs) return 'TIME_LONG_PAST';
    if (frame.kind === 'trip' || frame.kind === 'withdrawal') continue;
    [first, last] = [Math.min(first, until), Math.max(last, from)];
  }
  return last - first > spanMaxMs ? 'TIMES_APART' : undefined;
}

/** The earliest and the latest moment that a frame's time stands for, however coarse it was made; undefined for a frame without one. */
function spanOf(frame: FrameContent): readonly [from: number, until: number] | undefined {
  switch (frame.kind) {
    case 'signals':
      return [frame.observedAt, frame.observedAt];
    case 'cell':
      // Cells of some presets are cut to the day.
      return [frame.hour * HOUR_MS, frame.hour * HOUR_MS + DAY_MS];
    case 'trip':
      return dayOf(frame.localDate);
    case 'withdrawal':
      return undefined;
    default:
      return [frame.minute * MINUTE_MS, frame.minute * MINUTE_MS + MINUTE_MS];
  }
}

/** What is no date is refused before this is asked. */
function dayOf(localDate: number): readonly [number, number] | undefined {
  const digits = String(localDate).padStart(8, '0');
  const date = parseCivilDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
  return date.ok ? [startOfDay(date.value), startOfDay(date.value) + DAY_MS] : undefined;
}
