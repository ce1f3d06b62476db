import { measureCapture, measureIndex, UPLOAD_MEGABYTES } from './capture/capture.ts';
import type { Upload } from './export/bare-upload.ts';
import { measureExport } from './export/export.ts';
import { measurePull } from './export/pull.ts';
import { measureLog } from './log/measure.ts';
import { count, ratio, say } from './say.ts';
import type { DecideReport } from './verdicts/orders.ts';
import { measureVerdicts } from './verdicts/verdicts.ts';

export async function verdicts(): Promise<void> {
  const books = { persons: 1_000_000, rows: 10_000, verdicts: 2_000 };
  const figures = await measureVerdicts('build/bench-verdicts', books);
  say(
    `verdicts beside ${count(figures.api.before)} persons counted and ${count(books.rows)} register rows, parcels of 1,000 persons (${figures.api.decision}):`,
  );
  sayDecided('a process as `--role api` is started', figures.api);
  sayDecided('one that is started to take frames in as well', figures.all);
  say(
    `  counting: ${count(figures.personsPerSecond)} persons/s reserved and committed, ${count(figures.personsPerSecondInAll)} with the parts of anti-splitting written`,
  );
}

function sayDecided(process: string, one: DecideReport): void {
  say(
    `  ${process}: p50 ${one.p50Ms.toFixed(2)} ms, p99 ${one.p99Ms.toFixed(2)} ms, ${count(one.perSecond)} verdicts/s, each durable in the log (${one.cpuMsEach.toFixed(2)} ms of CPU); ` +
      `facts and decision alone p50 ${one.bareP50Ms.toFixed(2)} ms, p99 ${one.bareP99Ms.toFixed(2)} ms`,
  );
  say(
    `    files of the log p50 ${one.filesP50Ms.toFixed(2)} ms, p99 ${one.filesP99Ms.toFixed(2)} ms; without them p99 ${one.computedP99Ms.toFixed(2)} ms. ` +
      `Stores, logs and gate open after ${one.openMs.toFixed(0)} ms of the process, first verdict after ${one.firstVerdictMs.toFixed(0)} ms (${one.startCpuMs.toFixed(0)} ms of CPU); ` +
      `${one.residentMb.toFixed(0)} MB resident, ${one.peakMb.toFixed(0)} at most`,
  );
}

export function log(): void {
  const measured = measureLog('build/bench-log', LOG_GROUPS);
  const { entries, bytesEach, openMs } = measured;
  say(
    `log, ${count(entries)} entries of ${bytesEach.toFixed(0)} bytes, 1,024 a group commit with one signed head each, durable`,
  );
  say(
    `  ${count(measured.appendedPerSecond)} entries/s appended, ${count(measured.appendedPerCpuSecond)} a second of CPU (asked: 50,000)`,
  );
  say(
    `  ${count(measured.verifiedPerSecond)} entries/s verified, ${count(measured.verifiedPerCpuSecond)} a second of CPU (asked: 150,000)`,
  );
  say(`  ${openMs.toFixed(1)} ms to open`);
}

const LOG_GROUPS = 400;
export async function exported(): Promise<void> {
  const { megabytes, bare, exported: ours, residentMb, idleMb } = await measureExport(EXPORT_BYTES, EXPORT_TURNS);
  const best = (uploads: readonly Upload[]) => Math.min(...uploads.map(({ seconds }) => seconds));
  const cpu = (uploads: readonly Upload[]) => Math.min(...uploads.map((one) => one.senderCpu + one.takerCpu));
  say(
    `export of ${count(megabytes)} MB over mTLS, best of ${EXPORT_TURNS} in turn: ${ratio(best(bare) / best(ours))} of a bare upload by the clock, ` +
      `${ratio(cpu(bare) / cpu(ours))} by CPU of both sides, with checks, hashes, logs, capture and receipt`,
  );
  const told = ({ seconds, senderCpu, takerCpu }: Upload) =>
    `${seconds.toFixed(2)} s (${senderCpu.toFixed(2)} + ${takerCpu.toFixed(2)} s of CPU)`;
  say(`  bare: ${bare.map(told).join(', ')}`);
  say(`  exporter and reference receiver: ${ours.map(told).join(', ')}`);
  say(
    `  exporter ${residentMb.map((mb) => mb.toFixed(0)).join(', ')} MB resident at most, ${idleMb.toFixed(0)} before`,
  );
}

const EXPORT_BYTES = 1_000_000_000;
const EXPORT_TURNS = 3;

export async function pulled(): Promise<void> {
  const { megabytes, seconds, cpuSeconds, residentMb } = await measurePull(EXPORT_BYTES, PULL_TIMES);
  say(
    `sealed parcel of ${count(megabytes)} MB fetched ${PULL_TIMES} times over mTLS in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU of the exporter: ` +
      `${residentMb.map((mb) => mb.toFixed(0)).join(', ')} MB resident at most, first before it came`,
  );
}

const PULL_TIMES = 3;

export async function capture(): Promise<void> {
  const { connections, captureGb, buildMs, indexMb, queries } = measureIndex(
    'build/bench-capture/index',
    CAPTURED_CONNECTIONS,
  );
  say(
    `a week of captures, ${captureGb.toFixed(1)} GB in ${count(connections)} connections: index of ${indexMb.toFixed(1)} MB ` +
      `made in ${(buildMs / 1_000).toFixed(2)} s; by time and address, index opened and list followed each time`,
  );
  for (const { name, found, ms } of queries) say(`  ${ms.toFixed(0)} ms: ${name}, ${count(found)} found`);
  const { megabytes, plain, captured, exportMbPerSecond, peakMb } = await measureCapture(
    'build/bench-capture/upload',
    UPLOAD_MEGABYTES,
  );
  const best = (seconds: readonly number[]) => megabytes / Math.min(...seconds);
  say(
    `  ${ratio(best(captured) / best(plain))} of the same upload over mTLS without a record: ${best(captured).toFixed(0)} MiB/s against ` +
      `${best(plain).toFixed(0)}, best of ${plain.length} of ${megabytes} MiB in turn, ${peakMb.toFixed(0)} MB resident at most`,
  );
  say(`  ${exportMbPerSecond.toFixed(0)} MB/s of content made into pcapng`);
}

const CAPTURED_CONNECTIONS = 200_000;
