import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createGateway } from '../../../cloud/gateway.ts';
import type { Stores } from '../../../cloud/ingest/group-commit.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { batchOf, NOW, seal, signalFrame, tripRow } from '../../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../../support/cloud/devices.ts';
import { runGateway } from '../../support/cloud/gateway-run.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, rowsIn } from '../../support/cloud/rows.ts';
import { scratchDirectory, scratchStores } from '../../support/cloud/stores.ts';
import { testVin } from '../../support/cloud/vins.ts';

const device = testDevice(1);
const other = testDevice(2);

const honest = (firstSequence = 0, by: TestDevice = device): Uint8Array =>
  seal(batchOf([signalFrame(), signalFrame()], { firstSequence }), by.key);
const dated = (firstSequence: number, by: TestDevice = device): Uint8Array =>
  seal(batchOf([signalFrame(undefined, (NOW + 3_600_000) as Instant)], { firstSequence }), by.key);

/** Stores whose personal zone fails as long as `isBroken` says so. */
function fragile(stores: Stores, isBroken: () => boolean): Stores {
  const insert: Stores['zones']['personal']['insert'] = (records) => {
    if (isBroken()) throw new Error('database or disk is full');
    return stores.zones.personal.insert(records);
  };
  return { ...stores, zones: { ...stores.zones, personal: { ...stores.zones.personal, insert } } };
}

describe('createGateway', () => {
  test('answers nothing before the group is committed, and everything by itself soon after', async () => {
    const directory = scratchDirectory();
    const { gateway, told } = runGateway(scratchStores([device], directory));
    let answered = 0;
    for (const at of [0, 2, 4]) gateway.receive(device.registered, honest(at), () => answered++);
    expect(answered).toBe(0);
    expect(rowsIn(directory, 'personal', RECORDS)).toEqual([]);
    while (answered < 3) await sleep(1);
    expect(rowsIn(directory, 'personal', RECORDS)).toHaveLength(6);
    expect(told.acknowledgements).toHaveLength(1);
    expect(told.faults).toEqual([]);
  });

  test('what it answers is on disk by then', () => {
    const directory = scratchDirectory();
    const { gateway } = runGateway(scratchStores([device], directory));
    let rows = -1;
    gateway.receive(device.registered, honest(), () => {
      rows = rowsIn(directory, 'personal', RECORDS).length;
    });
    gateway.flush();
    expect(rows).toBe(2);
  });

  test('a flush of nothing is nothing', () => {
    const { gateway, told } = runGateway(scratchStores([device]));
    gateway.flush();
    expect(told).toEqual({ acknowledgements: [], alerts: [], faults: [] });
  });

  test('a group that is large enough is committed at once', () => {
    const stores = scratchStores([device]);
    const { gateway } = runGateway(stores);
    const noise = Buffer.alloc(60_000);
    let answered = 0;
    const most = Math.ceil(16_777_216 / noise.length);
    for (let at = 0; at < most; at += 1) gateway.receive(device.registered, noise, () => answered++);
    expect(answered).toBe(most);
  });
});

describe('a store fault', () => {
  test('is told with its remedy, is answered to everyone in the group, and to nobody as done', () => {
    const { send, told } = runGateway(fragile(scratchStores([device, other]), () => true));
    const answers = send([device, honest()], [other, honest(0, other)], [device, Buffer.from('noise')]);
    expect(answers).toEqual(Array(3).fill(expect.objectContaining({ code: 'STORE_UNAVAILABLE', retry: 'later' })));
    expect(told.acknowledgements).toEqual([]);
    expect(told.faults).toHaveLength(1);
    expect(told.faults[0]?.problem.en).toContain('database or disk is full');
    expect(told.faults[0]?.remedy.en).toContain('free space');
    expect(told.faults[0]?.remedy.zh).toMatch(/\p{Script=Han}/u);
  });

  test('passes: what is sent again afterwards is stored once', () => {
    const directory = scratchDirectory();
    let isBroken = true;
    const stores = scratchStores([device], directory);
    const { send, told } = runGateway(fragile(stores, () => isBroken));
    send([device, honest(0)], [device, dated(9)]);
    isBroken = false;
    expect(send([device, honest(0)], [device, dated(9)])).toEqual(['done', 'done']);
    expect(send([device, honest(0)])).toEqual(['done']);
    expect(rowsIn(directory, 'personal', RECORDS)).toHaveLength(2);
    expect(told.acknowledgements.map(({ ranges }) => ranges.length)).toEqual([2, 1]);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 2, framesQuarantined: 1, duplicates: 2 });
  });

  test('what is durable is never called a fault, whatever becomes of its acknowledgement', () => {
    const stores = scratchStores([device]);
    const answers: unknown[] = [];
    const gateway = createGateway({
      stores,
      clock: { now: () => NOW },
      onDurable: () => {
        throw new Error('broken invariant: the downlink');
      },
      onAlert: () => undefined,
      onFault: (fault) => answers.push(fault.code),
    });
    gateway.receive(device.registered, honest(), (fault) => answers.push(fault?.code ?? 'done'));
    expect(() => gateway.flush()).toThrow('the downlink');
    expect(answers).toEqual(['done']);
  });
});

describe('what is refused', () => {
  test('goes to quarantine with its reason, and to no zone', () => {
    const directory = scratchDirectory();
    const { send, told } = runGateway(scratchStores([device, other], directory));
    const answers = send(
      [device, Buffer.from('{"speed":1}')],
      [device, dated(0)],
      [device, honest(50, other)],
      [device, Buffer.from(`vin=${testVin(77)}`)],
      [other, Buffer.alloc(70_000)],
      [other, honest(0, other)],
    );
    expect(answers).toEqual(Array(6).fill('done'));
    const kept = rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED);
    expect(kept.map((row) => `${row.device} ${row.reason} ${row.frames}`).sort()).toEqual([
      '1 FRAME_SCHEMA 1',
      '1 SIGNATURE_INVALID 2',
      '1 TIME_IN_FUTURE 1',
      '1 VIN_MISMATCH 1',
      '2 PAYLOAD_TOO_LARGE 1',
    ]);
    expect(rowsIn(directory, 'personal', RECORDS)).toHaveLength(2);
    const ranges = told.acknowledgements.flatMap((a) => a.ranges.map((range) => ({ by: a.device.number, ...range })));
    expect(ranges).toEqual([
      { by: 1, firstSequence: 0, count: 1, quarantined: true },
      { by: 1, firstSequence: 50, count: 2, quarantined: true },
      { by: 2, firstSequence: 0, count: 2, quarantined: false },
    ]);
  });

  test('a batch that names sequences past counting is refused, and stops nobody', () => {
    const stores = scratchStores([device, other]);
    const { send } = runGateway(stores);
    const rows = [tripRow(), tripRow(), tripRow(), tripRow()];
    const endless = seal(batchOf(rows, { firstSequence: Number.MAX_SAFE_INTEGER }), device.key);
    expect(send([device, endless], [other, honest(0, other)])).toEqual(['done', 'done']);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 2, framesQuarantined: 1 });
  });
});

describe('alerts', () => {
  const kinds: readonly (readonly [string, () => Uint8Array])[] = [
    ['TIME_IN_FUTURE', () => dated(0)],
    ['SIGNATURE_INVALID', () => honest(0, other)],
    ['VIN_MISMATCH', () => Buffer.from(testVin(77))],
  ];

  test('come once a minute for each device and reason', () => {
    const { send, told, setClock } = runGateway(scratchStores([device, other]));
    for (const [, payload] of kinds) for (let time = 0; time < 3; time += 1) send([device, payload()]);
    send([other, dated(0, other)]);
    expect(told.alerts.map(({ code }) => code)).toEqual([...kinds.map(([code]) => code), 'TIME_IN_FUTURE']);
    setClock(NOW + 59_999);
    send([device, Buffer.from(testVin(77))]);
    expect(told.alerts).toHaveLength(4);
    setClock(NOW + 60_000);
    send([device, Buffer.from(testVin(77))]);
    send([device, Buffer.from(testVin(77))]);
    expect(told.alerts.slice(4)).toEqual([{ device: device.registered.device, code: 'VIN_MISMATCH' }]);
  });

  test('a clock that was set back does not silence them', () => {
    const { send, told, setClock } = runGateway(scratchStores([device]));
    send([device, Buffer.from(testVin(77))]);
    setClock(NOW - 86_400_000);
    send([device, Buffer.from(testVin(77))]);
    expect(told.alerts).toHaveLength(2);
  });

  test('what is only malformed raises none', () => {
    const { send, told } = runGateway(scratchStores([device]));
    send([device, Buffer.from('noise')], [device, Buffer.alloc(70_000)], [device, honest()]);
    expect(told.alerts).toEqual([]);
  });
});
