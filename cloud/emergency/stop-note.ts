import { civilDateOf, type Instant } from '../../proto/words/time.ts';
import { namesVin } from '../../proto/words/vin.ts';
import type { StopMark, StopMemory, StopNote } from '../ports/emergency.ts';

export const REASON_CHARACTERS_MAX = 512;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What stands for a reason that a log must not hold: a stop is never refused for its wording. */
const UNTOLD_REASON = '(not recorded: the reason held what a log must not hold)';
const UNTOLD_NAME = 'unknown';

/** `draw`: random bytes as lower-case hexadecimal. */
export function newStopId(at: Instant, draw: (bytes: number) => string): string {
  return `stop-${civilDateOf(at).replaceAll('-', '')}-${draw(ID_BYTES)}`;
}

const ID_BYTES = 4;

/** A reason as the log may have it: one line of visible characters without a VIN. */
export function plainReason(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, REASON_CHARACTERS_MAX);
  return line === '' || namesVin(line) ? UNTOLD_REASON : line;
}

/** A name as the log may have it. */
export function plainName(text: string): string {
  return NAME.test(text) && !namesVin(text) ? text : UNTOLD_NAME;
}

/** A note that somebody wrote into the mark, as far as it can be believed. */
export function believedNote(seen: StopNote | 'unreadable', now: Instant, draw: (bytes: number) => string): StopNote {
  if (seen === 'unreadable') return { id: newStopId(now, draw), at: now, by: UNTOLD_NAME, reason: UNTOLD_REASON };
  const id = /^stop-[A-Za-z0-9._-]{1,56}$/.test(seen.id) ? seen.id : newStopId(now, draw);
  const at = seen.at > 0 && seen.at <= now ? seen.at : now;
  return { id, at, by: plainName(seen.by), reason: plainReason(seen.reason) };
}

/** The id of the stop in force; undefined when exports may go. What cannot be read is a stop. */
export function stopInForce({
  mark,
  memory,
}: {
  readonly mark: StopMark;
  readonly memory: StopMemory;
}): string | undefined {
  const record = memory.load();
  if (record !== 'none') return record === 'unreadable' ? UNTOLD_NAME : record.note.id;
  const seen = mark.read();
  if (seen === 'absent') return undefined;
  return seen === 'unreadable' ? UNTOLD_NAME : plainName(seen.id);
}
