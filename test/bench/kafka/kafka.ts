import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { kafkaReader } from '../../../cloud/adapters/kafka-reader.ts';
import { kafkaSender } from '../../../cloud/adapters/kafka-sender.ts';
import { makeKafkaTopics } from '../../../cloud/adapters/kafka-topics.ts';
import type { OpenRecordLog } from '../../../cloud/open-record-log.ts';
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
  /** One worker: verified, classified, sealed by zone and committed with its offsets in transactions. */
  readonly worker: number;
}

const DEVICES = 32;
const IN_FLIGHT = 2_000;
const LOOK_EVERY_MS = 20;
const WAIT_MS_MAX = 240_000;

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
      const bare = await perSecond(payloads.length, () => sendBare(world.log, partitions, payloads));
      const intake = await perSecond(payloads.length, () => sendAll(payloads, world));
      const worker = await perSecond(payloads.length, () => classifyAll(world, payloads.length * framesPerMessage));
      figures.push({ partitions, framesPerMessage, bare, intake, worker });
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

async function perSecond(messages: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (messages * 1_000) / (performance.now() - begun);
}

async function sendBare(log: OpenRecordLog, partitions: number, payloads: readonly Payload[]): Promise<void> {
  const topic = `${log.config.prefix}.bare`;
  unwrapped(
    await makeKafkaTopics(log.library, log.settings, [{ ...log.config, partitions, topic, isCompacted: false }]),
  );
  const sender = unwrapped(await kafkaSender(log.library, log.settings, () => undefined));
  await eachInFlight(payloads, ({ device, bytes }, done) =>
    sender.send({ topic, key: String(device.registered.number), value: bytes }, done),
  );
  await sender.close();
}

const sendAll = (payloads: readonly Payload[], world: KafkaWorld): Promise<void> =>
  eachInFlight(payloads, ({ device, bytes }, done) => void world.send(device, bytes).then(done));

/** A named number of them on their way at one time. @throws Error for one that was not taken */
async function eachInFlight(
  payloads: readonly Payload[],
  send: (payload: Payload, done: (fault: unknown) => void) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  await new Promise<void>((resolve, reject) => {
    const more = (): void => {
      const payload = payloads[next];
      if (payload === undefined) return;
      next += 1;
      send(payload, (fault) => {
        if (fault !== undefined) return reject(new Error(JSON.stringify(fault)));
        done += 1;
        if (done === payloads.length) return resolve();
        more();
      });
    };
    for (let index = 0; index < IN_FLIGHT; index += 1) more();
  });
}

/** From the moment that a worker joins until what it committed has so many frames. */
async function classifyAll({ log, join }: KafkaWorld, frames: number): Promise<void> {
  const seen = new Map<string, number>();
  let ended: unknown;
  const reader = await kafkaReader(log.library, log.settings, {
    from: [{ topic: log.topics.state, positions: [] }],
    take: (_topic, records) => {
      for (const { key, value } of records) if (key !== undefined) seen.set(key, framesIn(value));
    },
    onEnd: (cause) => {
      ended = cause;
    },
  });
  const member = await join();
  const until = performance.now() + WAIT_MS_MAX;
  while (sum(seen.values()) < frames) {
    if (ended !== undefined || performance.now() > until)
      throw new Error(`${sum(seen.values())} of ${frames}: ${ended}`);
    await after(LOOK_EVERY_MS);
  }
  await reader.stop();
  await member.stop();
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
