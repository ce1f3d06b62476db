import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../../cloud/ingest/judge.ts';
import { AGE_DAYS_MAX, recheckAge, SPAN_DAYS_MAX } from '../../../../cloud/ingest/recheck-age.ts';
import { MINUTE_MS } from '../../../../proto/codec/sensor-frames.ts';
import type { FrameContent } from '../../../../proto/codec/telemetry-codec.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../../proto/words/time.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, TAG, tripRow } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';

const AGE_MS = AGE_DAYS_MAX * DAY_MS;
const SPAN_MS = SPAN_DAYS_MAX * DAY_MS;
const at = (instant: number) => signalFrame(undefined, instant as Instant);
const codeOf = (frames: readonly FrameContent[], now: number = NOW) =>
  recheckAge(batchOf(frames), now as Instant) ?? 'fine';
const update = (instant: number): FrameContent => ({
  ...{ kind: 'update', campaignSha256: new Uint8Array(32), state: 'offered', reason: 'none', step: 1, version: 1 },
  minute: Math.floor(instant / MINUTE_MS),
});

describe('a TCU that lost the time', () => {
  test('frames dated from the day its firmware was built are refused, whatever else they are', () => {
    const built = NOW - 200 * DAY_MS;
    for (const frame of [
      at(built),
      update(built),
      cellFrame({ hour: Math.floor(built / HOUR_MS) }),
      tripRow({ localDate: 2025_08_13 }),
    ])
      expect(codeOf([frame])).toBe('TIME_LONG_PAST');
  });

  test('and one that is told the time within a batch is believed in neither half of it', () => {
    expect(codeOf([at(NOW - 30 * DAY_MS), at(NOW)])).toBe('TIMES_APART');
    expect(codeOf([at(NOW), update(NOW - 30 * DAY_MS)])).toBe('TIMES_APART');
  });

  test('the gateway keeps what it sent in quarantine, also where it was told of no limit', () => {
    const device = testDevice(1);
    const payload = seal(batchOf([at(NOW - 200 * DAY_MS)]), device.key);
    expect(judge({ device: device.registered, payload, receivedAt: NOW }, {})).toMatchObject({
      rejection: 'TIME_LONG_PAST',
    });
    expect(
      judge(
        { device: device.registered, payload, receivedAt: NOW },
        { times: { ageMaxMs: 201 * DAY_MS, spanMaxMs: 7 * DAY_MS } },
      ),
    ).toMatchObject({
      rejection: undefined,
    });
  });
});

describe('what an honest vehicle does', () => {
  test('a month in a garage, and a whole season, are no doubt', () => {
    expect(codeOf([at(NOW - 31 * DAY_MS)])).toBe('fine');
    expect([codeOf([at(NOW - AGE_MS)]), codeOf([at(NOW - AGE_MS - 1)])]).toEqual(['fine', 'TIME_LONG_PAST']);
  });

  test('a week is the longest that a batch may span, and not a millisecond more', () => {
    expect([codeOf([at(NOW - SPAN_MS), at(NOW)]), codeOf([at(NOW - SPAN_MS - 1), at(NOW)])]).toEqual([
      'fine',
      'TIMES_APART',
    ]);
  });

  test('rows of trips wait for weeks beside signals of today', () => {
    expect(codeOf([tripRow({ localDate: 2026_02_01 }), at(NOW)])).toBe('fine');
  });

  test('a statement has no time', () => {
    expect(
      codeOf([
        { kind: 'withdrawal', subjectTag: TAG, purpose: 'care', grants: [] } as unknown as FrameContent,
        at(NOW),
      ]),
    ).toBe('fine');
  });
});

test('frames of one batch within a week, in any order, that came within the age are always fine; older ones never', () => {
  const offsets = fc.array(fc.nat(SPAN_MS), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(offsets, fc.nat(AGE_MS - SPAN_MS), fc.integer({ min: 1, max: 3_000 * DAY_MS }), (some, age, more) => {
      expect(codeOf(some.map((offset) => at(NOW - age - offset)))).toBe('fine');
      expect(codeOf([at(NOW), at(NOW - AGE_MS - more)])).toBe('TIME_LONG_PAST');
    }),
  );
});
