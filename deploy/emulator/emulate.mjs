// Runs the packaged agent as a small TCU would: 64-bit Arm under QEMU's user emulation, one core, slow flushes, and an end at
// 256 MiB resident; and beside it the same on this machine as it is. Each takes a drive of 1 fix and 50 signals a second over a
// Unix socket, loses its power twice in the middle, and has to bring every sealed frame to a real cloud.
//
//   node deploy/emulator/emulate.mjs [--seconds 60] [--flush-ms 20] [--json]
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { asPackaged, MEMORY_MIB, machines } from './machines.mjs';
import { at, cpuSeconds, reach, say, sealedIn, start, storedIn, until } from './processes.mjs';
import { residentOf } from './resident.mjs';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'flush-ms': { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const SECONDS = Number(flags.seconds);
/** What it may hold, emulator and all: 200 MB of 10^6 bytes are 190.7 MiB. And of one core for what one second of the drive brings. */
const RESIDENT_MIB_MAX = 190;
const CORE_SHARE_MAX = 1;
const POWER_CUTS = 2;
const SIGNALS_A_SECOND = 50;
/** An emulated start takes seconds, and tens of them on a machine that is busy. */
const READY_MS_MAX = 300_000;
const DRAIN_MS_MAX = 120_000;
/** How long a Node without a program is looked at. */
const EMPTY_MS = 10_000;

if (!existsSync(at('build/emulator/small-machine')) || !existsSync(at('dist/tongguan-edge.js'))) {
  process.stderr.write('emulator: build/emulator is not there; `make emulator` makes it, and says what is missing\n');
  process.exit(3);
}

const { layoutOf } = await import(at('dist/bin/up/layout.js'));
const { provision } = await import(at('dist/bin/up/provision.js'));
const { planFleet } = await import(at('dist/firmware-sim/fleet.js'));
const { freePort } = await import(at('dist/bin/up/free-port.js'));
const PATHS = [
  'Vehicle.Speed',
  'Vehicle.Exterior.AirTemperature',
  ...['StateOfCharge.Current', 'StateOfHealth', 'CurrentVoltage', 'CurrentCurrent', 'Temperature.Average'].map(
    (name) => `Vehicle.Powertrain.TractionBattery.${name}`,
  ),
  'Vehicle.TraveledDistance',
  'Vehicle.CurrentLocation.Heading',
  'Vehicle.Cabin.Door.Count',
];
const packaged = asPackaged();
const results = [];
const flushes = join(mkdtempSync(join(tmpdir(), 'tongguan-emulator-')), 'flushes');
const slow = { SLOW_FLUSH_US: String(Number(flags['flush-ms']) * 1_000), SLOW_FLUSH_LOG: flushes };
for (const machine of machines(slow)) results.push(await drive(machine));
rmSync(join(flushes, '..'), { recursive: true });
report(results);
process.exit(results.every((one) => one.failed.length === 0) ? 0 : 1);

/** A Node of a machine with what the package gives it, on one core. */
function node({ node: command, environment }, args, more = {}) {
  return start('taskset', ['-c', '0', ...command, ...packaged.flags, ...args], {
    ...environment,
    ...packaged.environment,
    ...more,
  });
}

/** One vehicle on one machine, from an empty directory to an empty spool. */
async function drive(machine) {
  const empty = await emptyNode(machine);
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-emulator-'));
  const layout = layoutOf(directory);
  const port = await freePort();
  await provision(layout, planFleet({ vehicles: 1, seed: 'emulator', traces: [] }), { now: () => Date.now() });
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  rmSync(flushes, { force: true });
  const cloud = start(process.execPath, [at('dist/bin/main.js'), 'cloud', '--config', layout.config('cloud.yaml')], {
    TONGGUAN_CLOUD__MQTT__PORT: String(port),
  });
  const figures = { empty, startMs: [], sealedAtCuts: [], resident: {}, cpuS: 0 };
  let agent;
  const boot = async () => {
    const began = performance.now();
    agent = node(machine, [machine.agent, 'edge', '--config', layout.config('edge/v0001.yaml')], {
      TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${port}`,
    });
    const listening = () => reach(`${layout.sockets}/v0001.sock`);
    const link = await until(listening, READY_MS_MAX, 'the agent does not listen', agent);
    figures.startMs.push(Math.round(performance.now() - began));
    return link;
  };
  const watch = setInterval(() => measure(agent, figures), 500);
  try {
    const lines = await feed(boot, () => agent, figures);
    measure(agent, figures);
    await end(agent, 'SIGTERM');
    const last = await boot();
    const isDrained = () => agent.status?.framesWaiting === 0 && agent.status.connected === 1;
    const drained = await until(isDrained, DRAIN_MS_MAX, '', agent).catch(() => false);
    last.destroy();
    for (const one of [agent, cloud]) await end(one, 'SIGTERM');
    const sealed = sealedIn(layout.vehicle('v0001', 'agent.sqlite'));
    const stored = storedIn(layout.cloud('stores/ledger.sqlite'));
    const flushed = existsSync(flushes) ? statSync(flushes).size : 0;
    const seen = { machine: machine.name, lines, drained, sealed, stored, flushed, ...figures };
    const coreShare = figures.cpuS / SECONDS;
    return { ...seen, coreShare, failed: failuresOf({ ...seen, coreShare }) };
  } finally {
    clearInterval(watch);
    for (const one of [agent, cloud]) if (one !== undefined) await end(one, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Drives, and cuts the power in the middle. @returns lines that were written */
async function feed(boot, agent, figures) {
  let link = await boot();
  let began = cpuSeconds(agent().child.pid);
  let lines = 0;
  const cutAt = Array.from({ length: POWER_CUTS }, (_, cut) => Math.floor(((cut + 1) * SECONDS) / (POWER_CUTS + 1)));
  for (let second = 0; second < SECONDS; second += 1) {
    if (cutAt.includes(second)) {
      figures.sealedAtCuts.push(await sealedBeyond(figures.sealedAtCuts.at(-1) ?? 0, agent()));
      measure(agent(), figures);
      figures.cpuS += cpuSeconds(agent().child.pid) - began;
      await end(agent(), 'SIGKILL');
      link = await boot();
      began = cpuSeconds(agent().child.pid);
    }
    const text = linesOf(second);
    lines += SIGNALS_A_SECOND / 10 + 1;
    if (!link.write(text)) await once(link, 'drain');
    await wait(1_000);
  }
  link.end();
  await sealedBeyond(figures.sealedAtCuts.at(-1), agent());
  figures.cpuS += cpuSeconds(agent().child.pid) - began;
  return lines;
}

/** Frames sealed ever, once they are more than before: whoever reads slowly, on a machine that is busy, has not begun yet. */
async function sealedBeyond(before, agent) {
  await until(() => agent.status?.framesSealed > before, DRAIN_MS_MAX, '', agent).catch(() => false);
  return agent.status?.framesSealed ?? 0;
}

/** What is not as it has to be, in words. */
function failuresOf({ resident, coreShare, drained, sealed, stored, flushed, sealedAtCuts }) {
  const grew = [...sealedAtCuts, sealed].every((frames, life) => frames > (life === 0 ? 0 : sealedAtCuts[life - 1]));
  return Object.entries({
    [`more than ${RESIDENT_MIB_MAX} MiB resident`]: !(resident.peakMib <= RESIDENT_MIB_MAX),
    'more than a core for the drive': !(coreShare <= CORE_SHARE_MAX),
    'the spool was not emptied': drained === false,
    'nothing was sealed between two power cuts': !grew,
    'stored is not what was sealed': stored !== sealed,
    'no flush was slowed down': !(flushed > 0),
  }).flatMap(([words, isSo]) => (isSo ? [words] : []));
}

/** What a Node without a program holds on a machine: an emulator's share of it is no vehicle's, and Node's is not the agent's. */
async function emptyNode(machine) {
  const nothing = node(machine, ['-e', 'setInterval(() => 0, 1000)']);
  await wait(EMPTY_MS);
  const resident = residentOf(nothing.child.pid);
  await end(nothing, 'SIGKILL');
  return resident;
}

async function end({ child, gone }, signal) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await gone;
}

/** Peaks of what is resident, each part by itself; a TCU with less memory would have ended the agent there. */
function measure(agent, figures) {
  try {
    const now = residentOf(agent.child.pid);
    for (const [part, mib] of Object.entries(now)) figures.resident[part] = Math.max(figures.resident[part] ?? 0, mib);
    if (now.peakMib > MEMORY_MIB) agent.child.kill('SIGKILL');
  } catch {
    // It is between two lives.
  }
}

/** One fix, and signals of one second in five frames. */
function linesOf(second) {
  const from = Date.now();
  const lines = [{ kind: 'fix', at: new Date(from).toISOString(), latitude: 31.5 + second * 1e-4, longitude: 110.25 }];
  for (let frame = 0; frame < SIGNALS_A_SECOND / 10; frame += 1) {
    const signals = Object.fromEntries(PATHS.map((path, index) => [path, (second + frame + index) % 90]));
    lines.push({ kind: 'signals', at: new Date(from + frame * 200).toISOString(), signals });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function report(all) {
  if (flags.json) {
    say(JSON.stringify(all));
    return;
  }
  say(
    `${SECONDS} s of 1 fix and ${SIGNALS_A_SECOND} signals a second, ${POWER_CUTS} power cuts, ${flags['flush-ms']} ms a flush, one core`,
  );
  for (const one of all) {
    const verdict = one.failed.length === 0 ? 'passed' : `FAILED (${one.failed.join('; ')})`;
    say(
      `${one.machine}: ${verdict}; ${one.lines} lines, ${one.sealed} frames sealed, ${one.stored} stored; sealed when the power went: ${one.sealedAtCuts.join(', ')}`,
    );
    say(`  peak ${one.resident.peakMib.toFixed(0)} MiB resident: ${partsOf(one.resident)}`);
    say(`  a Node without a program: ${one.empty.peakMib.toFixed(0)} MiB: ${partsOf(one.empty)}`);
    say(
      `  ${(one.coreShare * 100).toFixed(0)} % of a core while driving, ${one.flushed} flushes slowed down, listening after ${one.startMs.join(', ')} ms`,
    );
  }
}

function partsOf({ programMib, translationsMib, emulatorMib }) {
  if (translationsMib === 0) return 'all of it its own';
  return `${programMib.toFixed(0)} its own, ${translationsMib.toFixed(0)} translated code, ${emulatorMib.toFixed(0)} the emulator`;
}
