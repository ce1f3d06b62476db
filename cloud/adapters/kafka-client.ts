import { createRequire } from 'node:module';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

/** Settings of librdkafka by their names. */
export type KafkaSettings = Readonly<Record<string, string | number | boolean>>;

/** Error of librdkafka; its numbers are those of rd_kafka_resp_err_t. */
export interface KafkaError extends Error {
  readonly code: number;
  readonly isTxnRequiresAbort?: boolean;
}

export interface KafkaPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number;
}

export interface KafkaMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
}

type Done<T = unknown> = (error: KafkaError | null | undefined, value: T) => void;

interface KafkaClient {
  connect(options: { readonly timeout: number }, done: Done): unknown;
  disconnect(done: () => void): unknown;
  isConnected(): boolean;
  getMetadata(options: { readonly timeout: number }, done: Done<KafkaMetadata>): unknown;
  queryWatermarkOffsets(
    topic: string,
    partition: number,
    timeout: number,
    done: Done<{ readonly lowOffset: number; readonly highOffset: number }>,
  ): unknown;
  on(event: 'event.error', heard: (error: KafkaError) => void): unknown;
}

export interface KafkaMetadata {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly id: number }[] }[];
}

export interface KafkaProducer extends KafkaClient {
  produce(
    topic: string,
    partition: number | null,
    value: Buffer,
    key: string,
    timestamp: undefined,
    opaque?: unknown,
  ): unknown;
  flush(timeout: number, done: Done): unknown;
  setPollInterval(ms: number): unknown;
  on(
    event: 'delivery-report',
    heard: (error: KafkaError | null, report: { readonly opaque?: unknown }) => void,
  ): unknown;
  on(event: 'event.error', heard: (error: KafkaError) => void): unknown;
  initTransactions(timeout: number, done: Done): unknown;
  beginTransaction(done: Done): unknown;
  sendOffsetsToTransaction(
    offsets: readonly KafkaPlace[],
    consumer: KafkaConsumer,
    timeout: number,
    done: Done,
  ): unknown;
  commitTransaction(timeout: number, done: Done): unknown;
  abortTransaction(timeout: number, done: Done): unknown;
}

export interface KafkaConsumer extends KafkaClient {
  subscribe(topics: readonly string[]): unknown;
  unsubscribe(): unknown;
  assign(places: readonly KafkaPlace[]): unknown;
  unassign(): unknown;
  committed(places: readonly KafkaPlace[], timeout: number, done: Done<readonly KafkaPlace[]>): unknown;
  consume(count: number, done: Done<readonly KafkaMessage[]>): unknown;
  setDefaultConsumeTimeout(ms: number): unknown;
  on(event: 'partition.eof', heard: (place: Required<KafkaPlace>) => void): unknown;
  on(event: 'event.error', heard: (error: KafkaError) => void): unknown;
}

export interface NewTopic {
  readonly topic: string;
  readonly num_partitions: number;
  readonly replication_factor: number;
  readonly config: Readonly<Record<string, string>>;
}

interface KafkaAdmin {
  createTopic(topic: NewTopic, timeout: number, done: (error?: KafkaError | null) => void): unknown;
  disconnect(): unknown;
}

/** What is used of node-rdkafka 3. */
export interface KafkaLibrary {
  readonly Producer: new (settings: object, topicSettings: object) => KafkaProducer;
  readonly KafkaConsumer: new (settings: object, topicSettings: object) => KafkaConsumer;
  readonly AdminClient: { create(settings: object): KafkaAdmin };
}

/** Codes of librdkafka that mean something here. */
export const KAFKA_CODE = {
  queueFull: -184,
  assign: -175,
  revoke: -174,
  wrongState: -172,
  tooLarge: 10,
  topicExists: 36,
} as const;

/** How long one request to the brokers may take. */
export const KAFKA_REQUEST_MS = 15_000;

/** The client library: an optional peer, native, loaded where the configuration asks for Kafka and nowhere else. */
export function loadKafka(): Result<KafkaLibrary, Fault> {
  try {
    return ok(createRequire(import.meta.url)('node-rdkafka') as KafkaLibrary);
  } catch (cause) {
    return fail(clientMissing(causeText(cause)));
  }
}

/** Hears a call that answers in the manner of Node, and turns its error into an exception. */
export function asked<T = unknown>(call: (done: Done<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });
}

export function connected(client: KafkaClient): Promise<unknown> {
  return asked((done) => client.connect({ timeout: KAFKA_REQUEST_MS }, done));
}

/** A client that never connected has nothing to end. */
export function disconnected(client: KafkaClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.isConnected()) client.disconnect(resolve);
    else resolve();
  });
}

export function kafkaUnreachable(cause: unknown): Fault<'KAFKA_UNREACHABLE'> {
  const text = causeText(cause);
  return {
    code: 'KAFKA_UNREACHABLE',
    problem: bilingual(`the record log cannot be reached: ${text}`, `无法连接记录日志（Kafka）：${text}`),
    remedy: bilingual(
      'check `recordLog.brokers`, the network to them, and the rights and certificates of this client; vehicles keep what is not acknowledged',
      '请检查 `recordLog.brokers`、到各代理的网络，以及本客户端的权限与证书；未确认的数据保留在车辆上',
    ),
    retry: 'later',
  };
}

function clientMissing(cause: string): Fault<'KAFKA_CLIENT_MISSING'> {
  return {
    code: 'KAFKA_CLIENT_MISSING',
    problem: bilingual(
      `\`recordLog.kind: kafka\` needs the package node-rdkafka, which cannot be loaded: ${cause}`,
      `\`recordLog.kind: kafka\` 需要 node-rdkafka 软件包，但无法加载：${cause}`,
    ),
    remedy: bilingual(
      'run `npm install node-rdkafka@3.6.1` beside tongguan (it compiles for some minutes; docs/kafka.md), or set `recordLog.kind: sqlite`',
      '请在 tongguan 所在目录运行 `npm install node-rdkafka@3.6.1`（需编译数分钟，见 docs/kafka.md），或设置 `recordLog.kind: sqlite`',
    ),
    retry: 'after-remedy',
  };
}
