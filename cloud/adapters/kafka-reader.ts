import { setTimeout as after } from 'node:timers/promises';
import type { LogReader, LogRecord, ReadFrom } from '../ports/record-log.ts';
import {
  asked,
  connected,
  disconnected,
  KAFKA_REQUEST_MS,
  type KafkaConsumer,
  type KafkaLibrary,
  type KafkaMessage,
  type KafkaMetadata,
  type KafkaPlace,
  type KafkaSettings,
} from './kafka-client.ts';

/** Records given at a time. */
export const RECORDS_AT_ONCE = 1_000;
/** How long a look for records waits where there are none. */
export const WAIT_MS = 100;

/** Settings that every consumer has: aborted transactions are never given, and where it stands is known elsewhere. */
export const CONSUMER_SETTINGS: KafkaSettings = {
  'isolation.level': 'read_committed',
  'enable.auto.commit': false,
  'enable.partition.eof': true,
  'fetch.wait.max.ms': WAIT_MS,
  'queued.max.messages.kbytes': 65_536,
};

export interface ReadingParts {
  readonly from: readonly ReadFrom[];
  /** Takes records of one topic in; what it throws ends the reading, and `onEnd` hears of it. */
  readonly take: (topic: string, records: readonly LogRecord[]) => void;
  /** Reading ended, and not because it was stopped. */
  readonly onEnd: (cause: unknown) => void;
}

/**
 * Reads whole topics from given positions on.
 *
 * @throws KafkaError when the brokers cannot be reached, Error when they do not know a topic
 */
export async function kafkaReader(
  library: KafkaLibrary,
  settings: KafkaSettings,
  { from, take, onEnd }: ReadingParts,
): Promise<LogReader> {
  const consumer = openConsumer(library, settings);
  await connected(consumer);
  consumer.setDefaultConsumeTimeout(WAIT_MS);
  try {
    consumer.assign(await placesOf(consumer, from));
  } catch (cause) {
    await disconnected(consumer);
    throw cause;
  }
  let isStopped = false;
  const reading = (async () => {
    while (!isStopped) {
      const records = await readSome(consumer);
      for (const [topic, some] of byTopic(records)) take(topic, some);
    }
  })().catch(onEnd);
  return {
    stop: async () => {
      isStopped = true;
      await reading;
      await disconnected(consumer);
    },
  };
}

/**
 * Where to go on in every partition. A topic that was just made is not known to each broker at once, and is asked for again
 * until it is: one that were left out would never be read, without a word to anybody.
 *
 * @throws Error for a topic that nobody knows
 */
async function placesOf(consumer: KafkaConsumer, from: readonly ReadFrom[]): Promise<readonly KafkaPlace[]> {
  for (let waited = 0; ; waited += ASK_AGAIN_MS) {
    const { topics } = await asked<KafkaMetadata>((done) => consumer.getMetadata({ timeout: KAFKA_REQUEST_MS }, done));
    const partitions = new Map(topics.map((known) => [known.name, known.partitions]));
    const unknown = from.find(({ topic }) => (partitions.get(topic) ?? []).length === 0);
    if (unknown === undefined)
      return from.flatMap(({ topic, positions }) => {
        const next = new Map(positions.map(({ partition, offset }) => [partition, offset]));
        const known = partitions.get(topic) ?? [];
        return known.map(({ id }) => ({ topic, partition: id, offset: next.get(id) ?? 0 }));
      });
    if (waited >= TOPICS_KNOWN_MS_MAX) throw new Error(`the brokers know no topic ${unknown.topic}`);
    await after(ASK_AGAIN_MS);
  }
}

/** Until every broker has heard of topics that were made. */
const TOPICS_KNOWN_MS_MAX = 30_000;
const ASK_AGAIN_MS = 100;

/** A group of its own name, which nobody joins: what is read is assigned. */
export function openConsumer(library: KafkaLibrary, settings: KafkaSettings, more: KafkaSettings = {}): KafkaConsumer {
  // A position that the topic no longer has is a loss, and not a reason to begin anywhere else.
  return new library.KafkaConsumer(
    { 'group.id': 'tongguan-reader', ...settings, ...CONSUMER_SETTINGS, ...more },
    { 'auto.offset.reset': 'error' },
  );
}

export async function readSome(consumer: KafkaConsumer, recordsMax = RECORDS_AT_ONCE): Promise<readonly LogRecord[]> {
  const messages = await asked<readonly KafkaMessage[]>((done) => consumer.consume(recordsMax, done));
  return messages.map(({ topic, partition, offset, key, value }) => ({
    ...{ topic, partition, offset },
    key: key === null || key === undefined ? undefined : String(key),
    value: value ?? NOTHING,
  }));
}

const NOTHING = new Uint8Array(0);

function byTopic(records: readonly LogRecord[]): ReadonlyMap<string, readonly LogRecord[]> {
  const topics = new Map<string, LogRecord[]>();
  for (const record of records) {
    const known = topics.get(record.topic);
    if (known === undefined) topics.set(record.topic, [record]);
    else known.push(record);
  }
  return topics;
}
