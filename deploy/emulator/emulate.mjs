// Runs the packaged agent as a small TCU would: 64-bit Arm under QEMU's user emulation, one core, slow flushes, and an end at
// 256 MB resident; and beside it the same on this machine as it is. Each takes a drive of 1 fix and 50 signals a second over a
// Unix socket, loses its power twice in the middle, and has to bring every sealed frame to a real cloud.
//
//   node deploy/emulator/emulate.mjs [--seconds 60] [--flush-ms 20] [--json]
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { at, reach, say, sealedIn, start, storedIn, until } from './processes.mjs';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'flush-ms': { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const SECONDS = Number(flags.seconds);
const RESIDENT_MB_MAX = 256;
const POWER_CUTS = 2;
const SIGNALS_A_SECOND = 50;
/** An emulated start takes seconds, and tens of them on a machine that is busy. */
const READY_MS_MAX = 300_000;
const DRAIN_MS_MAX = 120_000;
/** As deploy/edge/build-deb.sh starts it. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--single-threaded'];
const AGENT_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
  UV_THREADPOOL_SIZE: '2',
};

const arm = at('build/emulator/node/bin/node');
if (!existsSync(arm) || !existsSync(at('dist/tongguan-edge.js'))) {
  process.stderr.write('emulator: build/emulator is not there; `make emulator` makes it, and says what is missing\n');
  process.exit(3);
}

const flushUs = String(Number(flags['flush-ms']) * 1_000);
/** How each machine runs a Node program. */
const ARM = [
  {
    name: 'arm64 (QEMU)',
    flags: [],
    command: 'qemu-aarch64-static',
    before: [
      '-L',
      '/usr/aarch64-linux-gnu',
      '-E',
      `LD_PRELOAD=${at('build/emulator/slow-flush-arm64.so')}`,
      '-E',
      `SLOW_FLUSH_US=${flushUs}`,
      arm,
    ],
    agent: at('build/emulator/agent/tongguan-edge.js'),
    environment: {},
  },
];
const MACHINES = [
  ...ARM,
  // Of every function that the engine compiles QEMU keeps a translation of its own: that is the emulator's memory, and no vehicle's.
  ...ARM.map((one) => ({ ...one, name: `${one.name}, interpreted`, flags: ['--jitless'] })),
  {
    name: `${process.arch} (this machine)`,
    flags: [],
    command: process.execPath,
    before: [],
    agent: at('dist/tongguan-edge.js'),
    environment: { LD_PRELOAD: at('build/emulator/slow-flush-native.so'), SLOW_FLUSH_US: flushUs },
  },
];

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
const results = [];
for (const machine of MACHINES) results.push(await drive(machine));
report(results);
process.exit(results.every((one) => one.passed) ? 0 : 1);

/** One vehicle on one machine, from an empty directory to an empty spool. */
async function drive(machine) {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-emulator-'));
  const layout = layoutOf(directory);
  const port = await freePort();
  await provision(layout, planFleet({ vehicles: 1, seed: 'emulator', traces: [] }), { now: () => Date.now() });
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const cloud = start(process.execPath, [at('dist/bin/main.js'), 'cloud', '--config', layout.config('cloud.yaml')], {
    TONGGUAN_CLOUD__MQTT__PORT: String(port),
  });
  const socket = `${layout.sockets}/v0001.sock`;
  const config = layout.config('edge/v0001.yaml');
  let agent;
  const figures = { startMs: [], residentMb: 0, cpuS: 0 };
  const boot = async () => {
    const began = performance.now();
    const { command, before, flags: own, agent: program, environment } = machine;
    agent = start(
      'taskset',
      ['-c', '0', command, ...before, ...NODE_FLAGS, ...own, program, 'edge', '--config', config],
      {
        ...environment,
        ...AGENT_ENVIRONMENT,
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${port}`,
      },
    );
    const link = await until(() => reach(socket), READY_MS_MAX, 'the agent does not listen', agent);
    figures.startMs.push(Math.round(performance.now() - began));
    return link;
  };
  const watch = setInterval(() => measure(agent, figures), 250);
  try {
    let link = await boot();
    let lines = 0;
    const cutAt = Array.from({ length: POWER_CUTS }, (_, cut) => Math.floor(((cut + 1) * SECONDS) / (POWER_CUTS + 1)));
    for (let second = 0; second < SECONDS; second += 1) {
      if (cutAt.includes(second)) {
        measure(agent, figures);
        figures.cpuS += agent.cpuS ?? 0;
        agent.child.kill('SIGKILL');
        await agent.gone;
        link = await boot();
      }
      const text = linesOf(second);
      lines += SIGNALS_A_SECOND / 10 + 1;
      if (!link.write(text)) await once(link, 'drain');
      await wait(1_000);
    }
    link.end();
    // Whoever reads slowly has not read it all yet.
    await until(() => agent.status?.framesSealed > 0, DRAIN_MS_MAX, 'nothing is sealed', agent).catch(() => false);
    measure(agent, figures);
    const spool = layout.vehicle('v0001', 'agent.sqlite');
    agent.child.kill('SIGTERM');
    await agent.gone;
    const last = await boot();
    const drained = await until(
      () => agent.status?.framesWaiting === 0 && agent.status.connected === 1,
      DRAIN_MS_MAX,
      'the spool does not empty',
      agent,
    ).catch(() => false);
    figures.cpuS += agent.cpuS ?? 0;
    last.destroy();
    agent.child.kill('SIGTERM');
    await agent.gone;
    cloud.child.kill('SIGTERM');
    await cloud.gone;
    const sealed = sealedIn(spool);
    const stored = storedIn(layout.cloud('stores/ledger.sqlite'));
    const passed = drained !== false && sealed > 0 && stored === sealed && figures.residentMb <= RESIDENT_MB_MAX;
    return {
      machine: machine.name,
      passed,
      lines,
      sealed,
      stored,
      ...figures,
      cpuPerDrivenSecond: figures.cpuS / SECONDS,
    };
  } finally {
    clearInterval(watch);
    for (const { child } of [agent, cloud]) if (child?.exitCode === null) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Peak of what is resident, emulator and all; a TCU with less memory would have ended the agent there. */
function measure(agent, figures) {
  try {
    const status = readFileSync(`/proc/${agent.child.pid}/status`, 'utf8');
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
    figures.residentMb = Math.max(figures.residentMb, Math.round(peak));
    const times = readFileSync(`/proc/${agent.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    agent.cpuS = (Number(times[11]) + Number(times[12])) / 100;
    if (peak > RESIDENT_MB_MAX) agent.child.kill('SIGKILL');
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
    const cpu = (one.cpuPerDrivenSecond * 100).toFixed(0);
    say(
      `${one.machine}: ${one.passed ? 'passed' : 'FAILED'}; ${one.lines} lines, ${one.sealed} frames sealed, ${one.stored} stored; peak ${one.residentMb} MB resident, ${cpu} % of a core, listening after ${one.startMs.join(', ')} ms`,
    );
  }
}
