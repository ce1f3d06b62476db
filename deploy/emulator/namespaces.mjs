// A vehicle in a network of its own: the mainland's broker can be reached, and so can an address abroad, which it must never
// contact. All of its packets are captured for the whole of a drive of days, told in minutes: a stand-in for the 3,600 seconds
// of GB 44495 cl. 7.4.7. Afterwards the address abroad is called on purpose, to see that a call would have been seen.
//
//   node deploy/emulator/namespaces.mjs [--days 7]      wants root, ip, unshare and tshark
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { at, reach, say, sealedIn, start, storedIn, until } from './processes.mjs';

const { values: flags } = parseArgs({ options: { days: { type: 'string', default: '7' } } });
const DAYS = Number(flags.days);
const MAINLAND = '10.77.0.1';
const VEHICLE = '10.77.0.2';
/** Of a block kept for documentation (RFC 5737). */
const ABROAD = '203.0.113.9';
const PORT = 8_883;
const CALLS = 5;
const READY_MS_MAX = 120_000;

const missing = ['ip', 'unshare', 'tshark'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0 || process.getuid?.() !== 0) {
  say(`emulator: network namespaces skipped: ${missing.length > 0 ? `${missing.join(', ')} missing` : 'wants root'}`);
  process.exit(0);
}

const { layoutOf } = await import(at('dist/bin/up/layout.js'));
const { provision } = await import(at('dist/bin/up/provision.js'));
const { planFleet } = await import(at('dist/firmware-sim/fleet.js'));
const { syntheticFrames } = await import(at('dist/firmware-sim/synthetic.js'));
const { frameLine } = await import(at('dist/firmware-sim/frame-line.js'));

const [road, home] = [`tg-road-${process.pid}`, `tg-home-${process.pid}`];
const ip = (...args) => execFileSync('ip', args);
const within = (space, command, ...args) => ['netns', 'exec', space, command, ...args];
const directory = mkdtempSync(join(tmpdir(), 'tongguan-namespaces-'));
let passed = false;
try {
  buildNetwork();
  passed = await drive();
} finally {
  for (const space of [road, home]) spawnSync('ip', ['netns', 'del', space]);
  rmSync(directory, { recursive: true, force: true });
}
process.exit(passed ? 0 : 1);

/** Two namespaces and a cable between them; the vehicle's way to everywhere leads over the mainland's end. */
function buildNetwork() {
  const [near, far] = [`tgr${process.pid}`, `tgh${process.pid}`];
  for (const space of [road, home]) ip('netns', 'add', space);
  ip('link', 'add', near, 'netns', road, 'type', 'veth', 'peer', 'name', far, 'netns', home);
  ip('-n', road, 'addr', 'add', `${VEHICLE}/24`, 'dev', near);
  ip('-n', home, 'addr', 'add', `${MAINLAND}/24`, 'dev', far);
  ip('-n', home, 'addr', 'add', `${ABROAD}/32`, 'dev', 'lo');
  for (const [space, device] of [
    [road, near],
    [road, 'lo'],
    [home, far],
    [home, 'lo'],
  ])
    ip('-n', space, 'link', 'set', device, 'up');
  ip('-n', road, 'route', 'add', 'default', 'via', MAINLAND);
}

async function drive() {
  const layout = layoutOf(join(directory, 'data'));
  const [plan] = planFleet({ vehicles: 1, seed: 'namespaces', traces: [] });
  await provision(layout, [plan], { now: () => Date.now() });
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  // The certificate of the cloud is for localhost; in a mount namespace of its own the vehicle finds that name elsewhere.
  const hosts = join(directory, 'hosts');
  writeFileSync(hosts, `${MAINLAND} localhost\n`);
  const capture = join(directory, 'drive.pcapng');
  const tshark = start('ip', within(road, 'tshark', '-q', '-i', 'any', '-w', capture));
  const cloud = start(
    'ip',
    within(home, process.execPath, at('dist/bin/main.js'), 'cloud', '--config', layout.config('cloud.yaml')),
    {
      TONGGUAN_CLOUD__MQTT__HOST: MAINLAND,
      TONGGUAN_CLOUD__MQTT__PORT: String(PORT),
    },
  );
  const vehicle = [process.execPath, at('dist/tongguan-edge.js'), 'edge', '--config', layout.config('edge/v0001.yaml')];
  const inItsOwn = `mount --bind ${hosts} /etc/hosts && exec ip netns exec ${road} "$@"`;
  const boot = () =>
    start('unshare', ['-m', 'sh', '-c', inItsOwn, 'sh', ...vehicle], {
      TONGGUAN_EDGE__UPLINK__URL: `mqtts://localhost:${PORT}`,
    });
  let agent = boot();
  try {
    const link = await until(
      () => reach(`${layout.sockets}/v0001.sock`),
      READY_MS_MAX,
      'the agent does not listen',
      agent,
    );
    const from = Date.now() - DAYS * 86_400_000;
    let lines = 0;
    for (const { frame } of syntheticFrames('namespaces', plan, from)) {
      if (frame.at > Date.now()) break;
      lines += 1;
      if (!link.write(frameLine(frame))) await once(link, 'drain');
    }
    link.end();
    const spool = layout.vehicle('v0001', 'agent.sqlite');
    await wait(5_000);
    // What was pending is sealed as it stops, and sent when it is there again.
    await end(agent, 'SIGTERM');
    agent = boot();
    await until(
      () => agent.status?.framesWaiting === 0 && agent.status.connected === 1,
      READY_MS_MAX,
      'the spool does not empty',
      agent,
    );
    await end(tshark, 'SIGINT');
    for (const one of [agent, cloud]) await end(one, 'SIGTERM');
    const [sealed, stored] = [sealedIn(spool), storedIn(layout.cloud('stores/ledger.sqlite'))];
    const called = addressesIn(capture);
    const seen = await callAbroad();
    const others = [...called.keys()].filter((address) => ![MAINLAND, VEHICLE].includes(address));
    say(`${DAYS} days driven, ${lines} lines, ${sealed} frames sealed, ${stored} stored in the mainland`);
    for (const [address, packets] of called) say(`  ${address}: ${packets} packets`);
    say(
      `contacted abroad: ${others.length === 0 ? 'nobody' : others.join(' ')}; a call on purpose is ${seen ? '' : 'NOT '}seen`,
    );
    return others.length === 0 && seen && sealed > 0 && stored === sealed && (called.get(MAINLAND) ?? 0) > 0;
  } finally {
    for (const { child } of [agent, cloud, tshark]) if (child.exitCode === null) child.kill('SIGKILL');
  }
}

async function end({ child, gone }, signal) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await gone;
}

/** Every IP address that packets of a capture came from or went to, with how many; of version 6 all but what no router passes on. */
function addressesIn(capture) {
  const fields = ['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'].flatMap((name) => ['-e', name]);
  const read = ['-r', capture, '-Y', 'ip or ipv6', '-T', 'fields', '-E', 'separator=/s', ...fields];
  const text = execFileSync('tshark', read, { encoding: 'utf8', maxBuffer: 1e9 });
  const counts = new Map();
  for (const address of text.split(/[\s,]+/).filter((one) => one !== '' && !/^(::$|fe80:|ff0[12]:)/.test(one)))
    counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

/** Calls the address abroad as whoever wanted to would, while packets are captured. */
async function callAbroad() {
  const capture = join(directory, 'abroad.pcapng');
  const tshark = start('ip', within(road, 'tshark', '-q', '-i', 'any', '-w', capture));
  await until(() => tshark.errors.join('').includes('Capturing'), READY_MS_MAX, 'tshark does not capture', tshark);
  // It says so before it does, and the first calls may come too early.
  for (let call = 0; call < CALLS; call += 1) {
    await wait(1_000);
    spawnSync('ip', within(road, 'timeout', '3', 'bash', '-c', `exec 3<>/dev/tcp/${ABROAD}/443`));
  }
  await wait(2_000);
  await end(tshark, 'SIGINT');
  return addressesIn(capture).has(ABROAD);
}
