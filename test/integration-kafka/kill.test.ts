import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloudStores } from '../../cloud/composition/open-stores.ts';
import { createGateway } from '../../cloud/gateway.ts';
import { listConsumers } from '../../cloud/list-consumers.ts';
import { contentsOf } from '../contract/ingest.contract.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, tripRow } from '../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../support/cloud/devices.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { readTopic, type TestBroker, testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { type KafkaWorld, kafkaWorld, settled, testKafkaConfig, unwrapped } from '../support/kafka/kafka-world.ts';
import { startWorker, type WorkerProcess } from '../support/kafka/worker-process.ts';

const DEVICES = 12;
const BATCHES = 40;
const FRAMES = 10;
/** Payloads of one device that wait for an acknowledgement at one time, as a vehicle has them. */
const IN_FLIGHT = 4;

interface Delivery {
  readonly device: TestDevice;
  readonly payload: Uint8Array;
}

/** Each device's batches in order: most once, every fifth again at once, every seventh again with the next one inside it. */
function deliveriesOf(device: TestDevice): readonly Delivery[] {
  const frames = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => {
      const sequence = from + at;
      if (sequence % 97 === 96) return tripRow();
      return sequence % 11 === 10 ? cellFrame() : signalFrame({ 'Vehicle.Speed': sequence % 400 });
    });
  const batch = (from: number, to: number): Uint8Array =>
    seal(batchOf(frames(from, to), { firstSequence: from, epoch: 3 }), device.key);
  return Array.from({ length: BATCHES }, (_, at) => at * FRAMES)
    .flatMap((from, at) => [
      batch(from, from + FRAMES),
      ...(at % 5 === 4 ? [batch(from, from + FRAMES)] : []),
      ...(at % 7 === 6 ? [batch(from - 3, from + FRAMES)] : []),
    ])
    .map((payload) => ({ device, payload }));
}

interface Replay {
  /** Sends up to a part of everything, and comes back on the way there: what happens next happens in the middle. */
  readonly towards: (part: number) => Promise<void>;
  /** When everything is acknowledged. */
  readonly whole: Promise<unknown>;
}

/** What vehicles do: they keep a payload until it is acknowledged. */
function replay({ send }: KafkaWorld, deliveries: readonly (readonly Delivery[])[]): Replay {
  const total = deliveries.flat().length;
  let [allowed, begun, done] = [0, 0, 0];
  const line = async (queue: Delivery[]): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      while (begun >= allowed) await after(5);
      begun += 1;
      while ((await send(next.device, next.payload)) !== undefined) await after(200);
      done += 1;
      await after(5);
    }
  };
  const queues = deliveries.map((own) => [...own]);
  const lines = queues.flatMap((queue) => Array.from({ length: IN_FLIGHT }, () => line(queue)));
  return {
    towards: async (part) => {
      const middle = (done + total * part) / 2;
      allowed = total * part;
      while (done < middle) await after(5);
    },
    whole: Promise.all(lines),
  };
}

const why = whyNoKafka();

describe.skipIf(why !== undefined)(
  `brokers and workers that are killed (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-kafka-kill-'));
    const devices = Array.from({ length: DEVICES }, (_, at) => testDevice(at + 1));
    let broker: TestBroker;
    let world: KafkaWorld;
    let stores: CloudStores;
    let alone: CloudStores;
    const workers = new Set<WorkerProcess>();
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];

    const hire = async (): Promise<WorkerProcess> => {
      const worker = startWorker({ directory, config: world.log.config });
      workers.add(worker);
      await worker.ready;
      return worker;
    };

    beforeAll(async () => {
      broker = await testBroker(join(directory, 'broker'));
      await broker.start();
      open.push(broker.stop);
      stores = openStores(directory, devices);
      open.push(stores.close);
      alone = openStores(mkdtempSync(join(directory, 'alone-')), devices);
      open.push(alone.close);
      world = await kafkaWorld(directory, testKafkaConfig(broker.address), stores.register);
      open.push(world.close);
    });

    afterAll(async () => {
      for (const worker of workers) await worker.kill();
      for (const close of open.reverse()) await close();
    });

    test('counts are equal, and zones are those of one machine without Kafka', async () => {
      const deliveries = devices.map(deliveriesOf);
      await world.takeIn(stores);
      const [first, second] = [await hire(), await hire()];
      const { towards, whole } = replay(world, deliveries);
      await towards(0.2);
      await hire();
      await towards(0.4);
      await first.kill();
      workers.delete(first);
      await towards(0.6);
      await broker.kill();
      await after(1_000);
      await broker.start();
      await towards(0.8);
      expect(await second.leave(), second.errors()).toBe(0);
      workers.delete(second);
      await towards(1);
      await hire();
      await whole;

      const frames = DEVICES * BATCHES * FRAMES;
      await settled(stores, frames);
      const gateway = createGateway({
        stores: alone,
        clock: { now: () => NOW },
        onDurable: () => undefined,
        onAlert: () => undefined,
        onFault: () => undefined,
      });
      for (const { device, payload } of deliveries.flat()) gateway.receive(device.registered, payload, () => undefined);
      gateway.flush();

      expect(stores.ledger.totals().framesAdmitted).toBe(frames);
      expect(alone.ledger.totals().framesAdmitted).toBe(frames);
      expect(contentsOf(stores)).toEqual(contentsOf(alone));
      for (const { registered } of devices)
        expect(stores.ledger.extents(registered.number, 3)).toEqual([[0, BATCHES * FRAMES]]);
      const vehicles = (of: CloudStores) => {
        const rows = of.ledger.aggregates.load();
        const kept = [...rows.vehicles];
        for (const _ of [...rows.years, ...rows.flows]);
        return kept;
      };
      expect(vehicles(stores)).toEqual(vehicles(alone));
      expect(world.faults.filter((fault) => fault.startsWith('forged'))).toEqual([]);
    }, 400_000);

    test('kcat reads the topics: each sequence once in the zones, and nothing of what was sent', () => {
      const read = (topic: string): readonly Buffer[] => readTopic(broker.address, topic);
      const { topics } = world.log;
      const zones = (['general', 'personal', 'geographic', 'important'] as const).map((zone) =>
        read(topics.zone(zone)),
      );
      const sequences = zones.flatMap((records, zone) =>
        records.flatMap((record) => {
          const [headAt, bytes] = [36, record.readUInt32BE(32)];
          const { deviceNumber, first, count, gaps } = JSON.parse(record.toString('utf8', headAt, headAt + bytes));
          const steps: number[] = gaps === null ? Array.from({ length: count - 1 }, () => 1) : JSON.parse(gaps);
          let last = first;
          return [first, ...steps.map((step) => (last += step))].map((one) => `${zone}/${deviceNumber}/${one}`);
        }),
      );
      expect(new Set(sequences).size).toBe(sequences.length);
      expect(sequences).toHaveLength(DEVICES * BATCHES * FRAMES);
      const everything = Buffer.concat([...zones.flat(), ...read(topics.raw), ...read(topics.books)]);
      expect(everything.length).toBeGreaterThan(100_000);
      for (const word of ['Vehicle.Speed', 'allow-signals', devices[0]?.vin ?? ''])
        expect(everything.includes(word)).toBe(false);
    });

    test('whoever consumes is listed with the address the broker sees', async () => {
      const path = (relative: string): string => relative;
      const config = { recordLog: { ...world.log.config, domesticRanges: ['127.0.0.0/8'] } };
      const listed = unwrapped(await listConsumers({ config, path }));
      const groups = new Set(listed.consumers.map(({ group }) => group));
      expect([...groups]).toEqual(['test.classify']);
      expect(listed.consumers.every(({ isDomestic }) => isDomestic)).toBe(true);
      expect(listed.consumers.flatMap(({ topics }) => topics)).toContain('test.raw');
      expect(listed.replicators).toEqual([]);
      const abroad = unwrapped(await listConsumers({ config: { recordLog: world.log.config }, path }));
      expect(abroad.consumers.some(({ isDomestic }) => isDomestic)).toBe(false);
    });
  },
);
