import { describe, expect, test } from 'vitest';
import type { Finding, MonitoredCounts, MonitoredEvent } from '../../../../cloud/monitoring/event.ts';
import { createMonitor } from '../../../../cloud/monitoring/monitor.ts';
import { createRecipientBook } from '../../../../cloud/monitoring/recipient-book.ts';
import { MONITORING_RULES } from '../../../../cloud/monitoring/rules.table.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../../../proto/words/time.ts';

/** 2026-03-02, 10:00 in Shanghai. */
const START = Date.UTC(2026, 2, 2, 2);

const event = (over: Partial<MonitoredEvent>, hours = 0): MonitoredEvent => ({
  ...{ log: 'operations', kind: 'verdict', transferId: 't-1', actor: 'anna', document: {} },
  ...{ at: (START + hours * HOUR_MS) as Instant },
  ...over,
});

/** Codes and subjects that a series of events leads to; series about habits have neither permits nor an order of days. */
function found(events: readonly MonitoredEvent[], limits = {}): readonly string[] {
  return allFound(events, limits).filter((one) => !/^(SENT_WITHOUT_PERMIT|CLOCK_SET_BACK)/.test(one));
}

function allFound(events: readonly MonitoredEvent[], limits = {}): readonly string[] {
  const recipients = createRecipientBook(new Map([['lab', 'https://lab.example:443']]), () => undefined);
  const monitor = createMonitor({ limits, recipients });
  return events.flatMap(monitor.take).map(({ code, subject }: Finding) => `${code} ${subject}`);
}

const intent = (transferId = 't-1', recipientId = 'lab', endpoint = 'https://lab.example:443', hours = 0) =>
  event({ log: 'traffic', kind: 'intent', transferId, document: { recipientId, endpoint } }, hours);
const opened = (transferId = 't-1', destinationIp = '198.51.100.7', hours = 0) =>
  event({ log: 'traffic', kind: 'connection-open', transferId, document: { destinationIp } }, hours);
const closed = (transferId: string, dataVolumeBytes: number, hours: number) =>
  event({ log: 'traffic', kind: 'connection', transferId, document: { dataVolumeBytes } }, hours);

test('STRANGERS_REFUSED: more than the limit within an hour, and not over more of them', () => {
  const refused = (connections: number, hours: number) =>
    event({ log: 'traffic', kind: 'strangers-refused', transferId: '', document: { connections } }, hours);
  expect(found([refused(60, 0), refused(40, 0.5)])).toEqual([]);
  expect(found([refused(60, 0), refused(41, 0.5)])).toEqual(['STRANGERS_REFUSED pull']);
  expect(found([refused(60, 0), refused(60, 1.5)])).toEqual([]);
});

describe('DESTINATION_UNKNOWN', () => {
  test('a known recipient at its endpoint is none', () => expect(found([intent(), opened()])).toEqual([]));
  test.each([
    ['a recipient nobody registered', [intent('t-1', 'stranger')], 'stranger'],
    ['another endpoint', [intent('t-1', 'lab', 'https://elsewhere.example:443')], 'lab'],
    ['a connection without an intent', [opened('t-9')], 't-9'],
    ['another address than before', [intent(), opened(), intent('t-2'), opened('t-2', '203.0.113.9')], 'lab'],
  ])('%s', (_, events, subject) => expect(found(events)).toEqual([`DESTINATION_UNKNOWN ${subject}`]));

  test('a recipient that fetches is none: what for is told after it is known', () => {
    const fetched = event({ log: 'traffic', kind: 'connection-open', transferId: '', document: { attempt: 0 } });
    expect(found([fetched])).toEqual([]);
  });

  const entry = (certificateSha256: string, over: object = {}) => ({
    ...{ kind: 'recipient', id: 'lab', isWithdrawn: false },
    body: { certificateSha256, encryption: { profile: 'sm2-sm4' } },
    ...over,
  });
  const change = (before: object | null, after: object, hours: number) =>
    event({ kind: 'register', transferId: '', document: { before, after } }, hours);
  const sent = (certificate: string, hours: number, sealedTo = 'ab') => {
    const named = { recipientId: 'lab', endpoint: 'https://lab.example:443', recipientCertificateSha256: certificate };
    return event({ log: 'traffic', kind: 'intent', document: { ...named, sealedTo } }, hours);
  };
  const waits = { pending: { by: 'al', standing: entry('aa').body, keys: ['certificateSha256'] } };
  const [added, replaced, withdrawn] = [
    change(null, entry('aa'), 1),
    change(entry('aa'), entry('bb'), 3),
    change(entry('bb'), entry('bb', { isWithdrawn: true }), 5),
  ];

  test.each([
    ['the certificate of its day', [added, replaced, sent('aa', 2), sent('bb', 4), sent('cc', 0)], false],
    ['a certificate that the register did not have yet', [added, replaced, sent('bb', 2)], true],
    ['one that it has no more', [added, replaced, sent('aa', 4)], true],
    ['one that waits for a second person', [added, change(entry('aa'), entry('bb', waits), 2), sent('bb', 3)], true],
    ['the one that stands meanwhile', [added, change(entry('aa'), entry('bb', waits), 2), sent('aa', 3)], false],
    ['an entry that was withdrawn', [added, replaced, withdrawn, sent('bb', 6)], true],
    ['no seal where the register has a key', [added, sent('aa', 2, 'none')], true],
    ['the entry before the first change that is known', [replaced, sent('aa', 1)], false],
  ])('of the register: %s', (_, events, isFound) => {
    expect(found(events)).toEqual(isFound ? ['DESTINATION_UNKNOWN lab'] : []);
  });
});

test('a connection that a recipient opens to fetch is no unknown destination; what it carried counts for whom it was', () => {
  const fetched = (transferId: string, bytes: number, hours: number) => [
    event({ log: 'traffic', kind: 'connection-open', transferId: '', document: { attempt: 0 } }, hours),
    intent(transferId, 'lab', undefined, hours),
    event({ log: 'traffic', kind: 'attempt', transferId, document: { attempt: 1 } }, hours),
    closed('', bytes, hours),
  ];
  const usual = Array.from({ length: 10 }, (_, day) => fetched(`t-${day}`, 1_000, 24 * day)).flat();
  expect(found(usual)).toEqual([]);
  expect(found([...usual, ...fetched('t-x', 6_000, 240)])).toEqual(['VOLUME_UNUSUAL lab']);
  const ours = event({ log: 'traffic', kind: 'connection-open', transferId: '', document: { attempt: 1 } }, 0);
  expect(found([ours])).toEqual(['DESTINATION_UNKNOWN unnamed']);
});

test('VOLUME_UNUSUAL: more than the limit times the largest so far, once there is a habit', () => {
  const usual = Array.from({ length: 10 }, (_, day) => [
    intent(`t-${day}`),
    closed(`t-${day}`, 1_000 + day, 24 * day),
  ]).flat();
  const last = (bytes: number) => [intent('t-x'), closed('t-x', bytes, 240)];
  expect(found([...usual, ...last(5 * 1_009)])).toEqual([]);
  expect(found([...usual, ...last(5 * 1_009 + 1)])).toEqual(['VOLUME_UNUSUAL lab']);
  expect(found([...usual.slice(2), ...last(1_000_000)])).toEqual([]);
});

test('HOUR_UNUSUAL: an hour away from each so far', () => {
  const usual = Array.from({ length: 10 }, (_, day) => [
    intent(`t-${day}`),
    opened(`t-${day}`, '198.51.100.7', 24 * day),
  ]).flat();
  const last = (hours: number) => [intent('t-x'), opened('t-x', '198.51.100.7', 240 + hours)];
  expect(found([...usual, ...last(1)])).toEqual([]);
  expect(found([...usual, ...last(2)])).toEqual(['HOUR_UNUSUAL lab']);
  expect(found([...usual, ...last(-1)])).toEqual([]);
  expect(found([...usual, ...last(17)])).toEqual(['HOUR_UNUSUAL lab']);
});

test('WITHHELD_REPEATED: the third of one account within a day', () => {
  const ask = (n: number, hours: number, by = 'anna') =>
    event({ transferId: `t-${n}`, document: { requestedBy: by, verdict: { decision: 'withhold' } } }, hours);
  expect(found([ask(1, 0), ask(2, 1), ask(3, 2)])).toEqual(['WITHHELD_REPEATED anna']);
  expect(found([ask(1, 0), ask(2, 1), ask(3, 25)])).toEqual([]);
  expect(found([ask(1, 0), ask(2, 1, 'bo'), ask(3, 2)])).toEqual([]);
});

const transfer = (n: number, approvers: readonly string[], by = 'anna', hours = n): readonly MonitoredEvent[] => [
  event({ transferId: `t-${n}`, actor: by, document: { requestedBy: by, verdict: { decision: 'permit' } } }, hours),
  ...approvers.map((actor) => event({ kind: 'approval', transferId: `t-${n}`, actor }, hours)),
  event({ kind: 'permit', transferId: `t-${n}`, actor: approvers.at(-1) ?? by }, hours),
];

test('PAIR_ALWAYS_SAME: ten in a row, in whichever order they approved', () => {
  const same = Array.from({ length: 10 }, (_, n) => transfer(n, n % 2 === 0 ? ['bo', 'cai'] : ['cai', 'bo'])).flat();
  expect(found(same)).toEqual(['PAIR_ALWAYS_SAME anna']);
  const other = Array.from({ length: 10 }, (_, n) => transfer(n, n === 5 ? ['bo', 'dou'] : ['bo', 'cai'])).flat();
  expect(found(other)).toEqual([]);
});

test.each(['APPROVAL_OWN_REQUEST', 'APPROVAL_SAME_PERSON'])('SELF_APPROVAL_TRIED: %s', (code) => {
  expect(found([event({ kind: 'approval-refused', actor: 'bo', document: { code } })])).toEqual([
    'SELF_APPROVAL_TRIED bo',
  ]);
  expect(found([event({ kind: 'approval-refused', actor: 'bo', document: { code: 'APPROVAL_STATE' } })])).toEqual([]);
});

test('PERMISSION_THEN_EXPORT: who changed permissions asks or approves within a day', () => {
  const change = (actor: string) =>
    event({ kind: 'register', transferId: '', actor, document: { operation: { permissionChange: true } } });
  expect(found([change('anna'), ...transfer(1, ['bo', 'cai'])])).toEqual(['PERMISSION_THEN_EXPORT anna']);
  expect(found([change('cai'), ...transfer(1, ['bo', 'cai'])])).toEqual(['PERMISSION_THEN_EXPORT cai']);
  expect(found([change('dou'), ...transfer(1, ['bo', 'cai'])])).toEqual([]);
  expect(found([change('anna'), ...transfer(1, ['bo', 'cai'], 'anna', 25)])).toEqual([]);
});

test('DEVICE_VIN_MISMATCH: the third of one device; DEVICE_POLICY_STALE: the tenth device', () => {
  const alert = (code: string, device: string) => event({ log: 'alerts', kind: 'alert', document: { code, device } });
  const mismatch = alert('VIN_MISMATCH', 'd-1');
  expect(found([mismatch, mismatch])).toEqual([]);
  expect(found([mismatch, mismatch, mismatch])).toEqual(['DEVICE_VIN_MISMATCH d-1']);
  const stale = Array.from({ length: 10 }, (_, n) => alert('POLICY_UNKNOWN', `d-${n}`));
  expect(found(stale.slice(1))).toEqual([]);
  expect(found(stale)).toEqual(['DEVICE_POLICY_STALE fleet']);
});

describe('counts', () => {
  const counts = (over: Partial<MonitoredCounts> = {}): MonitoredCounts => ({
    ...{ framesAdmitted: 0, framesQuarantined: 0, persons: { plain: 0, sensitive: 0 } },
    ...over,
  });
  const recipients = createRecipientBook(new Map(), () => undefined);
  const monitor = () => createMonitor({ limits: {}, recipients });
  const at = (ms: number) => (START + ms) as Instant;

  test('QUARANTINE_RATE: of an hour, and of a hundred frames at least', () => {
    const rate = (framesAdmitted: number, framesQuarantined: number) => {
      const one = monitor();
      one.look(at(0), counts());
      expect(one.look(at(HOUR_MS - 1), counts({ framesAdmitted, framesQuarantined }))).toEqual([]);
      return one.look(at(HOUR_MS), counts({ framesAdmitted, framesQuarantined })).map(({ code }) => code);
    };
    expect(rate(95, 5)).toEqual(['QUARANTINE_RATE']);
    expect(rate(96, 4)).toEqual([]);
    expect(rate(0, 99)).toEqual([]);
  });

  test.each([
    [{ plain: 79_999, sensitive: 0 }, []],
    [{ plain: 80_000, sensitive: 0 }, ['2026-plain-100000-80']],
    [{ plain: 90_000, sensitive: 0 }, ['2026-plain-100000-90']],
    [{ plain: 100_000, sensitive: 9_000 }, ['2026-plain-100000-100', '2026-sensitive-10000-90']],
    [{ plain: 1_000_000, sensitive: 0 }, ['2026-plain-100000-100', '2026-plain-1000000-100']],
  ])('THRESHOLD_NEAR: %o', (persons, subjects) => {
    expect(
      monitor()
        .look(at(0), counts({ persons }))
        .map(({ subject }) => subject),
    ).toEqual(subjects);
  });
});

test("an operator's figure takes the place of the shipped one", () => {
  const ask = (n: number) => event({ transferId: `t-${n}`, document: { verdict: { decision: 'withhold' } } }, n);
  expect(found([ask(1), ask(2)], { WITHHELD_REPEATED: 2 })).toEqual(['WITHHELD_REPEATED anna']);
});

test('every rule has an article, a reason in both languages and a window in whole hours', () => {
  expect(new Set(MONITORING_RULES.map(({ id }) => id)).size).toBe(MONITORING_RULES.length);
  for (const { cite, reason, windowMs } of MONITORING_RULES) {
    expect([cite, reason.en, reason.zh].every((text) => text !== '')).toBe(true);
    expect(windowMs % HOUR_MS === 0 && windowMs <= 366 * DAY_MS).toBe(true);
  }
});

test('SENT_WITHOUT_PERMIT: the exporter begins, or has delivered, what this cloud never permitted', () => {
  const permit = event({ log: 'operations', kind: 'permit', transferId: 't-1', document: {} }, 0);
  expect(allFound([permit, intent()])).toEqual([]);
  expect(allFound([permit, intent('t-2')])).toEqual(['SENT_WITHOUT_PERMIT t-2']);
  expect(allFound([event({ log: 'traffic', kind: 'delivered', transferId: 't-3', document: {} }, 0)])).toEqual([
    'SENT_WITHOUT_PERMIT t-3',
  ]);
});

test('CLOCK_SET_BACK: an entry older than the one before it in its log, by more than a correction', () => {
  const at = (hours: number, log: 'operations' | 'alerts' = 'operations') =>
    event({ log, kind: 'read', document: {} }, hours);
  expect(allFound([at(2), at(2 - 1 / 60), at(3), at(1, 'alerts')])).toEqual([]);
  expect(allFound([at(2), at(1)])).toEqual(['CLOCK_SET_BACK operations']);
});

test('CONFIGURATION_CHANGED: what decides who may do what is not what it was, but at the first start', () => {
  const changed = (before: object) =>
    event({ kind: 'permission-change', document: { before, changed: ['config-access', 'zone-key-personal'] } }, 0);
  expect(allFound([changed({})])).toEqual([]);
  expect(allFound([changed({ 'config-access': 'a' })])).toEqual(['CONFIGURATION_CHANGED configuration']);
});
