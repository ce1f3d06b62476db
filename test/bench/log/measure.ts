import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES_FILE } from '../../../cloud/log/entry-file.ts';
import { createLog, openLog } from '../../../cloud/log/open-log.ts';
import { verifyLog } from '../../../cloud/log/verify.ts';
import type { Instant } from '../../../proto/words/time.ts';

export interface LogFigures {
  readonly entries: number;
  readonly bytesEach: number;
  /** By the clock, and of CPU: on a machine that does other work the first says little. */
  readonly appendedPerSecond: number;
  readonly appendedPerCpuSecond: number;
  readonly verifiedPerSecond: number;
  readonly verifiedPerCpuSecond: number;
  readonly openMs: number;
}

/** One group commit: what the cloud may hand over at once. */
const GROUP = 1_024;

/** An entry as the exporter writes one for a connection, about 300 bytes of leaf. */
const entryOf = (n: number) => ({
  kind: 'connection',
  transferId: `t-${String(n).padStart(12, '0')}`,
  actor: 'exporter',
  document: {
    applicationProtocol: 'HTTP/1.1',
    bytesRead: 1_024 + n,
    bytesWritten: 65_536 + n,
    closedAt: '2026-11-20T08:00:05.123+08:00',
    localAddress: '10.20.30.40',
    localPort: 40_000 + (n % 20_000),
    openedAt: '2026-11-20T08:00:04.001+08:00',
    remoteAddress: '198.51.100.7',
    remotePort: 443,
    transportProtocol: 'TCP',
  },
});

/** Appends in group commits, one signed head each, then verifies from the files and opens again. */
export function measureLog(scratch: string, groups: number): LogFigures {
  const directory = join(scratch, 'log');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const { privateKey: signingKey, publicKey } = generateKeyPairSync('ed25519');
  const options = {
    directory,
    origin: 'bench.example/traffic',
    signingKey,
    publicKey,
    clock: { now: () => 1 as Instant },
  };
  const created = createLog(options);
  if (!created.ok) throw new Error(created.fault.problem.en);
  const entries = groups * GROUP;
  let appending = { ms: 0, cpuMs: 0 };
  for (let group = 0; group < groups; group += 1) {
    const batch = Array.from({ length: GROUP }, (_, at) => entryOf(group * GROUP + at));
    const watch = startWatch();
    if (!created.value.append(batch).ok) throw new Error('the disk did not take it');
    const took = watch();
    appending = { ms: appending.ms + took.ms, cpuMs: appending.cpuMs + took.cpuMs };
  }
  created.value.close();
  const watch = startWatch();
  const verified = verifyLog(options);
  const verifying = watch();
  if (!verified.ok || verified.value.size !== entries) throw new Error('the log does not verify');
  const openStart = performance.now();
  const opened = openLog(options);
  const openMs = performance.now() - openStart;
  if (!opened.ok) throw new Error(opened.fault.problem.en);
  opened.value.close();
  const bytesEach = statSync(join(directory, ENTRIES_FILE)).size / entries;
  rmSync(directory, { recursive: true });
  return {
    entries,
    bytesEach,
    appendedPerSecond: (1_000 * entries) / appending.ms,
    appendedPerCpuSecond: (1_000 * entries) / appending.cpuMs,
    verifiedPerSecond: (1_000 * entries) / verifying.ms,
    verifiedPerCpuSecond: (1_000 * entries) / verifying.cpuMs,
    openMs,
  };
}

function startWatch(): () => { readonly ms: number; readonly cpuMs: number } {
  const start = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
  };
}
