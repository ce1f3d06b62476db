import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type EvidenceReport, verifyEvidence } from '../audit/verify-evidence.ts';
import { CloudConfig } from '../config.ts';
import { combinedRoot } from '../log/combined-root.ts';
import { readLeaves } from '../log/read-leaves.ts';
import { verifyLog } from '../log/verify.ts';
import type { RuleBook } from '../transfer/rule-book.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { keptRules } from './kept-rules.ts';

export interface LogVerifyArgs {
  /** Data directory of `tongguan up`; names the files below where nothing else does. */
  readonly data: string;
  readonly json: boolean;
}

export type LogVerifyIo = Pick<RoleSurroundings, 'environment' | 'out' | 'err'>;

interface LogPlace {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  readonly publicKey: KeyObject;
}

/**
 * `tongguan log verify --data DIR [--json]`: derives the three logs again from disk, every verdict from its facts, and
 * each transfer from verdict to receipt.
 *
 * @returns 0 everything holds, 1 something does not, 2 the installation cannot be read
 */
export function logVerifyCommand(args: LogVerifyArgs, io: LogVerifyIo): ExitStatus {
  const installation = readInstallation(args.data, io);
  if (!installation.ok) {
    io.err(renderFault('log', installation.fault));
    return EXIT.usage;
  }
  const heads: { name: string; rootHash: Uint8Array; size: number }[] = [];
  const faults: Fault[] = [];
  for (const place of installation.value.logs) {
    const verified = verifyLog(place);
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
  const report = { ok: isGood, log: combined(heads), logs: byName(heads), ...evidence, faults };
  if (args.json) io.out(JSON.stringify(report));
  else io.out(sentence(isGood, evidence, heads.length));
  return isGood ? EXIT.done : EXIT.fault;
}

const NO_EVIDENCE: EvidenceReport = { verdicts: 0, permits: 0, deliveries: 0, findings: [] };

function sentence(isGood: boolean, { verdicts, permits, deliveries }: EvidenceReport, logs: number): string {
  const counts = `${logs} log(s), ${verdicts} verdict(s), ${permits} permit(s), ${deliveries} delivery(ies)`;
  return isGood ? `everything holds: ${counts} derived again from disk` : `NOT everything holds: ${counts}`;
}

interface Installation {
  readonly logs: readonly LogPlace[];
  /** Directory of the cloud's logs; operator's files of rules are kept in it. */
  readonly logDirectory: string;
  readonly permitKey: KeyObject;
  readonly recipientKeys: ReadonlyMap<string, KeyObject>;
}

function followEvidence(
  { logs, permitKey, recipientKeys }: Installation,
  heads: readonly { name: string; size: number }[],
  books: readonly RuleBook[],
): EvidenceReport {
  const leavesOf = (name: string) => {
    const place = logs.find((one) => one.name === name);
    const head = heads.find((one) => one.name === name);
    return place === undefined || head === undefined ? [] : readLeaves(place.directory, head.size);
  };
  return verifyEvidence(leavesOf('operations'), leavesOf('traffic'), { permitKey, recipientKeys }, books);
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

/** Reads where the logs lie and the public halves of their keys; a private key is taken for its public half. */
function readInstallation(data: string, io: LogVerifyIo): Result<Installation, Fault> {
  const loaded = readConfig(CloudConfig, join(data, 'config', 'cloud.yaml'), 'cloud', io.environment);
  if (!loaded.ok) return fail(loaded.fault[0] ?? unreadable('no configuration'));
  const { config, path } = loaded.value;
  try {
    const key = (file: string): KeyObject => createPublicKey(readFileSync(file));
    const own = key(path(config.log.signingKeyFile));
    const cloudLog = (name: string) => ({
      name,
      directory: join(path(config.log.directory), name),
      origin: `${config.log.origin}/${name}`,
      publicKey: own,
    });
    const traffic = {
      name: 'traffic',
      directory: join(data, 'exporter', 'log', 'traffic'),
      origin: `${config.log.origin}/traffic`,
      publicKey: key(join(data, 'exporter', 'log.pub')),
    };
    return ok({
      logs: [cloudLog('operations'), cloudLog('alerts'), traffic],
      logDirectory: path(config.log.directory),
      permitKey: key(path(config.border.permitKeyFile)),
      recipientKeys: new Map(
        config.recipients.map(({ id, certificateFile }) => [
          id,
          new X509Certificate(readFileSync(path(certificateFile))).publicKey,
        ]),
      ),
    });
  } catch (cause) {
    return fail(unreadable(causeText(cause)));
  }
}

function unreadable(cause: string): Fault<'INSTALLATION_UNREADABLE'> {
  return {
    code: 'INSTALLATION_UNREADABLE',
    problem: bilingual(`the installation cannot be read: ${cause}`, `无法读取安装目录：${cause}`),
    remedy: bilingual('name the data directory that `tongguan up` was given', '请指定 `tongguan up` 使用的数据目录'),
    retry: 'after-remedy',
  };
}
