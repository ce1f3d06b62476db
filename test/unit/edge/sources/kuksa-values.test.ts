import { expect, test } from 'vitest';
import { entriesOf } from '../../../../edge/sources/kuksa-values.ts';
import { seededChance } from '../../../support/edge/seeded.ts';

test('a response that is none is none', () => {
  for (const response of [undefined, null, 7, {}, { entries: [] }, { entries: null }]) {
    expect(entriesOf(response)).toBeUndefined();
  }
});

test('100,000 odd datapoints: nothing throws, numbers are finite, texts keep to their limit, times are whole', () => {
  const chance = seededChance(55_555);
  const odd = [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e300, 2 ** 60, true, {}, []];
  const texts = ['', 'ON', 'x'.repeat(256), 'x'.repeat(257), '\u0000'];
  const pick = (): unknown => {
    const all = [...odd, ...texts];
    return all[Math.floor(chance() * all.length)];
  };
  const types = ['string', 'bool', 'int32', 'uint64', 'double', 'toString', '__proto__', undefined];
  let values = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const typedValue = types[Math.floor(chance() * types.length)];
    const value = chance() < 0.1 ? pick() : { typedValue, [typedValue ?? 'float']: pick() };
    const timestamp = chance() < 0.2 ? pick() : { seconds: pick(), nanos: pick() };
    const [entry] = entriesOf({ entries: { 'Vehicle.Speed': chance() < 0.1 ? pick() : { timestamp, value } } }) ?? [];
    if (entry === undefined || (entry.at !== undefined && !Number.isSafeInteger(entry.at))) throw new Error(`${index}`);
    if (entry.value.kind !== 'value') continue;
    values += 1;
    const own = entry.value.value;
    const isFit = typeof own === 'number' ? Number.isFinite(own) : String(own).length <= 256;
    if (!isFit || !['number', 'boolean', 'string'].includes(typeof own)) throw new Error(`${index}`);
  }
  expect(values).toBeGreaterThan(1_000);
});
