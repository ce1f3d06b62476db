import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FleetFlags, fleetCommand } from '../../../../bin/fleet/fleet.command.ts';
import { admit } from '../../../../cloud/ingest/admit.ts';
import { recheckBatch } from '../../../../cloud/ingest/recheck-batch.ts';
import { deviceIdOf } from '../../../../proto/codec/device-id.ts';
import { redacted } from '../../../../proto/words/redacted.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { type DeviceId, deviceOfUplink } from '../../../../proto/words/topics.ts';
import type { Vin } from '../../../../proto/words/vin.ts';

/** A broker of somebody else's, which acknowledges everything. */
let broker: Aedes;
let server: Server;
let url: string;
let directory: string;
let connections = 0;
const heard: { readonly device: DeviceId; readonly payload: Buffer }[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-fleet-'));
  broker = await Aedes.createBroker();
  connections = 0;
  heard.length = 0;
  broker.on('client', () => {
    connections += 1;
  });
  broker.on('publish', ({ topic, payload }) => {
    const device = deviceOfUplink(topic);
    if (device !== undefined) heard.push({ device, payload: payload as Buffer });
  });
  server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise<void>((resolve) => broker.close(() => server.close(() => resolve())));
  rmSync(directory, { recursive: true });
});

const inRealTime = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

async function runFleet(change: Partial<FleetFlags> = {}, sleep = inRealTime, now = () => Date.now()) {
  const told = { out: [] as string[], err: [] as string[] };
  const flags = {
    url,
    tls: {},
    vehicles: 5,
    connections: 2,
    everyMs: 0,
    rounds: 3,
    seed: 'a fleet',
    json: true,
    ...change,
  };
  const exit = await fleetCommand(flags, {
    clock: { now: () => now() as Instant },
    sleep,
    isStopped: () => false,
    out: (line) => void told.out.push(line),
    err: (line) => void told.err.push(line),
  });
  return { exit, ...told };
}

test('every vehicle sends its frames over the pool, each signed by its own key and none that the cloud holds anything against', async () => {
  const devices = join(directory, 'devices.ndjson');
  const { exit, out } = await runFleet({ devices });
  expect(exit).toBe(0);
  expect(JSON.parse(out[0] ?? '')).toEqual({ vehicles: 5, connections: 2, sent: 15, acknowledged: 15, skipped: 0 });
  expect(connections).toBe(2);
  const lines = readFileSync(devices, 'utf8').trimEnd().split('\n');
  const listed = lines.map((line) => JSON.parse(line) as { readonly vin: Vin; readonly publicKey: string });
  const keys = new Map<string, readonly [KeyObject, Vin]>();
  for (const { vin, publicKey } of listed) {
    const key = createPublicKey(publicKey);
    keys.set(deviceIdOf(key), [key, vin]);
  }
  const sequences = new Map<DeviceId, number[]>();
  for (const { device, payload } of heard) {
    const [publicKey, vin] = keys.get(device) ?? [];
    if (publicKey === undefined || vin === undefined) throw new Error('a topic of no vehicle of the list');
    const registered = { device, number: 1, vin: redacted(vin), publicKey };
    const batch = admit(payload, registered);
    if (!batch.ok) throw new Error(batch.fault);
    expect(recheckBatch(batch.value, registered, Date.now() as Instant)).toBeUndefined();
    sequences.set(device, [...(sequences.get(device) ?? []), batch.value.firstSequence]);
  }
  expect([...sequences.values()]).toEqual(Array(5).fill([0, 1, 2]));
});

test('a fleet is spread over its interval, and each vehicle has its turn in each', async () => {
  const { exit, out } = await runFleet({ everyMs: 200, rounds: 2, json: false });
  expect([exit, out]).toEqual([0, ['10 frames sent, 10 acknowledged, 0 skipped']]);
});

test('nothing is sent before there was time to register the vehicles of the list', async () => {
  const devices = join(directory, 'devices.ndjson');
  const slept: number[] = [];
  const sleep = (ms: number) => {
    if (ms === 100) slept.push(heard.length);
    return new Promise<void>((resolve) => void setTimeout(resolve, Math.min(ms, 5)));
  };
  const { exit } = await runFleet({ devices, waitMs: 1_000 }, sleep);
  expect([exit, slept, heard.length]).toEqual([0, Array(10).fill(0), 15]);
  expect(readFileSync(devices, 'utf8').trimEnd().split('\n')).toHaveLength(5);
});

test('what a slow broker has no room for waits, and is not skipped', async () => {
  broker.authorizePublish = (_client, _packet, done) => void setTimeout(() => done(null), 100);
  // A clock that goes ten times slower, so that a busy machine is late to nothing; the broker is slower than either.
  const from = Date.now();
  const slowly = () => from + Math.floor((Date.now() - from) / 10);
  const flags = { vehicles: 200, connections: 1, everyMs: 10, rounds: 2, json: false };
  const { exit, out } = await runFleet(flags, inRealTime, slowly);
  expect([exit, out]).toEqual([0, ['400 frames sent, 400 acknowledged, 0 skipped']]);
});

test('a broker that is not there is told, and what cannot be a fleet is a usage fault', async () => {
  const gone = await runFleet({ url: 'mqtt://127.0.0.1:1' });
  expect([gone.exit, gone.err.at(-1)]).toEqual([1, expect.stringContaining('FLEET_BROKER_UNREACHABLE')]);
  for (const change of [{ seed: '' }, { vehicles: 100_001 }, { url: 'http://127.0.0.1' }, { connections: 1_001 }])
    expect((await runFleet(change)).exit).toBe(2);
  expect(heard).toEqual([]);
});
