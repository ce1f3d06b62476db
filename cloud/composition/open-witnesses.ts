import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { askWitness } from '../adapters/witness-client.ts';
import type { CloudConfig } from '../config/config.ts';
import type { Witness } from '../log/cosignature.ts';
import { cosignedFile, keepCosigned, readCosigned } from '../log/cosigned-files.ts';
import { type ReadLogOptions, readLog } from '../log/read-log.ts';
import { COSIGNATURE, parseVerifierKey } from '../log/signed-note.ts';
import { type AskWitness, type Submission, submitCheckpoint } from '../log/submit-checkpoint.ts';
import { CLOUD_LOGS } from './open-logs.ts';

/** How often heads are looked at for what nobody has cosigned yet. */
export const WITNESS_EVERY_MS = 60_000;

/** Longest pause after a witness that does not answer; it doubles from one look to this. */
const PAUSE_MS_MAX = HOUR_MS;

export interface OpenWitnesses {
  /** Submits what is new, to each witness for itself. Nobody waits for it, and it never throws. */
  readonly look: () => Promise<void>;
}

type Around = Pick<RoleSurroundings, 'clock' | 'fault'> & {
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
};

interface Pair {
  readonly log: ReadLogOptions & { readonly name: string };
  readonly witness: Witness & { readonly ask: AskWitness };
  readonly file: string;
  isAsked: boolean;
  notBefore: number;
  pauseMs: number;
}

/**
 * Has tree heads cosigned, apart from the logs: heads are read from disk as anybody could, so that a witness that is slow or gone delays no
 * entry. What a witness says against a log is an alert.
 *
 * @throws Error for a key of the configuration that cannot be read
 */
export function openWitnesses({ config, path }: LoadedConfig<CloudConfig>, around: Around): OpenWitnesses {
  const { log, monitoring } = config;
  const directory = path(log.directory);
  const publicKey = createPublicKey(createPrivateKey(readFileSync(path(log.signingKeyFile))));
  const own = CLOUD_LOGS.map((name) => ({
    ...{ name, directory: join(directory, name), origin: `${log.origin}/${name}`, publicKey },
  }));
  const { trafficLog } = monitoring ?? {};
  const traffic = trafficLog && {
    ...{ name: 'traffic', directory: path(trafficLog.directory), origin: `${log.origin}/traffic` },
    publicKey: createPublicKey(readFileSync(path(trafficLog.publicKeyFile))),
  };
  const pairs = (log.witnesses ?? []).flatMap(({ url, address, authorityFile, keyFile }): Pair[] => {
    const known = parseVerifierKey(readFileSync(path(keyFile), 'utf8').trim(), COSIGNATURE);
    if (known === undefined) throw new Error(`${keyFile}: expected a verifier key of a witness`);
    const witness = {
      ...known,
      ask: askWitness({ url, address, authority: readFileSync(path(authorityFile), 'utf8') }),
    };
    return [...own, ...(traffic === undefined ? [] : [traffic])].map((one) => ({
      ...{ log: one, witness, file: cosignedFile(directory, one.name, witness) },
      ...{ isAsked: false, notBefore: 0, pauseMs: WITNESS_EVERY_MS },
    }));
  });
  return {
    look: async () => {
      await Promise.all(pairs.map((pair) => lookAt(pair, directory, around)));
    },
  };
}

async function lookAt(pair: Pair, directory: string, around: Around): Promise<void> {
  const now = around.clock.now();
  if (pair.isAsked || now < pair.notBefore) return;
  pair.isAsked = true;
  try {
    const submitted = await submit(pair, now);
    if (submitted?.outcome === 'cosigned') keepCosigned(directory, pair.file, submitted.note);
    settle(pair, submitted, around);
  } catch (cause) {
    // A disk or a file: the log itself is not touched by it, and whoever watches over the log tells.
    settle(pair, { outcome: 'unanswered', why: cause instanceof Error ? cause.name : 'unknown' }, around);
  } finally {
    pair.isAsked = false;
  }
}

/** Undefined when there is nothing new. */
async function submit({ log, witness, file }: Pair, now: Instant): Promise<Submission | undefined> {
  const opened = readLog(log);
  // Damage of a log is found by those who read it.
  if (!opened.ok) return undefined;
  try {
    const last = readCosigned(file, log, witness);
    const from = last.ok ? last.value.head.size : 0;
    const { head } = opened.value;
    if (last.ok && from === head.size) {
      const isSame = Buffer.compare(last.value.head.rootHash, head.rootHash) === 0;
      return isSame ? undefined : { outcome: 'forked', why: 'another-root' };
    }
    return await submitCheckpoint(opened.value, from, { witness, ask: witness.ask, now });
  } finally {
    opened.value.close();
  }
}

function settle(pair: Pair, submitted: Submission | undefined, { clock, fault, alert }: Around): void {
  const { log, witness } = pair;
  const isGood = submitted === undefined || submitted.outcome === 'cosigned';
  pair.pauseMs = isGood ? WITNESS_EVERY_MS : Math.min(PAUSE_MS_MAX, pair.pauseMs * 2);
  pair.notBefore = isGood ? 0 : clock.now() + pair.pauseMs;
  if (isGood) return;
  if (submitted.outcome === 'unanswered') fault(unanswered(witness.name, submitted.why));
  else alert({ code: 'LOG_TAMPERED', subject: log.name, found: { witness: witness.name, because: submitted.why } });
}

function unanswered(name: string, why: string): Fault<'WITNESS_UNANSWERED'> {
  return {
    code: 'WITNESS_UNANSWERED',
    problem: bilingual(`witness \`${name}\` did not cosign: ${why}`, `见证方 \`${name}\` 未联署：${why}`),
    remedy: bilingual(
      'check `log.witnesses` and whether the witness runs; the logs go on, and it is asked again',
      '请检查 `log.witnesses` 及见证方是否运行；日志照常写入，稍后自动重试',
    ),
    retry: 'later',
  };
}
