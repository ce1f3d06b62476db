import { readFileSync } from 'node:fs';
import { openGate } from '../../../cloud/composition/open-gate.ts';
import { openLaw } from '../../../cloud/composition/open-law.ts';
import { openLogs } from '../../../cloud/composition/open-logs.ts';
import { openStores } from '../../../cloud/composition/open-stores.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { openLog } from '../../../cloud/log/open-log.ts';
import type { ExportGateParts } from '../../../cloud/transfer/export-gate.ts';
import { type Case, logVerdict, weighCase } from '../../../cloud/transfer/weigh-case.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Clock, Instant } from '../../../proto/words/time.ts';
import { timeFiles } from './file-times.ts';
import { PARCEL_PERSONS, personsFrom } from './fill.ts';
import type { DecideOrder, DecideReport } from './orders.ts';

// A process of its own, so that its memory and its start are its own. It opens what `tongguan cloud` opens, but for MQTT.
const waitedMs = timeFiles();
const clock: Clock = { now: () => Date.now() as Instant };
const order = JSON.parse(process.argv[2] ?? '') as DecideOrder;

const loaded = readConfig(CloudConfig, order.config, 'cloud', {});
assert(loaded.ok, 'the configuration is right');
const { config, path } = loaded.value;
const law = openLaw(loaded.value);
const logs = openLogs(config, path, clock, openLog);
assert(law.ok && logs.ok, 'law and logs open');
const { keys, vaults, read } = config.zones;
const storeKeys = { directory: path(keys), vaults: path(vaults), read, custodian: undefined, clock };
const stores = openStores(path(config.stores.directory), storeKeys, { law: law.value.law });
let drawn = 0;
const draw = (bytes: number): string => (drawn++).toString(16).padStart(bytes * 2, '0');
const open = { stores, logs: logs.value, law: law.value, stopped: () => undefined, alert: () => undefined };
const gate: ExportGateParts = openGate(loaded.value, open, clock, draw);
const openMs = performance.now();

const first = verdict(0, true);
const firstVerdictMs = performance.now();
const startCpu = process.cpuUsage();
const startCpuMs = (startCpu.user + startCpu.system) / 1_000;
const bare = Array.from({ length: order.verdicts }, (_, at) => verdict(at + 1, false).ms).toSorted(ascending);
const begun = performance.now();
const cpuBegun = process.cpuUsage();
const logged = Array.from({ length: order.verdicts }, (_, at) => verdict(at + 1, true));
const seconds = (performance.now() - begun) / 1_000;
const cpu = process.cpuUsage(cpuBegun);
const whole = logged.map((one) => one.ms).toSorted(ascending);
const files = logged.map((one) => one.filesMs).toSorted(ascending);
const computed = logged.map((one) => one.ms - one.filesMs).toSorted(ascending);
const report: DecideReport = {
  openMs,
  firstVerdictMs,
  decision: first.decision,
  before: first.before,
  p50Ms: at(whole, 0.5),
  p99Ms: at(whole, 0.99),
  perSecond: order.verdicts / seconds,
  cpuMsEach: (cpu.user + cpu.system) / 1_000 / order.verdicts,
  startCpuMs,
  bareP50Ms: at(bare, 0.5),
  bareP99Ms: at(bare, 0.99),
  filesP50Ms: at(files, 0.5),
  filesP99Ms: at(files, 0.99),
  computedP99Ms: at(computed, 0.99),
  ...sizes(),
};
process.stdout.write(JSON.stringify(report));
logs.value.operations.close();
logs.value.alerts.close();
stores.close();

/** One verdict on a parcel of which half the persons were counted before. */
function verdict(
  number: number,
  isLogged: boolean,
): { readonly ms: number; readonly filesMs: number; readonly decision: string; readonly before: number } {
  const one = caseOf(number);
  const waitedBefore = waitedMs();
  const started = performance.now();
  const weighed = weighCase(one, gate);
  assert(weighed.ok, 'the facts are whole');
  if (isLogged) {
    const leaf = logVerdict(one, weighed.value, { actor: 'bench', approvals: [] }, gate);
    assert(leaf.ok, 'the log takes the verdict');
  }
  const ms = performance.now() - started;
  const { counted } = weighed.value;
  return {
    ms,
    filesMs: waitedMs() - waitedBefore,
    decision: weighed.value.verdict.decision,
    before: counted === 'unknown' ? -1 : counted.before,
  };
}

function caseOf(number: number): Case {
  const { asked } = order;
  const dataset = gate.dataset(asked.dataset);
  const recipient = gate.recipients.find(({ id }) => id === asked.recipient);
  assert(dataset !== undefined && recipient !== undefined, 'the configuration names them');
  const half = PARCEL_PERSONS / 2;
  const persons = [...personsFrom(number * half, half), ...personsFrom(0x40000000 + number * half, half)];
  const manifestSha256 = new Uint8Array(32);
  return {
    request: { dataset, recipient, purpose: asked.purpose, requestedBy: 'bench' },
    transferId: `bench-${number}`,
    contents: contentsOf(dataset),
    at: clock.now(),
    parcel: { manifestSha256, rows: 10_000, bytes: 1_000_000, families: [], persons },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The kernel counts in KiB. */
function sizes(): { readonly residentMb: number; readonly peakMb: number } {
  const text = readFileSync('/proc/self/status', 'utf8');
  const read = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1_024) / 1e6;
  return { residentMb: read('VmRSS'), peakMb: read('VmHWM') };
}
