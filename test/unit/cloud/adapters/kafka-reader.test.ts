import { expect, test } from 'vitest';
import type {
  KafkaConsumer,
  KafkaLibrary,
  KafkaMetadata,
  KafkaPlace,
} from '../../../../cloud/adapters/kafka-client.ts';
import { kafkaReader } from '../../../../cloud/adapters/kafka-reader.ts';

/** As librdkafka answers: what the brokers know of topics, one answer after the other, and no records. */
function libraryKnowing(answers: readonly (readonly string[])[]) {
  const assigned: KafkaPlace[] = [];
  const left = [...answers];
  const consumer: Partial<KafkaConsumer> = {
    connect: (_options, done) => done(null, undefined),
    isConnected: () => true,
    disconnect: (done) => done(),
    setDefaultConsumeTimeout: () => undefined,
    getMetadata: (_options, done) => {
      const names = left.length > 1 ? left.shift() : left[0];
      const topics = (names ?? []).map((name) => ({ name, partitions: [{ id: 0 }, { id: 1 }] }));
      done(null, { topics } satisfies KafkaMetadata);
    },
    assign: (places) => void assigned.push(...places),
    consume: (_count, done) => void setImmediate(() => done(null, [])),
  };
  const library: Pick<KafkaLibrary, 'KafkaConsumer'> = {
    KafkaConsumer: function open() {
      return consumer;
    } as never,
  };
  return { library: library as KafkaLibrary, assigned };
}

test('a topic that was just made, and of which a broker has not heard yet, is read all the same', async () => {
  const { library, assigned } = libraryKnowing([['books'], ['books'], ['books', 'zone']]);
  const reader = await kafkaReader(
    library,
    {},
    {
      from: [
        { topic: 'books', positions: [{ topic: 'books', partition: 1, offset: 7 }] },
        { topic: 'zone', positions: [] },
      ],
      take: () => undefined,
      onEnd: () => undefined,
    },
  );
  await reader.stop();
  expect(assigned).toEqual([
    { topic: 'books', partition: 0, offset: 0 },
    { topic: 'books', partition: 1, offset: 7 },
    { topic: 'zone', partition: 0, offset: 0 },
    { topic: 'zone', partition: 1, offset: 0 },
  ]);
});
