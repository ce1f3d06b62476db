import { hash, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../proto/words/time.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { CHECKPOINT_FILE, readCheckpointFile, replaceCheckpointFile, syncNewDirectories } from './checkpoint-file.ts';
import { cosign, type Witness } from './cosignature.ts';
import { EMPTY_ROOT, HASH_BYTES } from './merkle.ts';
import { verifyConsistency } from './proof.ts';
import { NOTE_BYTES_MAX, parseBase64, splitNote } from './signed-note.ts';

/** C2SP tlog-witness: a client sends no more. */
const PROOF_LINES_MAX = 63;

/** Of a request: a checkpoint, and a proof of so many lines. */
export const WITNESS_REQUEST_BYTES_MAX = NOTE_BYTES_MAX + 4_096;

export interface WitnessOptions {
  /** Holds the last checkpoint that was cosigned of each log; it must exist. One process writes to it. */
  readonly directory: string;
  readonly signer: Witness & { readonly signingKey: KeyObject };
  /** Keys of the logs that are witnessed, by origin. */
  readonly logs: ReadonlyMap<string, KeyObject>;
  readonly clock: Clock;
}

/** An answer of C2SP tlog-witness. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/**
 * A witness of logs: cosigns a checkpoint only if it extends the last one that it cosigned of this log. What it cosigned is durable before it
 * says so; it looks, writes and answers in one step, so that no two requests can come between.
 *
 * @returns what `add-checkpoint` answers to a body
 * @throws the system's error when its own files cannot be read or written: then nothing was cosigned
 */
export function createWitness({ directory, signer, logs, clock }: WitnessOptions): (body: Uint8Array) => WitnessAnswer {
  return (body) => {
    const request = parseRequest(body);
    if (request === undefined) return refusal(400);
    const { oldSize, proof, note, origin } = request;
    const publicKey = logs.get(origin);
    if (publicKey === undefined) return refusal(404);
    const opened = openCheckpoint(note, { origin, publicKey });
    if (!opened.ok) return refusal(opened.fault === 'checkpoint-signature' ? 403 : 400);
    const { size, rootHash } = opened.value;
    if (oldSize > size || (oldSize === 0 && proof.length > 0)) return refusal(400);
    const place = join(directory, directoryOf(origin));
    const last = lastOf(place, { origin, publicKey });
    if (last.size !== oldSize) return { status: 409, type: 'text/x.tlog.size', body: `${last.size}\n` };
    if (size === oldSize && Buffer.compare(rootHash, last.rootHash) !== 0) return refusal(409);
    const isExtended = oldSize === 0 || verifyConsistency({ oldSize, oldRoot: last.rootHash, size, rootHash, proof });
    if (!isExtended) return refusal(422);
    const line = cosign(request.text, Math.floor(clock.now() / 1_000), signer);
    keep(place, `${note}${line}`);
    return { status: 200, type: 'text/plain; charset=utf-8', body: line };
  };
}

/** The last checkpoint that was cosigned; of a log that is new, an empty one. @throws Error for a file that was changed */
function lastOf(place: string, log: { readonly origin: string; readonly publicKey: KeyObject }): TreeHead {
  if (!existsSync(join(place, CHECKPOINT_FILE))) return { size: 0, rootHash: EMPTY_ROOT };
  const opened = openCheckpoint(readCheckpointFile(place), log);
  // A state that cannot be read must not look like that of a new log.
  if (!opened.ok) throw new Error(`the checkpoint kept in ${place} is not what was cosigned: ${opened.fault}`);
  return opened.value;
}

function keep(place: string, note: string): void {
  const created = mkdirSync(place, { recursive: true, mode: 0o750 });
  if (created !== undefined) syncNewDirectories(place, created);
  replaceCheckpointFile(place, note);
}

/** An origin may hold slashes and anything else but spaces. */
export const directoryOf = (origin: string): string => hash('sha256', origin, 'hex').slice(0, 32);

interface Request {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint with its signatures. */
  readonly note: Buffer;
  readonly text: string;
  readonly origin: string;
}

/** `old N`, lines of hashes, an empty line, a checkpoint. */
function parseRequest(body: Uint8Array): Request | undefined {
  const bytes = Buffer.from(body);
  const blank = bytes.indexOf('\n\n');
  if (blank < 0 || bytes.length > WITNESS_REQUEST_BYTES_MAX) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, blank).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  const proof = lines.flatMap((line) => hashOf(line) ?? []);
  const note = bytes.subarray(blank + 2);
  const split = splitNote(note);
  const origin = split?.text.split('\n')[0];
  const oldSize = Number(digits ?? Number.NaN);
  const isWhole = lines.length <= PROOF_LINES_MAX && proof.length === lines.length && Number.isSafeInteger(oldSize);
  return split !== undefined && origin !== undefined && isWhole
    ? { oldSize, proof, note, text: split.text, origin }
    : undefined;
}

function hashOf(line: string): Uint8Array | undefined {
  const decoded = parseBase64(line);
  return decoded?.length === HASH_BYTES ? decoded : undefined;
}

function refusal(status: Exclude<WitnessAnswer['status'], 200>): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${REASONS[status]}\n` };
}

const REASONS = {
  400: 'not a request of tlog-witness',
  403: 'no signature of the log verifies',
  404: 'this log is not witnessed here',
  409: 'the log has another root at this size than was cosigned: a fork',
  422: 'the proof does not lead from the last cosigned checkpoint to this one',
} as const;
