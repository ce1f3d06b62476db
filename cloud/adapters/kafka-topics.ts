import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import {
  asked,
  KAFKA_CODE,
  KAFKA_REQUEST_MS,
  type KafkaError,
  type KafkaLibrary,
  type KafkaSettings,
  kafkaUnreachable,
} from './kafka-client.ts';

export interface TopicWish {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** Keeps the last record of each key, and not those of some time. */
  readonly isCompacted?: boolean;
}

/** Of a topic: Apache Kafka's own default. */
const MESSAGE_BYTES = 1_048_588;

/** Makes topics that are not there; one that is stays as it is. @returns names of those that were made */
export async function makeKafkaTopics(
  library: KafkaLibrary,
  settings: KafkaSettings,
  wishes: readonly TopicWish[],
): Promise<Result<readonly string[], Fault>> {
  const made: string[] = [];
  try {
    const admin = library.AdminClient.create(settings);
    try {
      for (const wish of wishes) if (await make(admin, wish)) made.push(wish.topic);
    } finally {
      admin.disconnect();
    }
  } catch (cause) {
    return fail(kafkaUnreachable(cause));
  }
  return ok(made);
}

async function make(
  admin: ReturnType<KafkaLibrary['AdminClient']['create']>,
  { topic, partitions, replication, isCompacted = false }: TopicWish,
): Promise<boolean> {
  const config = {
    // One replica may be down, and what was acknowledged is still on two where there are three.
    'min.insync.replicas': String(Math.max(1, replication - 1)),
    // Whatever the brokers say for other topics: segments and books are made to fit it.
    'max.message.bytes': String(MESSAGE_BYTES),
    'cleanup.policy': isCompacted ? 'compact' : 'delete',
  };
  try {
    await asked((done) =>
      admin.createTopic(
        { topic, num_partitions: partitions, replication_factor: replication, config },
        KAFKA_REQUEST_MS,
        (error) => done(error, undefined),
      ),
    );
    return true;
  } catch (cause) {
    if ((cause as KafkaError).code === KAFKA_CODE.topicExists) return false;
    throw cause;
  }
}
