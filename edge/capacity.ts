import { DAY_MS } from '../proto/words/time.ts';

/** Below this the rate is no rate yet: a start-up says nothing of a day. */
const MEASURED_MS_MIN = 60_000;

export interface SpoolUse {
  readonly maxSize: number;
  readonly bytes: number;
  /** Bytes of batches sealed since the start, and how long that took. */
  readonly sealedBytes: number;
  readonly elapsedMs: number;
}

/** Days of drives like those since the start that the spool has room for without an uplink; undefined until it can be told. */
export function offlineDays({ maxSize, bytes, sealedBytes, elapsedMs }: SpoolUse): number | undefined {
  if (elapsedMs < MEASURED_MS_MIN || sealedBytes <= 0) return undefined;
  const bytesPerDay = (sealedBytes / elapsedMs) * DAY_MS;
  return Math.max(0, maxSize - bytes) / bytesPerDay;
}

/** One line for the operator: what waits, and how long the vehicle can be without an uplink. */
export function spoolLine(framesWaiting: number, bytes: number, days: number | undefined): string {
  const room = days === undefined ? 'not known yet' : `${days >= 10 ? Math.floor(days) : days.toFixed(1)} day(s)`;
  return `${framesWaiting} frame(s) waiting in ${bytes} bytes; room without an uplink at this rate: ${room}`;
}
