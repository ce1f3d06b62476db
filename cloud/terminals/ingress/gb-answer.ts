import { type Instant, SHANGHAI_OFFSET_MS } from '../../../proto/words/time.ts';
import { type GbFrame, writeGbFrame } from '../gb32960/frame.ts';

/** Result codes of 6.3.2, table 4; those above 3 are of 2025. */
export const ANSWER = { ok: 1, error: 2, duplicate: 3, unknown: 4, signature: 5, structure: 6, decryption: 7 } as const;

export type AnswerCause = Exclude<keyof typeof ANSWER, 'ok'>;

const TIME_BYTES = 6;
const DATED: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

/**
 * The answer to a command: its header, the result, and the time that it was of.
 *
 * @param result - a code, or a cause, which in 2016 is an error like every other but that of a VIN that is there already
 * @param unit - what the answer holds instead of the time of the command
 */
export function answerTo(frame: GbFrame, result: number | AnswerCause, unit?: Buffer): Buffer {
  const code = typeof result === 'number' ? result : codeOf(frame, result);
  const dated = DATED.has(frame.command) && frame.unit.length >= TIME_BYTES;
  const held = unit ?? (dated ? frame.unit.subarray(0, TIME_BYTES) : NOTHING);
  const bytes = writeGbFrame({ ...frame, answer: code, encryption: UNENCRYPTED, unit: held, isChecksumGood: true });
  return bytes.ok ? bytes.value : NOTHING;
}

const NOTHING: Buffer = Buffer.alloc(0);
const UNENCRYPTED = 1;

const codeOf = ({ edition }: GbFrame, cause: AnswerCause): number =>
  edition === 2025 || cause === 'duplicate' ? ANSWER[cause] : ANSWER.error;

/** Year of the century to second, UTC+8. */
export function serverTime(now: Instant): Buffer {
  const local = new Date(now + SHANGHAI_OFFSET_MS);
  return Buffer.from([
    local.getUTCFullYear() % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ]);
}
