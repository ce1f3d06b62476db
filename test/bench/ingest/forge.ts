import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import { encodeSealedBatch, encodeSignedBatch, type SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import { uplinkTopic } from '../../../proto/words/topics.ts';
import { benchFrame, type FrameSize, frameBytes } from './bench-frames.ts';
import type { BenchDevice } from './fleet.ts';
import { publishPacket } from './packets.ts';

export interface ForgeOrder {
  readonly size: FrameSize;
  readonly framesPerMessage: number;
  /** Messages of each device. */
  readonly messages: number;
  /** Time of the first frame, milliseconds since 1970. */
  readonly startMs: number;
  /** Messages that each device sent before. */
  readonly sentBefore?: number;
}

/** Distinct signed batches with sequences in order, as MQTT packets; made before any clock starts. */
export interface Forged {
  readonly packets: readonly Buffer[];
  readonly framesPerMessage: number;
  readonly payloadBytes: number;
  /** Bytes of a frame within the first message. */
  readonly frameBytes: number;
}

export function forge(device: BenchDevice, number: number, order: ForgeOrder): Forged {
  const topic = uplinkTopic(device.device);
  const payloads = forgePayloads(createPrivateKey(device.key), number, order);
  return {
    packets: payloads.map((payload) => publishPacket(topic, payload)),
    framesPerMessage: order.framesPerMessage,
    payloadBytes: payloads.at(-1)?.length ?? 0,
    frameBytes: frameBytes(benchFrame(order.size, number, 0, order.startMs)),
  };
}

/** The same without a protocol around them. */
export function forgePayloads(key: KeyObject, number: number, order: ForgeOrder): readonly Uint8Array[] {
  const { size, framesPerMessage, messages, startMs, sentBefore = 0 } = order;
  return Array.from({ length: messages }, (_, index) => {
    const firstSequence = (sentBefore + index) * framesPerMessage;
    const frames = Array.from({ length: framesPerMessage }, (__, at) =>
      benchFrame(size, number, firstSequence + at, startMs),
    );
    const batch = encodeSealedBatch(batchOf(number, firstSequence, frames));
    const signature = sign('sha256', signedBytes('batch', batch), { key, dsaEncoding: 'ieee-p1363' });
    return encodeSignedBatch({ batch, signature });
  });
}

/** What the agent of that device seals. */
export function batchOf(number: number, firstSequence: number, frames: SealedBatch['frames']): SealedBatch {
  const header = { epoch: EPOCH + number, firstSequence, policyId: 'bench', policyVersion: 1, steps: STEPS };
  return { ...header, removals: [], drops: [], frames };
}

/** Messages of 300 bytes that mean nothing: what the broker that does nothing is sent. */
export function plainPackets(device: BenchDevice, count: number): readonly Buffer[] {
  const payload = Buffer.alloc(PLAIN_BYTES, 0x2e);
  return Array.from({ length: count }, () => publishPacket(uplinkTopic(device.device), payload));
}

const PLAIN_BYTES = 300;

/** As the agent's: a number of 48 bits drawn at random. */
const EPOCH = 193_428_131_138_000;

/** The steps an agent under the preset `strict` names. */
const STEPS = [
  { stage: 'drop-imagery', parameters: '' },
  { stage: 'position-strict', parameters: 'hold-back-h=24+6 classes=ratio-2' },
  { stage: 'allow-signals', parameters: 'paths=22' },
  { stage: 'tag-subject', parameters: 'time-floor-s=1' },
];
