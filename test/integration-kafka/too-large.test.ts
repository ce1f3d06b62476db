import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecordLog } from '../../cloud/composition/open-record-log.ts';
import type { CloudStores } from '../../cloud/composition/open-stores.ts';
import { batchOf, seal, signalFrame } from '../support/cloud/batches.ts';
import { testDevice } from '../support/cloud/devices.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { until } from '../support/cloud/until.ts';
import { type TestBroker, testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { type KafkaWorld, kafkaWorld, settled, testKafkaConfig, unwrapped } from '../support/kafka/kafka-world.ts';

/** Of a batch. */
const FRAMES = 2_000;
/** What brokers take of one message where nobody says otherwise. */
const MESSAGE_BYTES = 1_048_588;

const device = testDevice(1);
const why = whyNoKafka();

/** A batch whose frames say little, so that many of them are a small payload. */
const evenBatch = (at: number, frames = FRAMES): Uint8Array =>
  seal(
    batchOf(
      Array.from({ length: frames }, () => signalFrame({ 'Vehicle.Speed': 1 })),
      { firstSequence: at * FRAMES },
    ),
    device.key,
  );

/** One that does not get smaller: other texts in each frame. */
const longBatch = (at: number): Uint8Array =>
  seal(
    batchOf(
      Array.from({ length: 200 }, (_, frame) =>
        signalFrame(
          Object.fromEntries(Array.from({ length: 4 }, (_, path) => [`Vehicle.P${path}`, textOf(frame, path)])),
        ),
      ),
      { firstSequence: at * FRAMES },
    ),
    device.key,
  );

/** Of every zone, since it is all the same which of them a payload goes to. */
const NARROW = Object.fromEntries(
  ['general', 'personal', 'geographic', 'important'].map((zone) => [`zone.${zone}`, 6_000]),
);

/** 31 letters that follow no pattern a compressor sees. */
function textOf(frame: number, path: number): string {
  let state = frame * 4 + path + 1;
  return Array.from({ length: 31 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  }).join('');
}

describe.skipIf(why !== undefined)(
  `what brokers refuse as too large (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-kafka-large-'));
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    let broker: TestBroker;

    beforeAll(async () => {
      broker = await testBroker(join(directory, 'broker'));
      await broker.start();
      open.push(broker.stop);
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    /** An installation of its own whose topics were made by somebody else, with limits of their own. */
    const installation = async (
      prefix: string,
      limits: Readonly<Record<string, number>> = {},
    ): Promise<{ readonly world: KafkaWorld; readonly stores: CloudStores }> => {
      const own = join(directory, prefix);
      mkdirSync(own);
      const config = testKafkaConfig(broker.address, { prefix, partitions: 1 });
      const { library, settings } = unwrapped(openRecordLog(config, (relative) => join(own, relative)));
      const admin = library.AdminClient.create(settings);
      for (const [name, bytes] of Object.entries(limits)) {
        const topic = { topic: `${prefix}.${name}`, num_partitions: 1, replication_factor: 1 };
        await new Promise<void>((resolve, reject) => {
          admin.createTopic({ ...topic, config: { 'max.message.bytes': String(bytes) } }, 15_000, (error) =>
            error ? reject(error) : resolve(),
          );
        });
      }
      admin.disconnect();
      const stores = openStores(own, [device]);
      open.push(stores.close);
      const world = await kafkaWorld(own, config, stores.register);
      open.push(world.close);
      return { world, stores };
    };

    test('a transaction of which the ledger is told more than a message holds goes through', async () => {
      const { world, stores } = await installation('books');
      const batches = 40;
      for (let at = 0; at < batches; at += 1) expect(await world.send(device, evenBatch(at))).toBeUndefined();
      await world.join();
      await world.takeIn(stores);
      await settled(stores, batches * FRAMES);
      expect(stores.ledger.extents(device.registered.number, 11)).toEqual([[0, batches * FRAMES]]);
      expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: batches * FRAMES, framesQuarantined: 0 });
      expect(world.faults).toEqual([]);
    }, 120_000);

    test('a payload of which no smaller records come goes to quarantine, and those around it into their zones', async () => {
      const { world, stores } = await installation('zone', NARROW);
      const payloads = [evenBatch(0, 10), longBatch(1), evenBatch(2, 10), longBatch(3), evenBatch(4, 10)];
      for (const payload of payloads) expect(await world.send(device, payload)).toBeUndefined();
      await world.join();
      await world.takeIn(stores);
      await settled(stores, 32);
      expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 30, framesQuarantined: 2 });
      expect(world.faults).toContain('RECORD_TOO_LARGE');
    }, 120_000);

    test('where the quarantine takes none either, it is told and waited, and nothing is passed over', async () => {
      const { world, stores } = await installation('none', { ...NARROW, quarantine: 6_000 });
      expect(await world.send(device, longBatch(0))).toBeUndefined();
      expect(await world.send(device, evenBatch(1, 10))).toBeUndefined();
      await world.join();
      await world.takeIn(stores);
      const told = (): number => world.faults.filter((code) => code === 'RECORD_TOO_LARGE').length;
      for (const times of [1, 2, 3]) await until(() => told() >= times);
      expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 0, framesQuarantined: 0 });
    }, 120_000);

    test('of a payload that is larger than any message quarantine has the beginning', async () => {
      const { world, stores } = await installation('payload');
      expect(await world.send(device, new Uint8Array(MESSAGE_BYTES * 2).fill(7))).toBeUndefined();
      expect(await world.send(device, evenBatch(0, 10))).toBeUndefined();
      await world.join();
      await world.takeIn(stores);
      await settled(stores, 11);
      expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 10, framesQuarantined: 1 });
      expect(world.faults).toEqual([]);
    }, 120_000);
  },
);
