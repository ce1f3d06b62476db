import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
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

  test('that refuses a topic is told', async () => {
    const { port, broker, stop } = await startBroker();
    onTestFinished(stop);
    broker.authorizeSubscribe = (_client, _subscription, callback) => callback(null, null);
    const { seen } = subscribe(port);
    await until(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
  });
});
