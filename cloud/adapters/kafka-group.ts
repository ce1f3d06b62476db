import { setTimeout as after } from 'node:timers/promises';
import type { Fault } from '../../proto/words/fault.ts';
import type { GroupMember, LogRecord, NewLogRecord, PartitionWork, RecordSender } from '../ports/record-log.ts';
import { type Caution, createCaution, isTooLarge, recordTooLarge } from './kafka-caution.ts';
import {
  asked,
  connected,
  disconnected,
  KAFKA_CODE,
  KAFKA_REQUEST_MS,
  type KafkaConsumer,
  type KafkaError,
  type KafkaLibrary,
  type KafkaPlace,
  type KafkaProducer,
  type KafkaSettings,
  kafkaUnreachable,
} from './kafka-client.ts';
import { CONSUMER_SETTINGS, readSome, WAIT_MS } from './kafka-reader.ts';
import { bufferOf, PRODUCER_SETTINGS } from './kafka-sender.ts';
import { kafkaStateReader, type StateReader } from './kafka-state.ts';

export interface GroupParts {
  readonly group: string;
  readonly topic: string;
  /** As many partitions as `topic`; what a partition needs to be gone on with. */
  readonly stateTopic: string;
  /** Of this process and of no other, or the two throw each other out. */
  readonly transactionalId: string;
  readonly work: PartitionWork;
  /** Topics of other clusters, which no transaction here reaches: their records are delivered before it is committed. */
  readonly elsewhere?: ReadonlyMap<string, RecordSender>;
  readonly onFault: (fault: Fault) => void;
  readonly sessionMs?: number;
}

/** A member that is not heard of for so long is replaced, and a transaction that is not ended by then is aborted by the brokers. */
const SESSION_MS = 10_000;

/**
 * Consumes a topic in a group: what comes of some records and how far they were read are one transaction. Whatever goes wrong
 * ends the session; the next one begins where the last commit left off, with state read anew.
 */
export function joinKafkaGroup(library: KafkaLibrary, settings: KafkaSettings, parts: GroupParts): GroupMember {
  let isStopped = false;
  let session: Session | undefined;
  const caution = createCaution();
  const stopping = new AbortController();
  const running = (async () => {
    while (!isStopped) {
      try {
        session = await openSession(library, settings, { ...parts, caution });
        if (isStopped) session.end();
        await session.run();
      } catch (cause) {
        parts.onFault(isTooLarge(cause) ? recordTooLarge(cause) : kafkaUnreachable(cause));
      }
      await session?.close().catch((cause: unknown) => parts.onFault(kafkaUnreachable(cause)));
      session = undefined;
      parts.work.forget();
      if (!isStopped) await after(caution.waitMs(), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    partitions: () => session?.partitions() ?? [],
    stop: async () => {
      isStopped = true;
      stopping.abort();
      session?.end();
      await running;
    },
  };
}

interface Session {
  readonly run: () => Promise<void>;
  readonly partitions: () => readonly number[];
  readonly end: () => void;
  readonly close: () => Promise<void>;
}

interface SessionParts extends GroupParts {
  readonly caution: Caution;
}

async function openSession(library: KafkaLibrary, settings: KafkaSettings, parts: SessionParts): Promise<Session> {
  const { work, topic, caution } = parts;
  const producer = openProducer(library, settings, parts);
  const assignment = createAssignment(parts);
  const consumer = openMember(library, settings, parts, assignment.heard);
  const clients = [producer, consumer];
  let state: StateReader | undefined;
  let isEnding = false;
  const close = async (): Promise<void> => {
    if (consumer.isConnected()) assignment.leave(consumer);
    await Promise.all(clients.map(disconnected));
    await state?.close();
  };
  try {
    await Promise.all(clients.map(connected));
    state = await kafkaStateReader(library, settings, parts.stateTopic);
    await asked((done) => producer.initTransactions(KAFKA_REQUEST_MS, done));
  } catch (cause) {
    await close();
    throw cause;
  }
  consumer.setDefaultConsumeTimeout(WAIT_MS);
  consumer.subscribe([topic]);
  const open = { consumer, producer, state };
  return {
    partitions: assignment.partitions,
    close,
    end: () => {
      isEnding = true;
    },
    run: async () => {
      while (!isEnding) {
        const [given, records] = [assignment.number(), await readSome(consumer, caution.recordsMax())];
        // What was read of partitions that have changed hands since is read by whoever has them now.
        if (given === assignment.number() && records.length > 0) await transact(records, parts, open);
        await assignment.follow(open, work);
      }
    },
  };
}

interface OpenClients {
  readonly consumer: KafkaConsumer;
  readonly producer: KafkaProducer;
  readonly state: StateReader;
}

/** @throws whatever went wrong; nothing of it has happened then */
async function transact(records: readonly LogRecord[], parts: SessionParts, open: OpenClients): Promise<void> {
  const { producer, consumer } = open;
  const out = await parts.work.work(records, parts.caution.isUnfit);
  await asked((done) => producer.beginTransaction(done));
  try {
    await Promise.all(out.map((record) => put(record, parts, producer)));
    const next = nextOf(records);
    await asked((done) => producer.sendOffsetsToTransaction(next, consumer, KAFKA_REQUEST_MS, done));
    await asked((done) => producer.commitTransaction(KAFKA_REQUEST_MS, done));
    parts.caution.committed();
  } catch (cause) {
    parts.caution.failed(records, cause);
    await asked((done) => producer.abortTransaction(KAFKA_REQUEST_MS, done)).catch(() => undefined);
    throw cause;
  }
}

/** Waits only for other clusters: a commit here waits for everything that is part of it. */
function put(record: NewLogRecord, { elsewhere }: GroupParts, producer: KafkaProducer): Promise<void> | undefined {
  const { topic, partition = null, key, value } = record;
  const sender = elsewhere?.get(topic);
  if (sender === undefined) {
    producer.produce(topic, partition, bufferOf(value), key, undefined);
    return undefined;
  }
  return new Promise((resolve, reject) => {
    sender.send(record, (fault) => (fault === undefined ? resolve() : reject(new Error(fault.problem.en))));
  });
}

function nextOf(records: readonly LogRecord[]): readonly KafkaPlace[] {
  const next = new Map<number, KafkaPlace>();
  for (const { topic, partition, offset } of records) next.set(partition, { topic, partition, offset: offset + 1 });
  return [...next.values()];
}

interface Assignment {
  /** Told by the library, in the middle of anything. */
  readonly heard: (error: KafkaError, places: readonly KafkaPlace[]) => void;
  /** Does what was told, between two transactions. */
  readonly follow: (open: OpenClients, work: PartitionWork) => Promise<void>;
  /** From now on what is told is done at once: the library waits for it before it lets go. */
  readonly leave: (consumer: KafkaConsumer) => void;
  /** Counts what was told. */
  readonly number: () => number;
  readonly partitions: () => readonly number[];
}

function createAssignment({ topic }: GroupParts): Assignment {
  let told: { readonly code: number; readonly places: readonly KafkaPlace[] }[] = [];
  let number = 0;
  let partitions: readonly number[] = [];
  let leaving: KafkaConsumer | undefined;
  return {
    leave: (consumer) => {
      leaving = consumer;
      letGo(consumer);
    },
    heard: ({ code }, places) => {
      if (leaving !== undefined) letGo(leaving);
      told.push({ code, places });
      number += 1;
    },
    number: () => number,
    partitions: () => partitions,
    follow: async ({ consumer, state }, work) => {
      const orders = told;
      told = [];
      for (const { code, places } of orders) {
        partitions = [];
        work.forget();
        if (code !== KAFKA_CODE.assign) {
          consumer.unassign();
          continue;
        }
        // Answered once no transaction of whoever had the partitions is open, and so before their state is read.
        const from = await asked<readonly KafkaPlace[]>((done) => consumer.committed(places, KAFKA_REQUEST_MS, done));
        for (const { partition } of places) await state.read(partition, work.begin(partition));
        consumer.assign(from.map(({ partition, offset }) => ({ topic, partition, offset: offset ?? BEGINNING })));
        partitions = places.map(({ partition }) => partition);
      }
    },
  };
}

/** A consumer that is closing may have let go already, and then says so with an error. */
function letGo(consumer: KafkaConsumer): void {
  try {
    consumer.unassign();
  } catch {
    // Nothing is assigned to it any more, which is what was wanted.
  }
}

/** librdkafka's logical offset of the first record there is. */
const BEGINNING = -2;

function openProducer(
  library: KafkaLibrary,
  settings: KafkaSettings,
  { transactionalId, sessionMs = SESSION_MS, onFault }: GroupParts,
) {
  const producer = new library.Producer(
    {
      ...settings,
      ...PRODUCER_SETTINGS,
      dr_cb: false,
      'transactional.id': transactionalId,
      'transaction.timeout.ms': sessionMs,
      'message.timeout.ms': sessionMs,
    },
    {},
  );
  producer.on('event.error', (error) => onFault(kafkaUnreachable(error)));
  return producer;
}

function openMember(
  library: KafkaLibrary,
  settings: KafkaSettings,
  { group, sessionMs = SESSION_MS, onFault }: GroupParts,
  heard: Assignment['heard'],
): KafkaConsumer {
  const consumer = new library.KafkaConsumer(
    {
      ...settings,
      ...CONSUMER_SETTINGS,
      'group.id': group,
      'session.timeout.ms': sessionMs,
      'heartbeat.interval.ms': Math.floor(sessionMs / 5),
      'partition.assignment.strategy': 'roundrobin',
      rebalance_cb: heard,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  consumer.on('event.error', (error) => onFault(kafkaUnreachable(error)));
  return consumer;
}
