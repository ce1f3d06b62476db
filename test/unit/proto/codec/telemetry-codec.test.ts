import { describe, expect, test } from 'vitest';
import { messageCodec } from '../../../../proto/codec/schema.ts';
import {
  decodeBatchBody,
  decodeSealedBatch,
  decodeSignedBatch,
  encodeBatchBody,
  encodeSealedBatch,
  type SealedBatch,
} from '../../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../../proto/words/subject.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const tag = new Uint8Array(16).fill(7) as SubjectTag;

const batch: SealedBatch = {
  epoch: 2 ** 48 - 1,
  firstSequence: 2 ** 53 - 1,
  policyId: 'tour',
  policyVersion: 3,
  steps: [{ stage: 'allow-signals', parameters: 'paths=7' }],
  removals: [{ cause: 'imagery', count: 2 }],
  drops: [{ firstSequence: 5, count: 3, cause: 'spool-full' }],
  frames: [
    {
      kind: 'signals',
      subjectTag: tag,
      observedAt: 1_700_000_000_123 as Instant,
      signals: [
        { path: 'Vehicle.IsMoving', value: false },
        { path: 'Vehicle.Powertrain.Type', value: 'ELECTRIC' },
        { path: 'Vehicle.Speed', value: 0 },
      ],
    },
    { kind: 'cell', subjectTag: tag, hour: 472_222, sizeM: 5000, zone: 40, row: 692, column: 96 },
    { kind: 'cell', subjectTag: tag, hour: 472_222, sizeM: 5000, zone: 40, row: 692, column: 96, quarter: 3 },
    { kind: 'trip', localDate: 20_200_718, distanceClass: 4, durationClass: 0 },
  ],
  quanta: [{ path: 'Vehicle.Speed', quantumMillionths: 100_000 }],
};

describe('telemetry codec', () => {
  test('gives back every kind of frame, the largest numbers and values that are protobuf defaults', () => {
    const decoded = decodeSealedBatch(encodeSealedBatch(batch));
    expect(decoded.ok).toBe(true);
    if (!decoded.ok) return;
    expect(JSON.parse(JSON.stringify(decoded.value))).toEqual(
      JSON.parse(JSON.stringify({ ...batch, frames: withBuffers(batch) })),
    );
  });

  test('refuses an unknown field at the top and inside a frame', () => {
    const bytes = encodeBatchBody(batch);
    const extra = Buffer.concat([bytes, Buffer.from([0xa0, 0x06, 0x01])]);
    expect(decodeBatchBody(extra)).toMatchObject({ ok: false, fault: { code: 'CODEC_UNKNOWN_FIELD' } });
    const trip = Buffer.from([0x1a, 0x05, 0x08, 0x01, 0xa0, 0x06, 0x01]);
    const empty = encodeBatchBody({ ...batch, drops: [], frames: [], quanta: [] });
    const inside = Buffer.concat([empty, Buffer.from([0x42, trip.length]), trip]);
    expect(decodeBatchBody(inside)).toMatchObject({ ok: false, fault: { code: 'CODEC_UNKNOWN_FIELD' } });
  });

  test('tells no grid of a path that no frame of the batch names', () => {
    const quanta = [...(batch.quanta ?? []), { path: 'Vehicle.Exterior.AirTemperature', quantumMillionths: 5 }];
    const decoded = decodeSealedBatch(encodeSealedBatch({ ...batch, quanta }));
    expect(decoded.ok && decoded.value.quanta).toEqual(batch.quanta);
  });

  test.each([
    ['a grid of a path outside the list', { quanta: [{ path: 3, quantumMillionths: 1 }] }, 'CODEC_SYNTAX'],
    ['a grid of nothing', { paths: ['Vehicle.Speed'], quanta: [{ path: 0 }] }, 'CODEC_SYNTAX'],
    ['a frame without content', { frames: [{}] }, 'CODEC_SYNTAX'],
    ['a path that no column names', { paths: ['Vehicle.Speed'] }, 'CODEC_SYNTAX'],
    ['columns that are none', { signals: Buffer.from([1]) }, 'CODEC_SYNTAX'],
    [
      'a frame of signals by rows',
      { frames: [{ signals: { subjectTag: tag, observedAtMs: 1, signals: [] } }] },
      'CODEC_SYNTAX',
    ],
  ])('refuses %s', (_, change, code) => {
    const raw = messageCodec('SealedBatch').encode({ policyId: 'p', paths: [], ...change });
    expect(decodeBatchBody(raw)).toMatchObject({ ok: false, fault: { code } });
  });

  test('refuses what is too long on decode and never encodes it', () => {
    const long = { ...batch, policyId: 'x'.repeat(65) };
    expect(() => encodeSealedBatch(long)).toThrow('policyId');
    const bytes = Buffer.concat([Buffer.from([0x1a, 65]), Buffer.alloc(65, 0x61)]);
    expect(decodeBatchBody(bytes)).toEqual({
      ok: false,
      fault: { code: 'CODEC_LIMIT', where: 'SealedBatch.policyId' },
    });
  });

  test('refuses a number that is not finite and a tag that is too short', () => {
    const raw = (value: number, subjectTag: Uint8Array) => ({
      ...batch,
      frames: [
        {
          kind: 'signals' as const,
          subjectTag: subjectTag as SubjectTag,
          observedAt: 1 as Instant,
          signals: [{ path: 'Vehicle.Speed', value }],
        },
      ],
    });
    expect(() => encodeSealedBatch(raw(Number.NaN, tag))).toThrow('number');
    expect(() => encodeSealedBatch(raw(1, tag.subarray(1)))).toThrow('subjectTag');
  });

  test('refuses truncated bytes and an empty signature', () => {
    expect(decodeSignedBatch(encodeSealedBatch(batch).subarray(0, 9)).ok).toBe(false);
    expect(decodeSignedBatch(Buffer.from([0x0a, 1, 1])).ok).toBe(false);
    expect(decodeSignedBatch(new Uint8Array(0)).ok).toBe(false);
  });
});

/** Decoded bytes are Buffers; JSON tells them from plain arrays. */
function withBuffers(value: SealedBatch): unknown[] {
  return value.frames.map((frame) =>
    'subjectTag' in frame ? { ...frame, subjectTag: Buffer.from(frame.subjectTag) } : frame,
  );
}
