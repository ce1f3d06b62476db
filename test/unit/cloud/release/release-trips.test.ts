import { describe, expect, test } from 'vitest';
import type { RecordKey, ZoneRecord, ZoneStore } from '../../../../cloud/ports/zone-store.ts';
import { groupTrips, PENDING_ROWS_MAX, RELEASE_VEHICLES_MIN } from '../../../../cloud/release/group-trips.ts';
import { releaseTrips } from '../../../../cloud/release/release-trips.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { testZone } from '../../../support/cloud/zones.ts';

const KEY = new Uint8Array(32).fill(3);
const FRIDAY = 20_200_717;
const SATURDAY = 20_200_718;
const SUNDAY = 20_200_719;
const MONDAY = 20_200_713;

const row = (deviceNumber: number, localDate = SATURDAY, sequence = 1, distanceClass = 4): ZoneRecord => ({
  key: { deviceNumber, epoch: 7, sequence },
  content: { kind: 'trip', localDate, distanceClass, durationClass: 2 },
});

const fleet = (vehicles: number): ZoneRecord[] => Array.from({ length: vehicles }, (_, at) => row(at + 1));

function zones(): { personal: ZoneStore; general: ZoneStore } {
  const directory = scratchDirectory();
  return {
    personal: testZone(directory, 'personal'),
    general: testZone(directory, 'general'),
  };
}

const everything = (): boolean => true;

describe('a group of trip rows', () => {
  test('of one vehicle too few stays, and with one more goes', () => {
    expect(groupTrips(fleet(RELEASE_VEHICLES_MIN - 1))).toEqual([]);
    expect(groupTrips(fleet(RELEASE_VEHICLES_MIN))).toHaveLength(RELEASE_VEHICLES_MIN);
  });

  test('counts vehicles and not rows', () => {
    const often = Array.from({ length: 50 }, (_, sequence) => row(1, SATURDAY, sequence));
    expect(groupTrips([...often, ...fleet(RELEASE_VEHICLES_MIN - 1)])).toEqual([]);
  });

  test('is of one week: next Saturday is another group', () => {
    const most = fleet(RELEASE_VEHICLES_MIN - 1);
    expect(groupTrips([...most, row(99, 20_200_725)])).toEqual([]);
  });

  test('leaves under one date, the Monday or the Saturday of its week, over the turn of a year too', () => {
    const dates = (days: readonly number[]): readonly unknown[] =>
      groupTrips(Array.from({ length: RELEASE_VEHICLES_MIN }, (_, at) => row(at, days[at % days.length]))).map(
        ({ content }) => content.kind === 'trip' && content.localDate,
      );
    expect(new Set(dates([MONDAY, 20_200_715, FRIDAY]))).toEqual(new Set([MONDAY]));
    expect(new Set(dates([SATURDAY, SUNDAY]))).toEqual(new Set([SATURDAY]));
    expect(new Set(dates([20_201_231, 20_210_101]))).toEqual(new Set([20_201_228]));
  });

  test('is of one kind of day and of one class', () => {
    const most = fleet(RELEASE_VEHICLES_MIN - 1);
    expect(groupTrips([...most, row(99, FRIDAY)])).toEqual([]);
    expect(groupTrips([...most, row(99, SATURDAY, 1, 5)])).toEqual([]);
    expect(groupTrips([...most, row(99, SUNDAY)])).toHaveLength(RELEASE_VEHICLES_MIN);
  });

  test('holds no other kind of record', () => {
    const content = { kind: 'signals', subjectTag: new Uint8Array(16), observedAt: 1_000, signals: [] };
    const others = fleet(RELEASE_VEHICLES_MIN).map(({ key }) => ({ key, content }) as unknown as ZoneRecord);
    expect(groupTrips(others)).toEqual([]);
  });

  test('is looked for among so many rows and no more', () => {
    const many = Array.from({ length: PENDING_ROWS_MAX }, (_, sequence) => row(1, SATURDAY, sequence));
    expect(groupTrips([...many, ...fleet(RELEASE_VEHICLES_MIN)])).toEqual([]);
  });

  test('of this week goes though rows of a week that never filled are as many as are held at once', () => {
    const stale = Array.from({ length: PENDING_ROWS_MAX }, (_, sequence) => row(1, 20_200_711, sequence));
    expect(groupTrips([...stale, ...fleet(RELEASE_VEHICLES_MIN)])).toHaveLength(RELEASE_VEHICLES_MIN);
    expect(groupTrips([...fleet(RELEASE_VEHICLES_MIN), ...stale])).toHaveLength(RELEASE_VEHICLES_MIN);
  });
});

describe('release', () => {
  test('moves a group and drops who sent it', () => {
    const { personal, general } = zones();
    personal.insert([...fleet(RELEASE_VEHICLES_MIN), row(1, FRIDAY, 2)]);
    expect(releaseTrips({ personal, general, key: KEY, isInLedger: everything })).toBe(RELEASE_VEHICLES_MIN);
    expect([...personal.trips()].map(({ key }) => key.sequence)).toEqual([2]);
    const released = [...general.trips()];
    expect(released.map(({ content }) => content)).toEqual(fleet(RELEASE_VEHICLES_MIN).map(({ content }) => content));
    expect(released.map(({ key }) => key.deviceNumber)).toEqual(released.map(() => 0));
    const sent = new Set(fleet(RELEASE_VEHICLES_MIN).map(({ key }) => `${key.epoch} ${key.sequence}`));
    expect(released.filter(({ key }) => sent.has(`${key.epoch} ${key.sequence}`))).toEqual([]);
  });

  test('after a crash between copy and deletion leaves each row once', () => {
    const { personal, general } = zones();
    personal.insert(fleet(RELEASE_VEHICLES_MIN));
    const crashes: ZoneStore = {
      ...personal,
      remove: () => {
        throw new Error('killed');
      },
    };
    expect(() => releaseTrips({ personal: crashes, general, key: KEY, isInLedger: everything })).toThrow('killed');
    expect([personal.count(), general.count()]).toEqual([RELEASE_VEHICLES_MIN, RELEASE_VEHICLES_MIN]);
    releaseTrips({ personal, general, key: KEY, isInLedger: everything });
    expect([personal.count(), general.count()]).toEqual([0, RELEASE_VEHICLES_MIN]);
  });

  test('leaves a row that a crash kept from the ledger, which its vehicle sends again, and takes it once', () => {
    const { personal, general } = zones();
    const rows = fleet(RELEASE_VEHICLES_MIN + 1);
    personal.insert(rows);
    const isInLedger = ({ deviceNumber }: RecordKey): boolean => deviceNumber !== 1;
    expect(releaseTrips({ personal, general, key: KEY, isInLedger })).toBe(RELEASE_VEHICLES_MIN);
    // The same frame comes a second time under its old name; the zone holds it already.
    expect(personal.insert(rows.slice(0, 1))).toBe(0);
    expect([personal.count(), general.count()]).toEqual([1, RELEASE_VEHICLES_MIN]);
  });

  test('names rows under the key, so that nobody without it can tell which row was whose', () => {
    const names = [KEY, new Uint8Array(32).fill(4)].map((key) => {
      const { personal, general } = zones();
      personal.insert(fleet(RELEASE_VEHICLES_MIN));
      releaseTrips({ personal, general, key, isInLedger: everything });
      return [...general.trips()].map(({ key: { epoch, sequence } }) => `${epoch} ${sequence}`);
    });
    expect(new Set(names.flat()).size).toBe(2 * RELEASE_VEHICLES_MIN);
  });
});
