import type { Instant } from '../../proto/words/time.ts';
import { cosignedAt, type Witness } from './cosignature.ts';
import { consistencyText } from './proof-text.ts';
import type { ReadLog } from './read-log.ts';

/** How a witness answers; `late` when it does not, or not in time. */
export type WitnessReply =
  | { readonly status: number; readonly type: string; readonly body: Uint8Array }
  | { readonly status: 'late' };

/** Posts a body to `add-checkpoint` of a witness; never throws. */
export type AskWitness = (body: string) => Promise<WitnessReply>;

export type Submission =
  /** The checkpoint with the line of the witness. */
  | { readonly outcome: 'cosigned'; readonly note: string; readonly size: number; readonly seconds: number }
  /** Nobody answered as the protocol has it: the same again later. */
  | { readonly outcome: 'unanswered'; readonly why: string }
  /** The witness has cosigned another past than the log has now. */
  | { readonly outcome: 'forked'; readonly why: 'witness-is-ahead' | 'another-root' | 'not-an-extension' };

/** One for the proof, one more for the size that the witness says it has. */
const REQUESTS_MAX = 2;

/** A cosignature of a later time than this is nobody's word. */
const AHEAD_SECONDS_MAX = 300;

const PLAUSIBLE_SIZE = /^(0|[1-9]\d{0,15})\n$/;

/**
 * Has a log's checkpoint cosigned (C2SP tlog-witness), with the proof from the size that the witness cosigned last.
 *
 * @param from - size of the last checkpoint that this witness cosigned, as far as we know; 0 for none
 */
export async function submitCheckpoint(
  log: ReadLog,
  from: number,
  to: { readonly witness: Witness; readonly ask: AskWitness; readonly now: Instant },
): Promise<Submission> {
  let oldSize = Math.min(from, log.head.size);
  for (let requests = 0; requests < REQUESTS_MAX; requests += 1) {
    const reply = await to.ask(consistencyText(oldSize, log.proveConsistency(oldSize), log.note));
    if (reply.status === 'late') return { outcome: 'unanswered', why: 'late' };
    if (reply.status === 200) return accept(log, reply.body, to);
    if (reply.status === 422) return { outcome: 'forked', why: 'not-an-extension' };
    if (reply.status !== 409) return { outcome: 'unanswered', why: `status-${reply.status}` };
    const size = sizeOf(reply);
    // Of a root that differs the witness says no size, and it can differ only where the size does not.
    if (size === undefined && oldSize === log.head.size) return { outcome: 'forked', why: 'another-root' };
    if (size === undefined) return { outcome: 'unanswered', why: 'no-size' };
    if (size > log.head.size) return { outcome: 'forked', why: 'witness-is-ahead' };
    oldSize = size;
  }
  return { outcome: 'unanswered', why: 'size-changes' };
}

/** What a witness says that it cosigned last; parameters of the media type say nothing about it. */
function sizeOf({ type, body }: Exclude<WitnessReply, { status: 'late' }>): number | undefined {
  const [, size] = PLAUSIBLE_SIZE.exec(Buffer.from(body).toString('latin1')) ?? [];
  return size !== undefined && /^text\/x\.tlog\.size\s*(;|$)/i.test(type) ? Number(size) : undefined;
}

/** Only a signature by the witness's own key over this very checkpoint is one. */
function accept(
  { note, head }: ReadLog,
  lines: Uint8Array,
  { witness, now }: { readonly witness: Witness; readonly now: Instant },
): Submission {
  const cosigned = `${note}${Buffer.from(lines).toString('utf8')}`;
  const at = cosignedAt(Buffer.from(cosigned), witness);
  const isPlausible = at.ok && at.value <= now / 1_000 + AHEAD_SECONDS_MAX;
  return isPlausible
    ? { outcome: 'cosigned', note: cosigned, size: head.size, seconds: at.value }
    : { outcome: 'unanswered', why: 'no-cosignature' };
}
