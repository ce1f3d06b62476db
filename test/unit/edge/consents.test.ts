import { describe, expect, test } from 'vitest';
import { createConditions } from '../../../edge/conditions.ts';
import { createDrain } from '../../../edge/drain.ts';
import type { Uplink } from '../../../edge/ports/uplink.ts';
import { CONSENT_KINDS, CONSENT_SUBJECTS, POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { openBatch, SYSTEM_NOW } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import {
  type ConsentRig,
  consentPolicy,
  createConsentRig,
  JOURNEYS,
  TEST_HOUR_MS,
} from '../../support/edge/consent-rig.ts';
import { CHARGE, SPEED } from '../../support/edge/policies.ts';

const at = (ms: number): Instant => later(MORNING, ms);
const both = (ms: number): RawFrame => ({
  kind: 'signals',
  at: at(ms),
  signals: { [SPEED]: ms / 1_000, [CHARGE]: 50 },
});

/** An agent that knows what time it is and has its policy. */
function start(rig: ConsentRig = createConsentRig(), policy = consentPolicy()): ConsentRig {
  rig.agent.take({ kind: 'clock', at: MORNING });
  rig.usePolicy(policy);
  return rig;
}

const speedsIn = (rig: ConsentRig): readonly unknown[] =>
  rig
    .sent()
    .flatMap((frame) =>
      frame.kind === 'signals' ? frame.signals.filter(({ path }) => path === SPEED).map(({ value }) => value) : [],
    );
const pointsIn = ({ database }: ConsentRig): unknown =>
  database.prepare('SELECT count(*) FROM trip_point').pluck().get();
const statementsIn = (rig: ConsentRig) => rig.sent().filter(({ kind }) => kind === 'withdrawal');

function drive(rig: ConsentRig, fromS: number, seconds: number): void {
  for (let s = fromS; s < fromS + seconds; s += 1) rig.agent.take(both(s * 1_000));
}

describe('a purpose that needs a consent', () => {
  test('serves nothing without one, while the others go on', () => {
    const rig = start();
    drive(rig, 0, 3);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([]);
    expect(rig.sent()).toHaveLength(3);
    expect(rig.agent.removals()).toMatchObject({ 'no-consent': 3 });
  });

  test('serves from the grant on, each batch under its purpose and its consent', () => {
    const rig = start();
    expect(rig.grant().ok).toBe(true);
    drive(rig, 0, 3);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([0, 1, 2]);
    const grounds = rig.batches().map(({ purpose, consent = '' }) => [purpose, consent]);
    expect(grounds.sort()).toEqual([
      ['journeys', 'journeys.1'],
      ['operations', ''],
    ]);
  });

  test('serves nothing of before the grant', () => {
    const rig = start();
    rig.agent.take({ kind: 'clock', at: at(10_000) });
    rig.grant();
    drive(rig, 0, 12);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([10, 11]);
  });
});

describe('a grant is refused', () => {
  const refusal = (rig: ConsentRig, ...args: Parameters<ConsentRig['grant']>): string => {
    const granted = rig.grant(...args);
    return granted.ok ? 'granted' : granted.fault.code;
  };

  test('to a purpose that the policy has not, or that needs none', () => {
    const rig = start();
    expect([refusal(rig, 'unknown'), refusal(rig, 'operations')]).toEqual(['CONSENT_PURPOSE', 'CONSENT_PURPOSE']);
  });

  test('without an end, with one that is over, or with one in more than a year', () => {
    const rig = start();
    const days = (count: number): Instant => at(count * 24 * TEST_HOUR_MS);
    expect([0, -1, 367].map((count) => refusal(rig, JOURNEYS.id, 1, days(count)))).toEqual(
      Array.from({ length: 3 }, () => 'CONSENT_PERIOD'),
    );
    expect(refusal(rig, JOURNEYS.id, 1, days(366))).toBe('granted');
  });

  test('to a scope that has changed, of too few persons, or with a number that was used', () => {
    const rig = start();
    const { scope = '' } = rig.consents.show().purposes.find(({ id }) => id === JOURNEYS.id) ?? {};
    rig.usePolicy(consentPolicy({ version: 2, tagRotation: 2 }));
    const request = { purpose: JOURNEYS.id, subjects: 'driver', scope, until: at(TEST_HOUR_MS), number: 5 } as const;
    expect(rig.consents.grant(request)).toMatchObject({ fault: { code: 'CONSENT_SCOPE' } });
    expect(refusal(rig, 'seat-study', 5)).toBe('CONSENT_SUBJECTS');
    expect([refusal(rig, JOURNEYS.id, 5), refusal(rig, JOURNEYS.id, 5)]).toEqual(['granted', 'CONSENT_OLDER']);
  });
});

describe('a withdrawal', () => {
  test('deletes what is spooled, pending and not sent, says so with counts only, and leaves the rest', () => {
    const rig = start();
    rig.grant();
    drive(rig, 0, 3);
    rig.agent.flush();
    drive(rig, 3, 2);
    const withdrawn = rig.consents.withdraw(JOURNEYS.id);
    expect(withdrawn).toEqual({ ok: true, value: 5 });
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([]);
    expect(statementsIn(rig)).toEqual([{ kind: 'withdrawal', purpose: 'journeys', cause: 0, removed: 5 }]);
    expect(rig.sent().filter(({ kind }) => kind === 'signals')).toHaveLength(5);
    expect(rig.agent.removals()).toMatchObject({ 'consent-withdrawn': 5 });
    expect(rig.batches().flatMap(({ drops }) => drops)).toMatchObject([{ count: 3, cause: 'consent-withdrawn' }]);
    expect(rig.consents.endings()).toBe(1);
  });

  test('holds after a restart, and no old grant undoes it', () => {
    const rig = start();
    rig.grant(JOURNEYS.id, 7);
    drive(rig, 0, 2);
    rig.agent.flush();
    rig.consents.withdraw(JOURNEYS.id, 9);
    rig.close();
    const again = start(createConsentRig(rig.file));
    expect([7, 8, 9].map((number) => again.grant(JOURNEYS.id, number).ok)).toEqual([false, false, false]);
    drive(again, 2, 2);
    again.agent.flush();
    expect(speedsIn(again)).toEqual([]);
    expect(statementsIn(again)).toHaveLength(1);
    expect(again.grant(JOURNEYS.id, 10).ok).toBe(true);
    drive(again, 4, 2);
    again.agent.flush();
    expect(speedsIn(again)).toEqual([4, 5]);
  });

  test('that cannot be written withholds all the same, and is written when the disk has room', () => {
    const rig = start();
    rig.grant();
    drive(rig, 0, 2);
    rig.agent.flush();
    rig.breakDisk(true);
    expect(rig.consents.withdraw(JOURNEYS.id)).toMatchObject({ ok: false, fault: { code: 'CONSENT_UNSAVED' } });
    expect(speedsIn(rig)).toEqual([]);
    drive(rig, 2, 2);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual([]);
    rig.breakDisk(false);
    rig.consents.sweep();
    rig.agent.flush();
    expect(statementsIn(rig)).toEqual([{ kind: 'withdrawal', purpose: 'journeys', cause: 0, removed: 2 }]);
  });

  test('of pictures, trips and cells: the trip in hand goes, from the disk as well', () => {
    const rig = start(createConsentRig(), consentPolicy({ preset: POSITION_PRESETS.fleet }));
    rig.grant(JOURNEYS.id, 1, at(24 * TEST_HOUR_MS));
    for (let s = 0; s < 300; s += 1)
      rig.agent.take({ kind: 'fix', at: at(s * 1_000), latitude: 31 + s / 5_000, longitude: 121 });
    rig.agent.flush();
    expect(pointsIn(rig)).toBeGreaterThan(100);
    rig.consents.withdraw(JOURNEYS.id);
    expect(pointsIn(rig)).toBe(0);
    rig.grant(JOURNEYS.id, 2, at(24 * TEST_HOUR_MS));
    rig.close();
    const again = start(createConsentRig(rig.file), consentPolicy({ preset: POSITION_PRESETS.fleet }));
    for (const hours of [2, 40, 80]) {
      again.agent.take({ kind: 'clock', at: at(hours * TEST_HOUR_MS) });
      again.agent.flush();
    }
    expect(again.sent().filter(({ kind }) => kind === 'trip' || kind === 'cell')).toEqual([]);
  });

  test('of a purpose that nobody knows is taken, and keeps out older grants', () => {
    const rig = start();
    expect(rig.consents.withdraw('not-yet', 20)).toEqual({ ok: true, value: 0 });
    expect(rig.grant(JOURNEYS.id, 20).ok).toBe(false);
    expect(rig.grant(JOURNEYS.id, 21).ok).toBe(true);
  });
});

describe('a consent that ends by itself', () => {
  test('takes what was not sent with it, once a policy says that the clock is right', () => {
    const rig = start();
    rig.grant();
    drive(rig, 0, 2);
    rig.agent.flush();
    rig.agent.take({ kind: 'clock', at: at(TEST_HOUR_MS) });
    expect(speedsIn(rig)).toEqual([]);
    rig.consents.sweep();
    rig.agent.flush();
    expect(statementsIn(rig)).toEqual([{ kind: 'withdrawal', purpose: 'journeys', cause: 1, removed: 2 }]);
    expect(rig.consents.show().purposes.find(({ id }) => id === JOURNEYS.id)).toMatchObject({ state: 'asked' });
  });

  test('given again before its end goes on, and with it what waits under it', () => {
    const rig = start();
    rig.grant();
    drive(rig, 0, 2);
    rig.agent.flush();
    expect(rig.grant(JOURNEYS.id, 2, at(3 * TEST_HOUR_MS)).ok).toBe(true);
    rig.agent.take({ kind: 'clock', at: at(2 * TEST_HOUR_MS) });
    rig.consents.sweep();
    expect(speedsIn(rig)).toEqual([0, 1]);
  });

  test('by a policy under which its purpose covers something else', () => {
    const rig = start();
    rig.grant();
    drive(rig, 0, 2);
    rig.agent.flush();
    rig.usePolicy(consentPolicy({ version: 2, tagRotation: 2 }));
    expect(speedsIn(rig)).toEqual([]);
    rig.consents.sweep();
    rig.agent.flush();
    expect(statementsIn(rig)).toMatchObject([{ cause: 1, removed: 2 }]);
  });
});

test('a record of the bundle is a consent as well, until it is withdrawn in the vehicle', () => {
  const record = {
    ...{ id: 'paper-1', purpose: JOURNEYS.id, subjects: CONSENT_SUBJECTS.driver },
    ...{ kind: CONSENT_KINDS.purpose, from: at(-TEST_HOUR_MS), until: at(TEST_HOUR_MS) },
  };
  const policy = consentPolicy({ records: [record] });
  const rig = start(createConsentRig(), policy);
  drive(rig, 0, 2);
  rig.agent.flush();
  expect(speedsIn(rig)).toEqual([0, 1]);
  rig.consents.withdraw(JOURNEYS.id);
  rig.usePolicy({ ...policy, version: 2 });
  drive(rig, 2, 2);
  rig.agent.flush();
  expect(speedsIn(rig)).toEqual([]);
  rig.usePolicy({ ...policy, version: 3, records: [{ ...record, id: 'paper-2', from: at(4_000) }] });
  drive(rig, 4, 2);
  rig.agent.flush();
  expect(speedsIn(rig)).toEqual([4, 5]);
});

test('what was sent under a consent and not acknowledged is not sent again after its withdrawal', () => {
  const rig = start();
  rig.grant();
  drive(rig, 0, 3);
  rig.agent.flush();
  const sent: string[] = [];
  const uplink: Uplink = {
    send: (batch) => void sent.push(openBatch(batch).purpose ?? ''),
    reconnect: () => undefined,
    close: () => Promise.resolve(),
  };
  const drain = createDrain({
    ...{ spools: rig.spools, uplink: () => uplink, clock: { now: () => SYSTEM_NOW }, onFault: () => undefined },
    ...{ conditions: createConditions(undefined), settings: { order: 'fifo', rules: {} } },
  });
  drain.connected();
  expect(sent.sort()).toEqual(['journeys', 'operations']);
  rig.consents.withdraw(JOURNEYS.id);
  sent.length = 0;
  drain.disconnected();
  drain.connected();
  drain.pump();
  expect(sent).toEqual(['operations']);
});
