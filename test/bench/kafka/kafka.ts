import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaSender } from '../../../cloud/adapters/kafka-sender.ts';
import { makeKafkaTopics } from '../../../cloud/adapters/kafka-topics.ts';
import { aheadOf, createGateway } from '../../../cloud/gateway.ts';
import { admit } from '../../../cloud/ingest/admit.ts';
import { createVerifyAhead } from '../../../cloud/ingest/verify-ahead.ts';
import { assert } from '../../../proto/words/result.ts';
import { DAY_MS } from '../../../proto/words/time.ts';
import { NOW } from '../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../support/cloud/devices.ts';
import { openStores } from '../../support/cloud/open-stores.ts';
import { testBroker, whyNoKafka } from '../../support/kafka/broker.ts';
import { type KafkaWorld, kafkaWorld, testKafkaConfig, unwrapped } from '../../support/kafka/kafka-world.ts';
import type { FrameSize } from '../ingest/bench-frames.ts';
import { forgePayloads } from '../ingest/forge.ts';
import { checkCounts, classifyAll } from './worker.ts';

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
/** Each of a case's figures is taken over at most so long. */
const WINDOW_MS = 3_000;
/** CPU time. */
const CHECKED_MS = 1_000;

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
      const own = emptied(join(directory, `case-${index}`));
      const stores = openStores(own, devices);
      const config = testKafkaConfig(broker.address, { partitions, prefix: `bench-${index}` });
      const world = await kafkaWorld(own, config, stores.register);
      const payloads = inTurn(devices, framesPerMessage, messages);
      const bare = await sendBare(world, partitions, payloads);
      const intake = await sendAll(payloads, world);
      const worker = await classifyAll(world, own, intake.messages * framesPerMessage, WINDOW_MS);
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
