import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { describeIngest } from '../contract/ingest.contract.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { testBroker, whyNoKafka } from '../support/kafka/broker.ts';
import { kafkaWorld, settled, testKafkaConfig } from '../support/kafka/kafka-world.ts';

const why = whyNoKafka();
const open: (() => unknown)[] = [];

afterAll(async () => {
  for (const close of open.reverse()) await close();
});

describe.skipIf(why !== undefined)(`Apache Kafka (needs \`make integration\`: ${why ?? 'it runs'})`, () => {
  describeIngest('over Apache Kafka', async (devices) => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-kafka-'));
    open.push(() => rmSync(directory, { recursive: true, force: true }));
    const broker = await testBroker(join(directory, 'broker'));
    await broker.start();
    open.push(broker.stop);
    const stores = openStores(directory, devices);
    open.push(stores.close);
    const world = await kafkaWorld(directory, testKafkaConfig(broker.address), stores.register);
    open.push(world.close);
    await world.takeIn(stores);
    await world.join();
    return { stores, send: world.send, settle: (frames) => settled(stores, frames) };
  });
});
