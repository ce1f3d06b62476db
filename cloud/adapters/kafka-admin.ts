import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { LogConsumer } from '../ports/log-consumers.ts';

// The client library lists no groups, so the requests that do are made here, in versions that every broker since 0.11
// answers: https://kafka.apache.org/protocol, ListGroups v0, DescribeGroups v0 and Metadata v0.

export interface AdminConnection {
  /** Each broker knows the groups that it coordinates, so all of them are asked. */
  readonly brokers: readonly string[];
  /** Without it nothing is encrypted. */
  readonly tls?: ConnectionOptions;
}

const LIST_GROUPS = 16;
const DESCRIBE_GROUPS = 15;
const METADATA = 3;
const VERSION = 0;
const ANSWER_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 16_777_216;
const LENGTH_BYTES = 4;

/** Every consumer of every group of a cluster. */
export async function listKafkaConsumers(connection: AdminConnection): Promise<Result<readonly LogConsumer[], Fault>> {
  try {
    const all = await Promise.all(connection.brokers.map((broker) => consumersOf(broker, connection)));
    return ok(all.flat());
  } catch (cause) {
    return fail(notListed(causeText(cause)));
  }
}

/** Names of all topics of a cluster. */
export async function listKafkaTopics({ brokers, tls }: AdminConnection): Promise<Result<readonly string[], Fault>> {
  const [broker = ''] = brokers;
  try {
    const socket = await open(broker, tls);
    try {
      // An empty list asks for every topic.
      const from = reader(await ask(socket, METADATA, Buffer.alloc(4)));
      from.list(() => [from.int32(), from.text(), from.int32()]);
      return ok(from.list(() => readTopic(from)));
    } finally {
      socket.destroy();
    }
  } catch (cause) {
    return fail(notListed(causeText(cause)));
  }
}

function readTopic(from: Reader): string {
  from.int16();
  const name = from.text();
  from.list(() => {
    from.int16();
    for (let numbers = 0; numbers < 2; numbers += 1) from.int32();
    for (let lists = 0; lists < 2; lists += 1) from.list(() => from.int32());
  });
  return name;
}

async function consumersOf(broker: string, { tls }: AdminConnection): Promise<readonly LogConsumer[]> {
  const socket = await open(broker, tls);
  try {
    const listed = reader(await ask(socket, LIST_GROUPS, Buffer.alloc(0)));
    failOn(listed.int16());
    const groups = listed.list(() => ({ group: listed.text(), protocol: listed.text() }));
    const described = reader(await ask(socket, DESCRIBE_GROUPS, textsOf(groups.map(({ group }) => group))));
    return described.list(() => readGroup(described)).flat();
  } finally {
    socket.destroy();
  }
}

function readGroup(from: Reader): readonly LogConsumer[] {
  failOn(from.int16());
  const group = from.text();
  const [, protocolType] = [from.text(), from.text(), from.text()];
  return from.list(() => {
    from.text();
    const [client, host] = [from.text(), from.text()];
    from.bytes();
    const assignment = from.bytes();
    const topics = protocolType === 'consumer' && assignment.length > 0 ? topicsOf(assignment) : [];
    return { group, client, host: host.replace(/^\//, ''), topics };
  });
}

/** Assignment of the consumer protocol: version, then topics with their partitions. */
function topicsOf(assignment: Buffer): readonly string[] {
  const from = reader(assignment);
  from.int16();
  return from.list(() => {
    const topic = from.text();
    from.list(() => from.int32());
    return topic;
  });
}

interface Reader {
  readonly int16: () => number;
  readonly int32: () => number;
  readonly text: () => string;
  readonly bytes: () => Buffer;
  readonly list: <T>(one: () => T) => T[];
}

/** @throws RangeError past the end */
function reader(bytes: Buffer): Reader {
  let at = 0;
  const skip = (count: number): number => {
    at += count;
    return at - count;
  };
  const int16 = (): number => bytes.readInt16BE(skip(2));
  const int32 = (): number => bytes.readInt32BE(skip(4));
  const slice = (length: number): Buffer => bytes.subarray(at, skip(Math.max(0, length)) + Math.max(0, length));
  return {
    int16,
    int32,
    text: () => slice(int16()).toString('utf8'),
    bytes: () => slice(int32()),
    list: (one) => Array.from({ length: Math.max(0, int32()) }, one),
  };
}

function textsOf(texts: readonly string[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeInt32BE(texts.length);
  return Buffer.concat([count, ...texts.map(textOf)]);
}

function textOf(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

function failOn(code: number): void {
  if (code !== 0) throw new Error(`the broker answers with error ${code}`);
}

/** One request and its answer; nothing else is on the connection meanwhile. */
function ask(socket: Socket, api: number, body: Buffer): Promise<Buffer> {
  const head = Buffer.alloc(8);
  head.writeInt16BE(api, 0);
  head.writeInt16BE(VERSION, 2);
  const message = Buffer.concat([head, textOf('tongguan'), body]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(message.length);
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    const hear = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      const bytes = heard.length < LENGTH_BYTES ? 0 : heard.readInt32BE(0);
      if (bytes > ANSWER_BYTES_MAX) socket.destroy(new Error('the answer is too long'));
      if (heard.length < LENGTH_BYTES + bytes || bytes === 0) return;
      socket.off('data', hear);
      resolve(heard.subarray(LENGTH_BYTES + CORRELATION_BYTES, LENGTH_BYTES + bytes));
    };
    socket.on('data', hear);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the connection')));
    socket.write(Buffer.concat([length, message]));
  });
}

const CORRELATION_BYTES = 4;

function open(broker: string, tls: ConnectionOptions | undefined): Promise<Socket> {
  const at = broker.lastIndexOf(':');
  const [host, port] = [broker.slice(0, at).replace(/^\[|\]$/g, ''), Number(broker.slice(at + 1))];
  return new Promise((resolve, reject) => {
    const socket =
      tls === undefined
        ? connectTcp({ host, port }, () => resolve(socket))
        : connectTls({ ...tls, host, port, servername: host }, () => resolve(socket));
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
  });
}

export function notListed(cause: string): Fault<'CONSUMERS_NOT_LISTED'> {
  return {
    code: 'CONSUMERS_NOT_LISTED',
    problem: bilingual(
      `who reads the topics of the record log could not be found out: ${cause}`,
      `无法查明谁在读取记录日志的主题：${cause}`,
    ),
    remedy: bilingual(
      'list every broker under `recordLog.brokers` and let this client describe groups; until then count on a reader that nobody knows',
      '请在 `recordLog.brokers` 中列出全部代理，并授予本客户端描述消费组的权限；在此之前应按存在未知读取者处理',
    ),
    retry: 'after-remedy',
  };
}
