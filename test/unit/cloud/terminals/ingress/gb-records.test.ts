import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTerminalField, kindRow } from '../../../../../cloud/catalogue/catalogue.ts';
import { partition } from '../../../../../cloud/partition/partition.ts';
import { type GbFrame, writeGbFrame } from '../../../../../cloud/terminals/gb32960/frame.ts';
import { ITEMS_2016 } from '../../../../../cloud/terminals/gb32960/items-2016.table.ts';
import { ITEMS_2025 } from '../../../../../cloud/terminals/gb32960/items-2025.table.ts';
import { readUnit } from '../../../../../cloud/terminals/gb32960/unit.ts';
import { recordsOfGb } from '../../../../../cloud/terminals/ingress/gb-records.ts';
import { LOGIN_READINGS, READINGS } from '../../../../../cloud/terminals/ingress/readings.table.ts';
import { EPOCH_MS, placeOf, RECORDS_MAX } from '../../../../../cloud/terminals/ingress/record-place.ts';
import type { SubjectTag } from '../../../../../proto/words/subject.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const TAG = new Uint8Array(16) as SubjectTag;
const AT = Date.UTC(2026, 2, 1) as Instant;

function recordsOf(unit: Buffer, edition: 2016 | 2025 = 2016) {
  const frame: GbFrame = {
    ...{
      edition,
      command: 2,
      answer: 0xfe,
      vin: 'LTGTEST0000000001',
      encryption: 1,
      unit,
      checksum: 0,
      isChecksumGood: true,
    },
  };
  const octets = writeGbFrame(frame);
  if (!octets.ok) throw new Error(octets.fault.code);
  return { octets: octets.value, batch: recordsOfGb({ frame, unit: readUnit(frame), octets: octets.value }, AT, TAG) };
}

describe('records of a frame', () => {
  test('every reading is of a kind that the catalogue has', () => {
    const paths = [...Object.values(READINGS).flatMap((one) => Object.values(one)), ...Object.values(LOGIN_READINGS)];
    expect(paths.filter((path) => !isTerminalField(`gb32960.${path}`))).toEqual([]);
    const items = new Set([...ITEMS_2016, ...ITEMS_2025].filter(({ fields }) => fields).map(({ name }) => name));
    expect(Object.keys(READINGS).filter((name) => !items.has(name))).toEqual([]);
  });

  test('whatever a unit holds, positions and octets go to the geographic zone, octets are whole, and the limits hold', () => {
    const head = Buffer.from([26, 3, 1, 8, 0, 0]);
    const unit = fc.uint8Array({ maxLength: 9_000 }).map((bytes) => Buffer.concat([head, bytes]));
    fc.assert(
      fc.property(unit, fc.constantFrom(2016 as const, 2025 as const), (bytes, edition) => {
        const { octets, batch } = recordsOf(bytes, edition);
        expect(batch.frames.length).toBeLessThanOrEqual(RECORDS_MAX);
        const kept: Buffer[] = [];
        for (const frame of batch.frames)
          for (const { zone, content } of partition(frame)) {
            if (content.kind !== 'signals') throw new Error('readings only');
            expect(content.signals.length).toBeLessThanOrEqual(256);
            for (const { path, value } of content.signals) {
              expect(/position|frame/.test(path) ? zone : 'geographic').toBe('geographic');
              if (/^gb32960\.frame/.test(path)) kept.push(Buffer.from(String(value), 'base64'));
            }
          }
        expect(Buffer.concat(kept).equals(octets)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('a frame with something that no table knows counts for every item', () => {
    const head = [26, 3, 1, 8, 0, 0];
    const pathsOf = (tail: readonly number[]) =>
      recordsOf(Buffer.from([...head, ...tail])).batch.frames.flatMap((frame) =>
        frame.kind === 'signals' ? frame.signals.map(({ path }) => path) : [],
      );
    expect(pathsOf([])).toContain('gb32960.frame');
    expect(pathsOf([0x80, 0, 1, 7])).toContain('gb32960.frame-unread');
    expect(pathsOf([0x80, 0, 1, 7])).not.toContain('gb32960.custom.unit');
    expect(kindRow('gb32960.frame-unread').items.length).toBeGreaterThan(40);
  });
});

describe('the place of a frame', () => {
  test('follows from what it says, and stays within what a number holds', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_800 }).map((second) => (second * 1_000) as Instant);
    fc.assert(
      fc.property(instant, fc.uint8Array(), fc.uint8Array(), (at, one, other) => {
        const { epoch, sequence } = placeOf(at, one);
        expect(placeOf(at, one)).toEqual({ epoch, sequence });
        expect(Number.isSafeInteger(sequence + RECORDS_MAX) && Number.isSafeInteger(epoch)).toBe(true);
        expect(placeOf((at + EPOCH_MS) as Instant, one).epoch).toBe(epoch + 1);
        if (!Buffer.from(one).equals(Buffer.from(other))) expect(placeOf(at, other).sequence).not.toBe(sequence);
      }),
    );
  });
});
