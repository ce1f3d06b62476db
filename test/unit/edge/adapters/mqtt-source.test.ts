import { type AddressInfo, createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAuthority } from '../../../../bin/up/authority.ts';
import { subscribeToBroker } from '../../../../edge/adapters/mqtt-source.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';

const CLOCK = '{"kind":"clock","at":"2020-07-18T01:07:17.000Z"}';
const until = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);

/** A broker as a vehicle has one, on a port of its own. */
async function startBroker(port = 0) {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { broker, stop, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

function subscribe(port: number, topics: readonly string[] = ['vehicle/raw/#']) {
  const { seen, events } = recordSource();
  const source = subscribeToBroker({ url: `mqtt://127.0.0.1:${port}`, topics, clientId: 'agent' }, events);
  onTestFinished(() => source.close());
  return { seen, source };
}

async function publisher(port: number) {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => void client.end(true));
  return (payload: string | Buffer, options = {}) =>
    client.publishAsync('vehicle/raw/gnss', payload, { qos: 1, ...options });
}

test('over TLS a broker is known by its authority, and another one is refused', async () => {
  const authority = await createAuthority('vehicle', Date.now());
  const { certificatePem, keyPem } = await authority.issue({ commonName: 'broker', isServer: true });
  const device = await authority.issue({ commonName: 'agent', isServer: false });
  const broker = await Aedes.createBroker();
  const tls = { cert: certificatePem, key: keyPem, ca: authority.certificatePem, requestCert: true };
  const server = createSecureServer({ ...tls, rejectUnauthorized: true }, broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => broker.close(() => server.close(() => resolve()))));
  const { port } = server.address() as AddressInfo;
  const url = `mqtts://localhost:${port}`;
  const { seen, events } = recordSource();
  const own = { certificate: device.certificatePem, key: device.keyPem, authority: authority.certificatePem };
  const source = subscribeToBroker({ url, topics: ['a'], clientId: 'agent', ...own }, events);
  onTestFinished(() => source.close());
  await vi.waitFor(
    () => {
      broker.publish(
        { cmd: 'publish', topic: 'a', payload: CLOCK, qos: 0, dup: false, retain: false },
        () => undefined,
      );
      expect(seen.frames.length).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 200 },
  );
  const other = recordSource();
  const stranger = await createAuthority('another', Date.now());
  const settings = { url, topics: ['a'], clientId: 'b', ...own, authority: stranger.certificatePem };
  const refused = subscribeToBroker(settings, other.events);
  onTestFinished(() => refused.close());
  await until(() => expect(other.seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
  expect([seen.faults, other.seen.frames]).toEqual([[], []]);
});

describe('a broker on the vehicle', () => {
  test('gives a raw frame a message; garbage, what is too long and what is retained is counted', async () => {
    const { port, stop } = await startBroker();
    onTestFinished(stop);
    const publish = await publisher(port);
    await publish(CLOCK, { retain: true });
    const { seen, source } = subscribe(port);
    await until(() => expect(seen.removed).toEqual({ 'source-repeated': 1 }));
    await publish(CLOCK);
    await publish('garbage');
    await publish(Buffer.from([0xff, 0xfe, 0]));
    await publish(' '.repeat(3_000_001));
    await publish(`${CLOCK}\n`);
    await until(() => expect([seen.frames.length, seen.malformed]).toEqual([2, 3]));
    await source.close();
    expect([seen.faults, seen.ended]).toEqual([[], 0]);
  });

  test('that is not there is told once, and connected to when it comes', async () => {
    const first = await startBroker();
    await first.stop();
    const { seen } = subscribe(first.port);
    await until(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
    const { port, stop } = await startBroker(first.port);
    onTestFinished(stop);
    const publish = await publisher(port);
    await vi.waitFor(
      async () => {
        await publish(CLOCK);
        expect(seen.frames.length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(seen.faults).toHaveLength(1);
  });

  test('that hands over what is longer than a packet may be loses the connection, and the session with it', async () => {
    const { port, stop } = await startBroker();
    onTestFinished(stop);
    const publish = await publisher(port);
    const { seen } = subscribe(port);
    await vi.waitFor(
      async () => {
        await publish(CLOCK);
        expect(seen.frames.length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 200 },
    );
    const before = seen.frames.length;
    await publish(Buffer.alloc(5_000_000, 0x20));
    await until(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
    expect(seen.faults[0]?.problem.en).toContain('more than 3000000 bytes');
    await vi.waitFor(
      async () => {
        await publish(CLOCK);
        expect(seen.frames.length).toBeGreaterThan(before);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect([seen.faults.length, seen.malformed]).toEqual([1, 1]);
  });

  test('that refuses a topic is told', async () => {
    const { port, broker, stop } = await startBroker();
    onTestFinished(stop);
    broker.authorizeSubscribe = (_client, _subscription, callback) => callback(null, null);
    const { seen } = subscribe(port);
    await until(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
  });
});
