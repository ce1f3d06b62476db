import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { writeAllWhole } from '../../proto/config/write-whole.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { openCheckpoint, type TreeHead } from '../log/checkpoint.ts';
import { logNoEntry } from '../log/faults.ts';
import { TILE_ENTRIES } from '../log/merkle.ts';
import { verifyConsistency } from '../log/proof.ts';
import { consistencyText, inclusionText, PROOF_EXTENSION } from '../log/proof-text.ts';
import { type ReadLog, readLog } from '../log/read-log.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { type InstallationPlace, type LogPlace, type LogReadIo, readInstallation } from './log-installation.ts';

export interface LogProveArgs extends InstallationPlace {
  readonly log: string;
  readonly index?: string;
  /** A transfer: all its entries. */
  readonly entry?: string;
  /** A checkpoint kept earlier. */
  readonly since?: string;
  readonly out: string;
  readonly json: boolean;
}

/** Entries of one transfer that are proved at once. */
const PROOFS_MAX = 1_000;

/**
 * `tongguan log prove --log NAME --index N | --entry TRANSFER | --since FILE --out DIR`: for each entry its leaf and a C2SP
 * tlog-proof; since an earlier head, the proof that the log extends it.
 *
 * @returns 0 written, 1 a fault (no such entry, the log does not extend that head), 2 usage or installation, 3 whoever runs it may
 *   not read here
 */
export async function logProveCommand(args: LogProveArgs, io: LogReadIo): Promise<ExitStatus> {
  const refuse = (fault: Fault, status: ExitStatus): ExitStatus => {
    io.err(renderFault('log', fault));
    return status;
  };
  const installation = readInstallation(args, io);
  if (!installation.ok) return refuse(installation.fault, EXIT.usage);
  const place = installation.value.logs.find(({ name }) => name === args.log);
  const asked = [args.index, args.entry, args.since].filter((one) => one !== undefined).length;
  if (place === undefined || asked !== 1) return refuse(proveUsage(), EXIT.usage);
  const { index = null, entry = null, since } = args;
  const detail = { log: args.log, index, entry, since: since === undefined ? null : 'a kept head' };
  const granted = await io.access(installation.value.loaded, { detail });
  if (!granted.ok) return refuse(granted.fault, EXIT.withheld);
  const log = readLog(place);
  if (!log.ok) return refuse(log.fault, EXIT.fault);
  try {
    const proved =
      args.since === undefined ? proveEntries(args, place, log.value) : proveSince(args.since, place, log.value);
    if (!proved.ok) return refuse(proved.fault, EXIT.fault);
    makeDirectory(args.out);
    writeAllWhole(proved.value.map(({ name, bytes }) => ({ path: join(args.out, name), content: bytes })));
    const files = proved.value.map(({ name }) => name);
    const { size, rootHash } = log.value.head;
    if (args.json) io.out(JSON.stringify({ files, size, root: Buffer.from(rootHash).toString('hex') }));
    else for (const name of files) io.out(join(args.out, name));
    return EXIT.done;
  } catch (cause) {
    return refuse(proofUnwritten(causeText(cause)), EXIT.fault);
  } finally {
    log.value.close();
  }
}

interface ProofFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function proveEntries(
  { index, entry }: LogProveArgs,
  { name }: LogPlace,
  log: ReadLog,
): Result<readonly ProofFile[], Fault> {
  const indexes = index === undefined ? entriesOf(entry ?? '', log) : [Number(index)];
  const missing = indexes.find((at) => !Number.isSafeInteger(at) || at < 0 || at >= log.head.size);
  if (missing !== undefined || indexes.length === 0) return fail(logNoEntry(missing ?? -1, log.head.size));
  return ok(
    indexes.flatMap((at) => {
      const leaf = log.leavesOf(Math.floor(at / TILE_ENTRIES))[at % TILE_ENTRIES] ?? Buffer.alloc(0);
      const text = inclusionText(at, log.proveInclusion(at), log.note);
      return [
        { name: `${name}-${at}${PROOF_EXTENSION}`, bytes: Buffer.from(text) },
        { name: `${name}-${at}.leaf`, bytes: leaf },
      ];
    }),
  );
}

function entriesOf(transferId: string, log: ReadLog): readonly number[] {
  const found: number[] = [];
  for (const { index, leaf } of log.entries()) {
    if (leaf.transferId !== transferId || transferId === '') continue;
    found.push(index);
    if (found.length === PROOFS_MAX) break;
  }
  return found;
}

function proveSince(file: string, place: LogPlace, log: ReadLog): Result<readonly ProofFile[], Fault> {
  const kept = openCheckpoint(readFileSync(file), place);
  if (!kept.ok || !isPast(kept.value, log)) return fail(notExtended());
  const text = consistencyText(kept.value.size, log.proveConsistency(kept.value.size), log.note);
  const name = `${place.name}-${kept.value.size}-${log.head.size}.consistency`;
  return ok([{ name, bytes: Buffer.from(text) }]);
}

/** A proof that does not lead from one head to the other is not handed out. */
function isPast({ size, rootHash }: TreeHead, log: ReadLog): boolean {
  if (size > log.head.size) return false;
  return verifyConsistency({
    oldSize: size,
    oldRoot: rootHash,
    size: log.head.size,
    rootHash: log.head.rootHash,
    proof: log.proveConsistency(size),
  });
}

const proveUsage = (): Fault<'LOG_PROVE'> => ({
  code: 'LOG_PROVE',
  problem: bilingual('no such log, or not exactly one thing to prove', '没有该日志，或未恰好指定一项证明对象'),
  remedy: bilingual(
    'name `operations`, `alerts` or `traffic`, and one of `--index`, `--entry` and `--since`',
    '请指定 `operations`、`alerts` 或 `traffic`，并在 `--index`、`--entry`、`--since` 中选其一',
  ),
  retry: 'after-remedy',
});

const notExtended = (): Fault<'LOG_NOT_EXTENDED'> => ({
  code: 'LOG_NOT_EXTENDED',
  problem: bilingual(
    'the log does not extend this head: it was put back, rewritten, or the head is of another log',
    '日志并非由该树头延续而来：日志被回退或改写，或该树头属于其他日志',
  ),
  remedy: bilingual(
    'keep both as evidence and find out who changed the log; see `tongguan log verify --head`',
    '保留两者作为证据并查明改动来源；参见 `tongguan log verify --head`',
  ),
  retry: 'after-remedy',
});

const proofUnwritten = (cause: string): Fault<'LOG_PROOF_UNWRITTEN'> => ({
  code: 'LOG_PROOF_UNWRITTEN',
  problem: bilingual(`the proof cannot be made: ${cause}`, `无法生成证明：${cause}`),
  remedy: bilingual(
    'check `--out` and `--since`, then run `tongguan log verify`',
    '请检查 `--out` 与 `--since`，再运行 `tongguan log verify`',
  ),
  retry: 'after-remedy',
});
