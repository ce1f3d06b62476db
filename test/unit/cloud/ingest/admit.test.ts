import { generateKeyPairSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { admit, claimOf, whoseVin } from '../../../../cloud/ingest/admit.ts';
import { deflate, INFLATED_BYTES_MAX } from '../../../../proto/codec/deflated.ts';
import { messageCodec } from '../../../../proto/codec/schema.ts';
import { encodeBatchBody, encodeSealedBatch, encodeSignedBatch } from '../../../../proto/codec/telemetry-codec.ts';
import { PAYLOAD_BYTES_MAX } from '../../../../proto/words/topics.ts';
import {
  batchOf,
  cellFrame,
  seal,
  sealBody,
  sealBytes,
  signalFrame,
  signatureOver,
  tripRow,
} from '../../../support/cloud/batches.ts';
import { deviceWith, testDevice } from '../../../support/cloud/devices.ts';
import { testVin } from '../../../support/cloud/vins.ts';

const device = testDevice(1);
const other = testDevice(2);
const batch = batchOf([signalFrame(), cellFrame(), tripRow()]);
const sealed = seal(batch, device.key);

const codeOf = (payload: Uint8Array, by = device): string => {
  const admitted = admit(payload, by.registered);
  return admitted.ok ? 'admitted' : admitted.fault;
};

/** A field number that no message of the schema has, as a varint of value 1. */
const UNKNOWN_FIELD = Buffer.from([0xa0, 0x06, 0x01]);

describe('admit', () => {
  test('gives the batch that the device signed', () => {
    const admitted = admit(sealed, device.registered);
    expect(admitted.ok && admitted.value).toMatchObject({ epoch: 11, firstSequence: 0, policyId: 'test' });
    expect(admitted.ok && admitted.value.frames.map(({ kind }) => kind)).toEqual(['signals', 'cell', 'trip']);
  });

  test('refuses every truncation, the empty payload included', () => {
    const codes = new Set(Array.from(sealed, (_, length) => codeOf(sealed.subarray(0, length))));
    expect(codes).not.toContain('admitted');
    // Cut inside a field it is no message; cut between the two it has no signature.
    expect([...codes].sort()).toEqual(['FRAME_LIMIT', 'FRAME_SCHEMA']);
  });

  test('refuses what is larger than a payload may be before it looks inside, and takes the largest', () => {
    expect(codeOf(Buffer.alloc(PAYLOAD_BYTES_MAX + 1))).toBe('PAYLOAD_TOO_LARGE');
    expect(codeOf(Buffer.alloc(PAYLOAD_BYTES_MAX))).toBe('FRAME_SCHEMA');
  });

  test.each([
    ['text', Buffer.from('{"speed":42}')],
    ['noise', Buffer.from('ff'.repeat(200), 'hex')],
  ])('refuses %s as another schema', (_, payload) => {
    expect(codeOf(payload)).toBe('FRAME_SCHEMA');
  });

  test('refuses a batch without its envelope', () => {
    expect(codeOf(encodeSealedBatch(batch))).toBe('FRAME_SCHEMA');
    expect(codeOf(encodeBatchBody(batch))).toBe('FRAME_LIMIT');
  });

  test('refuses a signed batch of another schema', () => {
    expect(codeOf(sealBytes(Buffer.from('hello'), device.key))).toBe('FRAME_SCHEMA');
  });

  test('refuses a field that the schema does not name, in the envelope and in the batch', () => {
    expect(codeOf(Buffer.concat([sealed, UNKNOWN_FIELD]))).toBe('FRAME_UNKNOWN_FIELD');
    const extended = Buffer.concat([encodeBatchBody(batch), UNKNOWN_FIELD]);
    expect(codeOf(sealBody(extended, device.key))).toBe('FRAME_UNKNOWN_FIELD');
  });

  test('refuses a limit broken inside a signed batch', () => {
    const noPolicy = encodeBatchBody(batch).filter((_, at) => at < 2);
    expect(codeOf(sealBody(noPolicy, device.key))).toBe('FRAME_LIMIT');
  });

  test('takes any stream that stands for the body, and none that goes on behind it or is not whole', () => {
    const body = encodeBatchBody(batch);
    const stored = deflateRawSync(body, { level: 0 });
    expect(stored.length).toBeGreaterThan(body.length);
    expect(codeOf(sealBytes(stored, device.key))).toBe('admitted');
    const whole = deflate(body);
    expect(codeOf(sealBytes(Buffer.concat([whole, Buffer.from([0])]), device.key))).toBe('FRAME_SCHEMA');
    expect(codeOf(sealBytes(Buffer.concat([whole, whole]), device.key))).toBe('FRAME_SCHEMA');
    for (let cut = 1; cut < whole.length; cut += 1)
      expect(codeOf(sealBytes(whole.subarray(0, cut), device.key))).toBe('FRAME_SCHEMA');
    expect(codeOf(sealBytes(body, device.key))).toBe('FRAME_SCHEMA');
  });

  test('stops unfolding at the limit, signed or not', () => {
    const bomb = deflateRawSync(Buffer.alloc(60_000_000));
    expect(bomb.length).toBeLessThan(PAYLOAD_BYTES_MAX);
    expect(codeOf(sealBytes(bomb, device.key))).toBe('FRAME_LIMIT');
    expect(codeOf(sealBytes(deflateRawSync(Buffer.alloc(INFLATED_BYTES_MAX)), device.key))).toBe('FRAME_SCHEMA');
    expect(codeOf(sealBytes(deflateRawSync(Buffer.alloc(INFLATED_BYTES_MAX + 1)), device.key))).toBe('FRAME_LIMIT');
    expect(claimOf(sealBytes(bomb, other.key))).toBeUndefined();
  });

  test('refuses what is unsigned, with no signature and with one of zeros', () => {
    const bytes = encodeSealedBatch(batch);
    const unsigned = Buffer.concat([Buffer.from([0x0a, (bytes.length & 0x7f) | 0x80, bytes.length >> 7]), bytes]);
    expect(codeOf(unsigned)).toBe('FRAME_LIMIT');
    expect(codeOf(encodeSignedBatch({ batch: bytes, signature: new Uint8Array(64) }))).toBe('SIGNATURE_INVALID');
  });

  test('refuses the signature of another key, whichever of the two devices sends it', () => {
    expect(codeOf(seal(batch, other.key))).toBe('SIGNATURE_INVALID');
    expect(codeOf(sealed, other)).toBe('SIGNATURE_INVALID');
  });

  test('refuses a signature over other bytes, and one over another kind of body', () => {
    const bytes = encodeSealedBatch(batch);
    const later = encodeSealedBatch({ ...batch, firstSequence: 1 });
    const moved = encodeSignedBatch({ batch: later, signature: signatureOver(bytes, device.key) });
    expect(codeOf(moved)).toBe('SIGNATURE_INVALID');
  });

  test('refuses frames whose last sequence a number cannot hold exactly', () => {
    const frames = [tripRow(), tripRow(), tripRow()];
    const at = (firstSequence: number) => codeOf(seal(batchOf(frames, { firstSequence }), device.key));
    expect(at(Number.MAX_SAFE_INTEGER - frames.length)).toBe('admitted');
    expect(at(Number.MAX_SAFE_INTEGER - frames.length + 1)).toBe('FRAME_LIMIT');
    expect(at(Number.MAX_SAFE_INTEGER)).toBe('FRAME_LIMIT');
  });

  test.each([
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ])('refuses everything of a device registered with an %s key, and throws nothing', (_, key) => {
    expect(codeOf(sealed, deviceWith(key))).toBe('SIGNATURE_INVALID');
  });
});

describe('claimOf', () => {
  test('reads the sequences of a batch whoever signed it', () => {
    const foreign = seal({ ...batch, firstSequence: 40 }, other.key);
    expect(claimOf(foreign)).toEqual({ epoch: 11, firstSequence: 40, count: 3 });
  });

  test('gives nothing for what is no batch', () => {
    expect(claimOf(Buffer.from('noise'))).toBeUndefined();
    expect(claimOf(sealBytes(Buffer.from('hello'), other.key))).toBeUndefined();
  });
});

describe('a VIN in what is refused', () => {
  const says = (vin: string): Uint8Array => Buffer.from(`{"vin":"${vin}","speed":42}`);

  test('another vehicle than the certificate names is a mismatch', () => {
    expect(codeOf(says(testVin(77)))).toBe('VIN_MISMATCH');
  });

  test("the device's own is a VIN where none belongs", () => {
    expect(codeOf(says(device.vin))).toBe('VIN_IN_PAYLOAD');
  });

  test("own and another's together are a mismatch", () => {
    expect(codeOf(says(`${device.vin} ${testVin(77)}`))).toBe('VIN_MISMATCH');
  });

  test.each([
    ['compressed', sealBody],
    ['plain', sealBytes],
  ])('is found inside a signed batch of another schema too, %s', (_, sealed) => {
    expect(codeOf(sealed(says(testVin(77)), device.key))).toBe('VIN_MISMATCH');
    expect(codeOf(sealed(says(device.vin), device.key))).toBe('VIN_IN_PAYLOAD');
  });

  test('is found between bytes that are no text', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(testVin(77)), Buffer.from([0x80, 0xfe])]);
    expect(whoseVin(bytes, device.registered)).toBe('VIN_MISMATCH');
  });

  test('seventeen characters with a wrong check digit are no VIN', () => {
    const wrong = device.vin.slice(0, 8) + (device.vin.charAt(8) === '3' ? '4' : '3') + device.vin.slice(9);
    expect(whoseVin(Buffer.from(wrong), device.registered)).toBeUndefined();
    expect(codeOf(says(wrong))).toBe('FRAME_SCHEMA');
  });

  test('a message of the schema whose wire form holds a VIN is judged by its content, not by chance bytes', () => {
    const raw = messageCodec('SignedBatch').encode({ batch: Buffer.from(device.vin), signature: new Uint8Array(64) });
    expect(codeOf(raw)).toBe('SIGNATURE_INVALID');
  });
});
