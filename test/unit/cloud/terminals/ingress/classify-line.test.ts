import { expect, test } from 'vitest';
import { isKindId } from '../../../../../cloud/catalogue/catalogue.ts';
import { classifyGbLine, classifyJtLine } from '../../../../../cloud/terminals/ingress/classify-line.ts';
import { areSamplesThere, gbStream, jtSamples } from '../../../../support/cloud/terminal-samples.ts';

test('what is no frame is none, and a heartbeat is silent', () => {
  expect(classifyGbLine('zz')).toBeUndefined();
  expect(classifyJtLine('zz')).toBeUndefined();
  expect(classifyJtLine('232300')).toBeUndefined();
  expect(classifyGbLine('232307fe4c54475445535430303030303030303031010000b0')).toBe('silent');
});

const checksummed = (octets: readonly number[]): string => {
  const sum = octets.reduce((one, other) => one ^ other, 0);
  return Buffer.from([0x7e, ...octets, sum, 0x7e]).toString('hex');
};
const PHONE = [1, 0x38, 0, 0, 0, 1];

test('a frame is damaged where the platform would refuse its form', () => {
  const heartbeat = checksummed([0, 2, 0, 0, ...PHONE, 0, 1]);
  expect(classifyJtLine(heartbeat)).toBe('silent');
  expect(classifyJtLine('7e00')).toBe('damaged');
  expect(classifyJtLine(`${heartbeat.slice(0, -4)}ff7e`)).toBe('damaged');
  expect(classifyJtLine(checksummed([0, 2, 0, 9, ...PHONE, 0, 1]))).toBe('damaged');
  expect(classifyGbLine('232307fe4c54475445535430303030303030303031010000b1')).toBe('damaged');
});

test('a sound frame that nobody can read counts for every item, and no day is made up', () => {
  const unread = { at: undefined, kinds: ['jt808.frame-unread'] };
  // Unknown, encrypted, and a heartbeat that says it is part of something.
  expect(classifyJtLine(checksummed([0x12, 5, 0, 1, ...PHONE, 0, 1, 9]))).toMatchObject(unread);
  expect(classifyJtLine(checksummed([0, 2, 4, 0, ...PHONE, 0, 1]))).toMatchObject(unread);
  expect(classifyJtLine(checksummed([0, 2, 0x20, 0, ...PHONE, 0, 1, 0, 2, 0, 1]))).toMatchObject(unread);
  const encrypted = [7, 0xfe, ...Buffer.from('LTGTEST0000000001'), 3, 0, 1, 0x5a];
  const sum = encrypted.reduce((one, other) => one ^ other, 0);
  const line = Buffer.from([0x23, 0x23, ...encrypted, sum]).toString('hex');
  expect(classifyGbLine(line)).toEqual({
    vehicle: 'LTGTEST0000000001',
    at: undefined,
    kinds: ['gb32960.frame-unread'],
  });
});

test('a message without a position is of the kinds that the cloud keeps it under', () => {
  const code = [0, 5, 0x30, 0x31, 0x32, 0x33, 0x34];
  expect(classifyJtLine(checksummed([8, 0, 0, 8, ...PHONE, 0, 1, 0, 0, 0, 1, 0, 0, 1, 2]))).toMatchObject({
    kinds: ['jt808.media', 'jt808.frame'],
  });
  expect(classifyJtLine(checksummed([1, 2, 0, 7, ...PHONE, 0, 1, ...code]))).not.toBe('silent');
});

test.skipIf(!areSamplesThere)('real frames are of kinds that the catalogue has (needs ../shared/data)', () => {
  const read = [
    ...gbStream().map((frame) => classifyGbLine(frame.toString('hex'))),
    ...jtSamples().map(({ hex }) => classifyJtLine(hex)),
  ].flatMap((one) => (typeof one === 'object' ? [one] : []));
  expect(read.length).toBeGreaterThan(246);
  expect(read.flatMap(({ kinds }) => kinds).filter((kind) => !isKindId(kind))).toEqual([]);
  expect(read.filter(({ kinds }) => kinds.includes('gb32960.position.latitude')).length).toBe(242);
});
