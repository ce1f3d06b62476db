import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint, type TreeHead } from './checkpoint.ts';
import { cosignedAt, type Witness } from './cosignature.ts';
import { syncNames, writeDurably } from './durable-file.ts';
import type { ReadLogOptions } from './read-log.ts';
import { COSIGNATURE, noteKeyId } from './signed-note.ts';

/** Beside the logs: for each log and witness the newest checkpoint that it cosigned. */
export const COSIGNED_DIRECTORY = 'witness';

/** A checkpoint of a log under the signatures of the log and of a witness. */
export interface CosignedHead {
  readonly head: TreeHead;
  /** Since 1970 UTC. */
  readonly seconds: number;
}

export type CosignedFault = 'absent' | 'not-cosigned';

/** @param name - of the log: `operations` and the like */
export function cosignedFile(logs: string, name: string, { name: witness, publicKey }: Witness): string {
  const keyId = Buffer.from(noteKeyId(witness, publicKey, COSIGNATURE)).toString('hex');
  return join(logs, COSIGNED_DIRECTORY, `${name}-${keyId}.checkpoint`);
}

/** Replaces the file by one rename, durably. @throws the system's error */
export function keepCosigned(logs: string, file: string, note: string): void {
  mkdirSync(join(logs, COSIGNED_DIRECTORY), { recursive: true, mode: 0o750 });
  const staging = `${file}.tmp`;
  writeDurably(staging, Buffer.from(note));
  renameSync(staging, file);
  syncNames(join(logs, COSIGNED_DIRECTORY));
}

/** The newest checkpoint of a log that a witness cosigned: both signatures are verified. */
export function readCosigned(
  file: string,
  log: Pick<ReadLogOptions, 'origin' | 'publicKey'>,
  witness: Witness,
): Result<CosignedHead, CosignedFault> {
  if (!existsSync(file)) return fail('absent');
  const note = readFileSync(file);
  const head = openCheckpoint(note, log);
  const at = cosignedAt(note, witness);
  return head.ok && at.ok ? ok({ head: head.value, seconds: at.value }) : fail('not-cosigned');
}
