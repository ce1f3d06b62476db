import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { kafkaReader } from '../../../cloud/adapters/kafka-reader.ts';
import { kafkaSender } from '../../../cloud/adapters/kafka-sender.ts';
import { makeKafkaTopics } from '../../../cloud/adapters/kafka-topics.ts';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import { admit } from '../../../cloud/ingest/admit.ts';
import { createVerifyAhead } from '../../../cloud/ingest/verify-ahead.ts';
import type { LogRecord } from '../../../cloud/ports/record-log.ts';
import { TOPIC_ZONES } from '../../../cloud/record-log/topics.ts';
import { decodeSegment } from '../../../cloud/record-log/zone-record.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../support/cloud/devices.ts';
import { openStores } from '../../support/cloud/open-stores.ts';
import { testBroker, whyNoKafka } from '../../support/kafka/broker.ts';
import { type KafkaWorld, kafkaWorld, testKafkaConfig, unwrapped } from '../../support/kafka/kafka-world.ts';
import type { FrameSize } from '../ingest/bench-frames.ts';
import { forgePayloads } from '../ingest/forge.ts';

/** Messages a second of the same payloads through one broker on this machine, one replica. */
export interface KafkaFigures {
  readonly partitions: number;
  readonly framesPerMessage: number;
  /** An idempotent producer that does nothing else, acknowledged by all in-sync replicas. */
  readonly bare: number;
  /** Signature checked, sealed for the workers, acknowledged by all in-sync replicas: what a vehicle waits for. */
  readonly intake: number;
  /** One worker: verified, classified, sealed by zone and committed with its offsets in transactions. From its first commit on. */
  readonly worker: number;
  /** The same payloads classified into the files of one process, without Kafka and without a network. */
  readonly embedded: number;
  /** What one core does that only verifies and decodes them: ingress does it once, and a worker again. */
  readonly checked: number;
}

const DEVICES = 32;
const IN_FLIGHT = 2_000;
const LOOK_EVERY_MS = 20;
/** Each of a case's figures is taken over at most so long; a worker has as long again to join. */
const WINDOW_MS = 3_000;
/** CPU time. */
const CHECKED_MS = 1_000;
const JOINED_MS_MAX = 15_000;
/** Until what the window did not measure is classified as well, so that it can be counted. */
const CLASSIFIED_MS_MAX = 120_000;
const SETTLED_MS = 500;
/** Before a segment on a topic. */
const MARK_BYTES = 32;

interface Payload {
  readonly device: TestDevice;
  readonly bytes: Uint8Array;
}

/** Why nothing is measured, or the figures of each number of partitions and frames in a message. */
export async function measureKafka(
  directory: string,
  cases: readonly { readonly partitions: number; readonly framesPerMessage: number; readonly messages: number }[],
): Promise<string | readonly KafkaFigures[]> {
  const why = whyNoKafka();
  if (why !== undefined) return why;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const broker = await testBroker(join(directory, 'broker'));
  await broker.start();
  const figures: KafkaFigures[] = [];
  try {
    for (const [index, { partitions, framesPerMessage, messages }] of cases.entries()) {
      const devices = Array.from({ length: DEVICES }, (_, number) => testDevice(number + 1));
      const stores = openStores(emptied(join(directory, `case-${index}`)), devices);
      const config = testKafkaConfig(broker.address, { partitions, prefix: `bench-${index}` });
      const world = await kafkaWorld(join(directory, `case-${index}`), config, stores.register);
      const payloads = inTurn(devices, framesPerMessage, messages);
      const bare = await sendBare(world, partitions, payloads);
      const intake = await sendAll(payloads, world);
      const worker = await classifyAll(world, intake.messages * framesPerMessage);
      assert(world.faults.length === 0, `nothing goes wrong, and it was said: ${world.faults.join(', ')}`);
      const checked = checkAll(payloads);
      const embedded = await storeAll(
        emptied(join(directory, `embedded-${index}`)),
        devices,
        payloads,
        framesPerMessage,
      );
      figures.push({
        ...{ partitions, framesPerMessage, embedded: embedded.perSecond, checked },
        ...{ bare: bare.perSecond, intake: intake.perSecond, worker: worker / framesPerMessage },
      });
      await world.close();
      stores.close();
    }
    return figures;
  } finally {
    await broker.stop();
  }
}

function emptied(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** One message of each vehicle after the other. */
function inTurn(devices: readonly TestDevice[], framesPerMessage: number, messages: number): readonly Payload[] {
  const size: FrameSize = 'frame';
  const order = { size, framesPerMessage, messages: Math.ceil(messages / devices.length), startMs: NOW - DAY_MS };
  const all = devices.map((device, number) => forgePayloads(device.key, number, order));
  return Array.from({ length: order.messages }).flatMap((_, index) =>
    devices.flatMap((device, number) => {
      const bytes = all[number]?.[index];
      return bytes === undefined ? [] : [{ device, bytes }];
    }),
  );
}

interface Sent {
  readonly messages: number;
  readonly perSecond: number;
}

async function sendBare({ log, faults }: KafkaWorld, partitions: number, payloads: readonly Payload[]): Promise<Sent> {
  const topic = `${log.config.prefix}.bare`;
  unwrapped(
    await makeKafkaTopics(log.library, log.settings, [{ ...log.config, partitions, topic, isCompacted: false }]),
  );
  const sender = unwrapped(await kafkaSender(log.library, log.settings, ({ code }) => faults.push(code)));
  const sent = await eachInFlight(payloads, ({ device, bytes }, done) =>
    sender.send({ topic, key: String(device.registered.number), value: bytes }, done),
  );
  await sender.close();
  return sent;
}

/** As the processes do it: signatures are verified ahead, by other threads. */
async function sendAll(payloads: readonly Payload[], world: KafkaWorld): Promise<Sent> {
  const ahead = createVerifyAhead(world.receive);
  return eachInFlight(payloads, ({ device, bytes }, done) => ahead.receive(device.registered, bytes, done));
}

/** Messages a second of one core that verifies and decodes, and nothing else. */
function checkAll(payloads: readonly Payload[]): number {
  const begun = process.cpuUsage();
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1_000;
  };
  let checked = 0;
  for (const { device, bytes } of payloads) {
    if (!admit(bytes, device.registered).ok) throw new Error('what is sent is admitted');
    checked += 1;
    if (cpuMs() > CHECKED_MS) break;
  }
  return (checked * 1_000) / cpuMs();
}

async function storeAll(
  directory: string,
  devices: readonly TestDevice[],
  payloads: readonly Payload[],
  framesPerMessage: number,
): Promise<Sent> {
  const stores = openStores(directory, devices);
  const faults: string[] = [];
  const gateway = aheadOf(
    createGateway({
      stores,
      clock: { now: () => NOW },
      onDurable: () => undefined,
      onAlert: (_, code) => faults.push(code),
      onFault: ({ code }) => faults.push(code),
    }),
  );
  const sent = await eachInFlight(payloads, ({ device, bytes }, done) =>
    gateway.receive(device.registered, bytes, done),
  );
  gateway.flush();
  const { framesAdmitted, framesQuarantined } = stores.ledger.totals();
  stores.close();
  checkCounts({ admitted: framesAdmitted, refused: framesQuarantined, sent: sent.messages * framesPerMessage });
  assert(faults.length === 0, `nothing goes wrong, and it was said: ${faults.join(', ')}`);
  return sent;
}

/** A figure of something that did not happen is none. */
function checkCounts(seen: { readonly sent: number; readonly admitted: number; readonly refused: number }): void {
  assert(seen.admitted === seen.sent && seen.refused === 0, `each frame is classified once: ${JSON.stringify(seen)}`);
}

/** A named number of them on their way at one time, until the window is over or there are no more. @throws Error for one that was not taken */
async function eachInFlight(
  payloads: readonly Payload[],
  send: (payload: Payload, done: (fault: unknown) => void) => void,
): Promise<Sent> {
  const begun = performance.now();
  let [next, done] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    const more = (): void => {
      const payload = performance.now() - begun < WINDOW_MS ? payloads[next] : undefined;
      if (payload === undefined) {
        if (done === next) resolve();
        return;
      }
      next += 1;
      send(payload, (fault) => {
        if (fault !== undefined) return reject(new Error(JSON.stringify(fault)));
        done += 1;
        more();
      });
    };
    for (let index = 0; index < IN_FLIGHT; index += 1) more();
  });
  return { messages: done, perSecond: (done * 1_000) / (performance.now() - begun) };
}

/** Frames a second of one worker, from its first commit until it has all of them or the window is over. */
async function classifyAll(world: KafkaWorld, frames: number): Promise<number> {
  const { log, join, faults } = world;
  const seen = new Map<string, number>();
  const reader = await readAll(world, [log.topics.state], ({ key, value }) => {
    if (key !== undefined) seen.set(key, framesIn(value));
  });
  const member = await join();
  const until = async (isSo: () => boolean, msMax: number): Promise<void> => {
    for (const last = performance.now() + msMax; !isSo() && performance.now() < last; ) {
      assert(faults.length === 0, `nothing goes wrong, and it was said: ${faults.join(', ')}`);
      await after(LOOK_EVERY_MS);
    }
  };
  await until(() => seen.size > 0, JOINED_MS_MAX);
  const [begun, first] = [performance.now(), sum(seen.values())];
  await until(() => sum(seen.values()) >= frames, WINDOW_MS);
  const perSecond = ((sum(seen.values()) - first) * 1_000) / (performance.now() - begun);
  await until(() => sum(seen.values()) >= frames, CLASSIFIED_MS_MAX);
  await reader.stop();
  await member.stop();
  await checkZones(world, frames);
  return perSecond;
}

/** What lies on the topics when the worker is done: every frame has something for the same zones and terms of retention, once each, and none is in quarantine. */
async function checkZones(world: KafkaWorld, frames: number): Promise<void> {
  const { topics } = world.log;
  let refused = 0;
  const counts = new Map<string, number>();
  const total = (): number => sum(counts.values());
  const all = [topics.quarantine, ...TOPIC_ZONES.map((zone) => topics.zone(zone))];
  const reader = await readAll(world, all, ({ topic, value }) => {
    if (topic === topics.quarantine) refused += 1;
    else {
      const { kind, retention, count } = decodeSegment(Buffer.from(value).subarray(MARK_BYTES)).head;
      const name = [topic, kind, retention].join('/');
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  });
  let before = -1;
  for (let waited = 0; waited < CLASSIFIED_MS_MAX && (total() < frames || total() > before); waited += SETTLED_MS) {
    before = total();
    await after(SETTLED_MS);
  }
  await reader.stop();
  if (counts.size === 0) checkCounts({ admitted: 0, refused, sent: frames });
  for (const admitted of counts.values()) checkCounts({ admitted, refused, sent: frames });
}

function readAll({ log, faults }: KafkaWorld, topics: readonly string[], heard: (record: LogRecord) => void) {
  return kafkaReader(log.library, log.settings, {
    from: topics.map((topic) => ({ topic, positions: [] })),
    take: (_topic, records) => records.forEach(heard),
    onEnd: (cause) => faults.push(`topics are not read: ${cause}`),
  });
}

function framesIn(value: Uint8Array): number {
  const { extents } = JSON.parse(Buffer.from(value).toString('utf8')) as { extents: readonly [number, number][] };
  return sum(extents.map(([first, end]) => end - first));
}

function sum(all: Iterable<number>): number {
  let total = 0;
  for (const one of all) total += one;
  return total;
}
