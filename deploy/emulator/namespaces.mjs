// A vehicle in a network of its own: the mainland's broker can be reached, and so can an address abroad, which it must never
// contact. All of its packets are captured for the whole of a drive of days, told in minutes: a stand-in for the 3,600 seconds
// of GB 44495 cl. 7.4.7. Afterwards the same agent is misled to the address abroad and held to the same: that has to fail.
//
//   node deploy/emulator/namespaces.mjs [--days 7]      wants root, ip, unshare and tshark
//   node deploy/emulator/namespaces.mjs --misled        the whole drive of an agent that was misled; fails
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { at, reach, say, sealedIn, start, storedIn, until } from './processes.mjs';

const { values: flags } = parseArgs({
  options: { days: { type: 'string', default: '7' }, misled: { type: 'boolean', default: false } },
});
const DAYS = Number(flags.days);
const MAINLAND = '10.77.0.1';
const VEHICLE = '10.77.0.2';
/** Of a block kept for documentation (RFC 5737). */
const ABROAD = '203.0.113.9';
const PORT = 8_883;
/** Nobody listens there: packets to it mark where a capture surely runs. */
const MARK_PORT = 9;
const READY_MS_MAX = 120_000;
/** An agent tries to connect as soon as it runs, and again after some seconds. */
const MISLED_MS_MAX = 60_000;

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
  const cloud = start(
    'ip',
    within(home, process.execPath, at('dist/bin/main.js'), 'cloud', '--config', layout.config('cloud.yaml')),
    { TONGGUAN_CLOUD__MQTT__HOST: MAINLAND, TONGGUAN_CLOUD__MQTT__PORT: String(PORT) },
  );
  const socket = `${layout.sockets}/v0001.sock`;
  const boot = (broker) => bootAgent(layout.config('edge/v0001.yaml'), broker);
  const capture = await beginCapture('drive');
  let agent = boot(flags.misled ? ABROAD : MAINLAND);
  try {
    const lines = await feed(socket, plan, agent);
    // What was pending is sealed as it stops, and sent when it is there again.
    await end(agent, 'SIGTERM');
    agent = boot(flags.misled ? ABROAD : MAINLAND);
    const isDrained = () => agent.status?.framesWaiting === 0 && agent.status.connected === 1;
    const drained = await until(isDrained, flags.misled ? 5_000 : READY_MS_MAX, '', agent).catch(() => false);
    const called = await capture.end();
    for (const one of [agent, cloud]) await end(one, 'SIGTERM');
    const sealed = sealedIn(layout.vehicle('v0001', 'agent.sqlite'));
    const stored = storedIn(layout.cloud('stores/ledger.sqlite'));
    say(`${DAYS} days driven, ${lines} lines, ${sealed} frames sealed, ${stored} stored in the mainland`);
    for (const [address, packets] of called) say(`  ${address}: ${packets} packets`);
    const others = strangersIn(called);
    say(`contacted abroad: ${others.length === 0 ? 'nobody' : others.join(' ')}`);
    const isFound = await misleadAndSee(boot, socket);
    const isKept = others.length === 0 && (called.get(MAINLAND) ?? 0) > 0;
    return isKept && isFound && drained !== false && sealed > 0 && stored === sealed;
  } finally {
    for (const one of [agent, cloud]) await end(one, 'SIGKILL');
  }
}

/** The certificate of the cloud is for localhost; in a mount namespace of its own the vehicle finds that name elsewhere. */
function bootAgent(config, broker) {
  const hosts = join(directory, `hosts-${broker}`);
  writeFileSync(hosts, `${broker} localhost\n`);
  const vehicle = [process.execPath, at('dist/tongguan-edge.js'), 'edge', '--config', config];
  const inItsOwn = `mount --bind ${hosts} /etc/hosts && exec ip netns exec ${road} "$@"`;
  return start('unshare', ['-m', 'sh', '-c', inItsOwn, 'sh', ...vehicle], {
    TONGGUAN_EDGE__UPLINK__URL: `mqtts://localhost:${PORT}`,
  });
}

/** Days of one vehicle, as fast as the agent reads. @returns lines that were written */
async function feed(socket, plan, agent) {
  const link = await until(() => reach(socket), READY_MS_MAX, 'the agent does not listen', agent);
  const from = Date.now() - DAYS * 86_400_000;
  let lines = 0;
  for (const { frame } of syntheticFrames('namespaces', plan, from)) {
    if (frame.at > Date.now()) break;
    lines += 1;
    if (!link.write(frameLine(frame))) await once(link, 'drain');
  }
  link.end();
  await wait(5_000);
  return lines;
}

/** Whether the same check finds an agent that somebody's name server sends abroad. */
async function misleadAndSee(boot, socket) {
  const capture = await beginCapture('misled');
  const agent = boot(ABROAD);
  await until(() => reach(socket), READY_MS_MAX, 'the misled agent does not listen', agent);
  const isSeen = () => strangersIn(capture.called()).includes(ABROAD);
  const seen = await until(isSeen, MISLED_MS_MAX, '', agent).catch(() => false);
  await end(agent, 'SIGTERM');
  await capture.end();
  say(`an agent that is misled abroad is ${seen ? '' : 'NOT '}found by the same check`);
  return seen;
}

function strangersIn(called) {
  return [...called.keys()].filter((address) => ![MAINLAND, VEHICLE].includes(address));
}

async function end({ child, gone }, signal) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await gone;
}

/** Every IP address that packets of a capture came from or went to, with how many; of version 6 all but what no router passes on. */
function addressesIn(capture) {
  const isMark = `ip.dst == ${MAINLAND} and udp.dstport in {${MARK_PORT}, ${MARK_PORT + 1}} or ip.src == ${MAINLAND} and icmp.type == 3`;
  const counts = new Map();
  for (const address of packetsIn(capture, `(ip or ipv6) and not (${isMark})`, [
    ...['ip.src', 'ip.dst'],
    ...['ipv6.src', 'ipv6.dst'],
  ]))
    if (!/^(::$|fe80:|ff0[12]:)/.test(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

/**
 * Captures every packet of the vehicle from the moment this resolves until the moment its `end` is called. tshark says that
 * it captures before it does, and ends before it has written all: so a packet of our own has to be in the file first and last.
 *
 * @throws an error when a packet was dropped, or no capture begins
 */
async function beginCapture(name) {
  const file = join(directory, `${name}.pcapng`);
  const tshark = start('ip', within(road, 'tshark', '-q', '-i', 'any', '-w', file));
  const mark = async (port) => {
    const isThere = () => {
      spawnSync('ip', within(road, 'bash', '-c', `echo >/dev/udp/${MAINLAND}/${port}`));
      return existsSync(file) && packetsIn(file, `udp.dstport == ${port}`, ['frame.number']).length > 0;
    };
    await until(isThere, READY_MS_MAX, 'tshark does not capture', tshark);
  };
  await mark(MARK_PORT);
  return {
    called: () => addressesIn(file),
    end: async () => {
      await mark(MARK_PORT + 1);
      await end(tshark, 'SIGINT');
      const said = tshark.errors.join('');
      if (/[1-9]\d* packets? dropped/.test(said)) throw new Error(`emulator: packets were missed: ${said}`);
      return addressesIn(file);
    },
  };
}

/** Fields of the packets of a capture that a filter lets through; one that is still written may end in the middle. */
function packetsIn(capture, filter, fields) {
  const read = ['-r', capture, '-Y', filter, '-T', 'fields', '-E', 'separator=/s'];
  const asked = fields.flatMap((name) => ['-e', name]);
  const { stdout } = spawnSync('tshark', [...read, ...asked], { encoding: 'utf8', maxBuffer: 1e9 });
  return stdout.split(/[\s,]+/).filter((one) => one !== '');
}
