import { setTimeout as after } from 'node:timers/promises';
import type { LogRecord } from '../ports/record-log.ts';
import {
  asked,
  connected,
  disconnected,
  KAFKA_REQUEST_MS,
  type KafkaConsumer,
  type KafkaLibrary,
  type KafkaSettings,
} from './kafka-client.ts';
import { openConsumer, readSome, WAIT_MS } from './kafka-reader.ts';

/** How long a transaction that somebody left open may keep a partition from being taken over. */
const SETTLED_MS_MAX = 120_000;

/** Reads everything that was committed to one partition of the state topic. */
export interface StateReader {
  readonly read: (partition: number, heard: (record: LogRecord) => void) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @throws KafkaError when the brokers cannot be reached */
export async function kafkaStateReader(
  library: KafkaLibrary,
  settings: KafkaSettings,
  topic: string,
): Promise<StateReader> {
  const reader = openConsumer(library, settings);
  // It sees where the partition ends, whatever of it is committed.
  const watcher = openConsumer(library, settings, { 'isolation.level': 'read_uncommitted' });
  await Promise.all([connected(reader), connected(watcher)]);
  reader.setDefaultConsumeTimeout(WAIT_MS);
  let reached = -1;
  reader.on('partition.eof', ({ offset }) => {
    reached = offset;
  });
  return {
    read: async (partition, heard) => {
      const end = await endOf(watcher, topic, partition);
      const deadline = Math.ceil(SETTLED_MS_MAX / WAIT_MS);
      for (let tries = 0; (await endOf(reader, topic, partition)) < end; tries += 1) {
        if (tries >= deadline) throw new Error('a transaction of somebody else stays open on the state topic');
        await after(WAIT_MS);
      }
      reached = -1;
      reader.assign([{ topic, partition, offset: OFFSET_BEGINNING }]);
      while (reached < end) for (const record of await readSome(reader)) heard(record);
      reader.unassign();
    },
    close: async () => {
      await disconnected(reader);
      await disconnected(watcher);
    },
  };
}

/** librdkafka's logical offset of the first record there is. */
const OFFSET_BEGINNING = -2;

/** Of a reader of what is committed, the first offset that may not be. */
async function endOf(consumer: KafkaConsumer, topic: string, partition: number): Promise<number> {
  const { highOffset } = await asked<{ readonly highOffset: number }>((done) =>
    consumer.queryWatermarkOffsets(topic, partition, KAFKA_REQUEST_MS, done),
  );
  return highOffset;
}
