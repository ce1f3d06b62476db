import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { subjectTags } from '../../../../edge/adapters/vehicle-secret.ts';
import type { TagRotation } from '../../../../proto/words/subject.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import type { Vin } from '../../../../proto/words/vin.ts';
import { VIN_A, VIN_B } from '../../../support/edge/made-vin.ts';

const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function tag(text: string, { key = 1, vin = VIN_A, rotation = 'daily' as TagRotation } = {}): string {
  return Buffer.from(subjectTags(secret(key), vin as Vin, rotation)(Date.parse(text) as Instant)).toString('hex');
}

describe('subject tags', () => {
  test('a tag has 16 bytes and stands for one Shanghai day', () => {
    const day = ['2020-07-18T00:00:00+08:00', '2020-07-18T08:00:00+08:00', '2020-07-18T23:59:59.999+08:00'].map(
      (text) => tag(text),
    );
    expect(new Set(day).size).toBe(1);
    expect(day[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['2020-07-18T23:59:59.999+08:00', '2020-07-19T00:00:00+08:00'],
    ['2026-12-31T15:59:59Z', '2026-12-31T16:00:00Z'],
  ])('it turns between %s and %s', (before, after) => {
    expect(tag(before)).not.toBe(tag(after));
  });

  test('it does not turn at the end of a UTC day, which would split the commute', () => {
    expect(tag('2020-07-18T23:59:59Z')).toBe(tag('2020-07-19T00:00:00Z'));
  });

  test('no two of 1,000 days share a tag, and a day asked for again has its own', () => {
    const tags = subjectTags(secret(1), VIN_A as Vin, 'daily');
    const on = (day: number) => Buffer.from(tags((day * 86_400_000) as Instant)).toString('hex');
    const days = Array.from({ length: 1_000 }, (_, day) => on(18_000 + day));
    expect(new Set(days).size).toBe(1_000);
    expect(on(18_000)).toBe(days[0]);
  });

  test('vehicles differ under one secret, and secrets differ for one vehicle', () => {
    const at = '2020-07-18T09:00:00+08:00';
    const tags = [tag(at), tag(at, { vin: VIN_B }), tag(at, { key: 2 }), tag(at, { key: 2, vin: VIN_B })];
    expect(new Set(tags).size).toBe(4);
  });

  test('rotation `never` keeps one tag for ever, and it is no daily one', () => {
    const lasting = tag('2020-07-18T09:00:00+08:00', { rotation: 'never' });
    expect(tag('2031-01-01T00:00:00Z', { rotation: 'never' })).toBe(lasting);
    expect(lasting).not.toBe(tag('2020-07-18T09:00:00+08:00'));
  });

  test('who knows the VIN, the day and the scheme cannot make the tag without the secret', () => {
    const at = '2020-07-18T09:00:00+08:00';
    const day = Math.floor((Date.parse(at) + 8 * 3_600_000) / 86_400_000);
    const message = `tongguan.v1.subject\0day ${day}\0${VIN_A}`;
    const known = [
      createHash('sha256').update(message).digest('hex'),
      createHash('sha256').update(VIN_A).digest('hex'),
      ...['', VIN_A, 'tongguan', '\0'.repeat(32)].map((key) => createHmac('sha256', key).update(message).digest('hex')),
    ].map((digest) => digest.slice(0, 32));
    expect(known).not.toContain(tag(at));
    // The last byte of the secret decides as much as the first: no part of it is left out.
    const almost = secret(1);
    almost[31] = 2;
    expect(Buffer.from(subjectTags(almost, VIN_A as Vin, 'daily')(Date.parse(at) as Instant)).toString('hex')).not.toBe(
      tag(at),
    );
  });

  test('a tag holds no text of the VIN', () => {
    const bytes = Buffer.from(tag('2020-07-18T09:00:00+08:00'), 'hex').toString('latin1');
    for (let start = 0; start + 4 <= VIN_A.length; start += 1)
      expect(bytes).not.toContain(VIN_A.slice(start, start + 4));
  });
});
