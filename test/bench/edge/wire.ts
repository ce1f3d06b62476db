import { generateKeyPairSync } from 'node:crypto';
import { sealBatch } from '../../../edge/sealer.ts';
import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import { runStages } from '../../../edge/stages/run-stages.ts';
import { assert } from '../../../proto/words/result.ts';
import { DEVICE_ID_CHARACTERS, type DeviceId, uplinkTopic } from '../../../proto/words/topics.ts';
import { publishPacket } from '../ingest/packets.ts';
import { benchPolicy, benchStages } from './policy.ts';
import { rawSignals } from './raw-frames.ts';

/** Bytes of frames on the uplink, MQTT packet and signature included, beside the same frames as JSON. */
export interface WireSize {
  readonly framesPerBatch: number;
  readonly bytesPerFrame: number;
  /** One unsigned message a frame, with the same fields. */
  readonly jsonBytesPerFrame: number;
  /** One unsigned message a batch: a list of the same objects. */
  readonly jsonListBytesPerFrame: number;
}

const START_MS = Date.UTC(2026, 2, 1);

export function measureWire(): readonly WireSize[] {
  const policy = benchPolicy('strict');
  const stages = benchStages(policy);
  const steps = stages.map(({ name, parameters }) => ({ stage: name, parameters }));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return [1, 16, 64].map((framesPerBatch) => {
    const frames = Array.from({ length: framesPerBatch }, (_, second) => rawSignals(second, START_MS)).flatMap(
      (raw) => [...runStages(stages, policy, raw, () => undefined)],
    );
    assert(frames.length === framesPerBatch, 'every frame comes out');
    const header = { epoch: 193_428_131_138_000, firstSequence: 3_600, policy, steps, removals: [], drops: [] };
    const { bytes } = sealBatch(header, frames, privateKey);
    const documents = frames.map(jsonOf);
    const json = documents.reduce((sum, one) => sum + packetBytes(Buffer.from(JSON.stringify(one))), 0);
    return {
      framesPerBatch,
      bytesPerFrame: packetBytes(bytes) / framesPerBatch,
      jsonBytesPerFrame: json / framesPerBatch,
      jsonListBytesPerFrame: packetBytes(Buffer.from(JSON.stringify(documents))) / framesPerBatch,
    };
  });
}

const TOPIC = uplinkTopic('0'.repeat(DEVICE_ID_CHARACTERS) as DeviceId);

export const packetBytes = (payload: Uint8Array): number => publishPacket(TOPIC, payload).length;

/** The content of a sealed frame as one would send it in JSON: the tag in hexadecimal, the time in milliseconds. */
function jsonOf({ content }: SealedFrame): object {
  assert(content.kind === 'signals', 'the frames are of signals');
  const { subjectTag, observedAt, signals } = content;
  const values = Object.fromEntries(signals.map(({ path, value }) => [path, value]));
  return { subjectTag: Buffer.from(subjectTag).toString('hex'), observedAt, signals: values };
}
