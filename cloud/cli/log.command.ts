import { readFileSync } from 'node:fs';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type EvidenceReport, verifyEvidence } from '../audit/verify-evidence.ts';
import { keptRules } from '../inspection/kept-rules.ts';
import { openCheckpoint, type TreeHead } from '../log/checkpoint.ts';
import { combinedRoot } from '../log/combined-root.ts';
import { readLeaves } from '../log/read-leaves.ts';
import { verifyLog } from '../log/verify.ts';
import { verifyBundle } from '../log/verify-bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { RuleBook } from '../transfer/rule-book.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { type Installation, type InstallationPlace, type LogPlace, readInstallation } from './log-installation.ts';
import { readWitnessed, toldOf } from './log-witnessed.ts';

export interface LogVerifyArgs extends InstallationPlace {
  /** What `log bundle` or `report inspection` wrote, in place of an installation. */
  readonly bundle?: string;
  readonly json: boolean;
  /** Checkpoints that were kept elsewhere; each has to be one of the past of its log. */
  readonly heads?: readonly string[];
  /** Verifier keys of witnesses, or files of them; each has to have cosigned a past of each log. */
  readonly witnesses?: readonly string[];
}

export interface LogVerifyIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly note?: NoteProgress;
}

/**
 * `tongguan log verify --data DIR | --config FILE [--head FILE...] [--witness KEY...] [--json]`: derives the three logs again from disk, every verdict from
 * its facts, and each transfer from verdict to receipt. With `--bundle DIR` in its place: the logs of a bundle, from the bundle alone.
 *
 * @returns 0 everything holds, 1 something does not, 2 the installation cannot be read
 */
export function logVerifyCommand({ bundle, ...args }: LogVerifyArgs, io: LogVerifyIo): ExitStatus {
  const places = [args.data, args.config, bundle].filter((place) => place !== undefined);
  const isBundle = bundle !== undefined && !args.heads?.length && !args.witnesses?.length;
  if (places.length !== 1 || (bundle !== undefined && !isBundle)) {
    io.err(renderFault('log', verifyUsage()));
    return EXIT.usage;
  }
  return isBundle ? verifyBundleCommand(bundle, args.json, io) : verifyInstallation(args, io);
}

function verifyInstallation(args: Omit<LogVerifyArgs, 'bundle'>, io: LogVerifyIo): ExitStatus {
  const installation = readInstallation(args, io);
  if (!installation.ok) {
    io.err(renderFault('log', installation.fault));
    return EXIT.usage;
  }
  const heads: { name: string; rootHash: Uint8Array; size: number }[] = [];
  const faults: Fault[] = [];
  const kept = readKept(args.heads ?? [], installation.value.logs);
  if (!kept.ok) {
    io.err(renderFault('log', kept.fault));
    return EXIT.usage;
  }
  const witnessed = readWitnessed(args.witnesses ?? [], installation.value);
  if (!witnessed.ok) {
    io.err(renderFault('log', witnessed.fault));
    return EXIT.usage;
  }
  faults.push(...witnessed.value.faults);
  for (const place of installation.value.logs) {
    const cosigned = witnessed.value.heads.filter(({ log }) => log === place.name).map(({ head }) => head);
    const seen = (entries: number, size: number): void => io.note?.({ step: place.name, share: entries / size });
    const keptHeads = [...(kept.value.get(place.name) ?? []), ...cosigned];
    const verified = verifyLog({ ...place, keptHeads, seen });
    if (verified.ok) heads.push({ name: place.name, ...verified.value });
    else faults.push(...verified.fault);
  }
  const rules = keptRules(installation.value.logDirectory);
  faults.push(...rules.faults);
  const isWhole = faults.length === 0;
  const evidence = isWhole ? followEvidence(installation.value, heads, rules.books) : NO_EVIDENCE;
  const isGood = isWhole && evidence.findings.length === 0;
  for (const fault of faults) io.err(renderFault('log', fault));
  for (const { log, index, transferId, finding } of evidence.findings) {
    io.err(`log: error: ${log} entry ${index} of transfer ${transferId}: ${finding} [EVIDENCE]`);
  }
  const report = {
    ok: isGood,
    log: combined(heads),
    logs: byName(heads),
    witnessed: toldOf(witnessed.value),
    ...evidence,
    faults,
  };
  if (args.json) io.out(JSON.stringify(report));
  else io.out(sentence(isGood, evidence, heads.length));
  return isGood ? EXIT.done : EXIT.fault;
}

/** What the bundle cannot say: whether its keys are the ones that were given out before. */
function verifyBundleCommand(bundle: string, json: boolean, io: LogVerifyIo): ExitStatus {
  const verified = verifyBundle(bundle);
  if (!verified.ok) io.err(renderFault('log', verified.fault));
  const logs = verified.ok ? verified.value : [];
  if (json) io.out(JSON.stringify({ ok: verified.ok, logs, faults: verified.ok ? [] : [verified.fault] }));
  else
    for (const { name, first, end, size, verifierKey } of logs)
      io.out(`${name}: entries ${first} to ${end} of ${size} hold under ${verifierKey}`);
  return verified.ok ? EXIT.done : EXIT.fault;
}

const verifyUsage = (): Fault<'LOG_VERIFY'> => ({
  code: 'LOG_VERIFY',
  problem: bilingual(
    'name one of `--data`, `--config` and `--bundle`, and `--head` and `--witness` not beside `--bundle`',
    '请指定 `--data`、`--config`、`--bundle` 之一；`--head`、`--witness` 不得与 `--bundle` 同用',
  ),
  remedy: bilingual(
    'the data directory of `tongguan up`, the cloud.yaml of another installation, or what `log bundle` or `report inspection` wrote',
    '`tongguan up` 的数据目录，其他安装的 cloud.yaml，或 `log bundle`、`report inspection` 的输出目录',
  ),
  retry: 'after-remedy',
});

const NO_EVIDENCE: EvidenceReport = { verdicts: 0, permits: 0, deliveries: 0, findings: [] };

function sentence(isGood: boolean, { verdicts, permits, deliveries }: EvidenceReport, logs: number): string {
  const counts = `${logs} log(s), ${verdicts} verdict(s), ${permits} permit(s), ${deliveries} delivery(ies)`;
  return isGood ? `everything holds: ${counts} derived again from disk` : `NOT everything holds: ${counts}`;
}

function followEvidence(
  { logs, permitKeys, recipientKeys }: Installation,
  heads: readonly { name: string; size: number }[],
  books: readonly RuleBook[],
): EvidenceReport {
  const leavesOf = (name: string) => {
    const place = logs.find((one) => one.name === name);
    const head = heads.find((one) => one.name === name);
    return place === undefined || head === undefined ? [] : readLeaves(place.directory, head.size);
  };
  return verifyEvidence(leavesOf('operations'), leavesOf('traffic'), { permitKeys, recipientKeys }, books);
}

function combined(heads: readonly { name: string; rootHash: Uint8Array; size: number }[]) {
  const size = heads.reduce((total, head) => total + head.size, 0);
  return { size, root: Buffer.from(combinedRoot(heads)).toString('hex') };
}

function byName(heads: readonly { name: string; rootHash: Uint8Array; size: number }[]) {
  return Object.fromEntries(
    heads.map(({ name, size, rootHash }) => [name, { size, root: Buffer.from(rootHash).toString('hex') }]),
  );
}

/** Kept checkpoints by the log whose name and key they bear. */
function readKept(files: readonly string[], places: readonly LogPlace[]): Result<Map<string, TreeHead[]>, Fault> {
  const kept = new Map<string, TreeHead[]>();
  for (const file of files) {
    const bytes = readIfThere(file);
    if (bytes === undefined) return fail(headUnusable());
    const opened = places.flatMap((place) => {
      const head = openCheckpoint(bytes, place);
      return head.ok ? [{ name: place.name, head: head.value }] : [];
    })[0];
    if (opened === undefined) return fail(headUnusable());
    kept.set(opened.name, [...(kept.get(opened.name) ?? []), opened.head]);
  }
  return ok(kept);
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const headUnusable = (): Fault<'LOG_HEAD'> => ({
  code: 'LOG_HEAD',
  problem: bilingual('a kept head is no checkpoint signed by any log here', '所保存的树头不是此处任何日志签署的检查点'),
  remedy: bilingual(
    'name copies of the files `checkpoint` of these logs; if it is one, somebody else holds this name with another key',
    '请指定这些日志的 `checkpoint` 文件副本；若确为副本，则该名称已被换用其他密钥',
  ),
  retry: 'after-remedy',
});
