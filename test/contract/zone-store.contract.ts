import { describe, expect, test } from 'vitest';
import type { ZoneRecord, ZoneStore } from '../../cloud/ports/zone-store.ts';
import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { cellFrame, NOW, signalFrame, tripRow, type Values } from '../support/cloud/batches.ts';
import { IMAGE, OBJECTS, POINTS, RINGS } from '../support/edge/candidates.ts';

export interface ZoneUnderTest {
  /** Opens the zone, and after `close` opens it again with what it held. */
  readonly open: () => ZoneStore;
}

/** What every adapter of `ZoneStore` must do. @param begin - makes an empty zone for one test */
export function describeZoneStore(name: string, begin: () => ZoneUnderTest): void {
  describe(`ZoneStore contract: ${name}`, () => {
    describeInserting(begin);
    describeReading(begin);
    describeRemoving(begin);
  });
}

const record = (sequence: number, content: FrameContent = signalFrame(), deviceNumber = 1, epoch = 11): ZoneRecord => ({
  key: { deviceNumber, epoch, sequence },
  content,
});

const everything = (store: ZoneStore): readonly ZoneRecord[] => [
  ...store.signals(0 as Instant, Number.MAX_SAFE_INTEGER as Instant),
];

const keysOf = (records: readonly ZoneRecord[]): readonly string[] =>
  records.map(({ key }) => `${key.deviceNumber}/${key.epoch}/${key.sequence}`).sort();

/** Speed of a signals record, which tells the records of these tests apart. */
const speedOf = ({ content }: ZoneRecord): unknown =>
  content.kind === 'signals' ? content.signals.find(({ path }) => path === 'Vehicle.Speed')?.value : undefined;

function describeInserting(begin: () => ZoneUnderTest): void {
  test('is empty to begin with', () => {
    const store = begin().open();
    expect(store.count()).toBe(0);
    expect(everything(store)).toEqual([]);
    expect(store.devices('signals')).toEqual([]);
    expect(store.insert([])).toBe(0);
  });

  test('takes a key once, in one call and over several, and the first content stays', () => {
    const store = begin().open();
    const first = record(0, signalFrame({ 'Vehicle.Speed': 1 }));
    const second = record(0, signalFrame({ 'Vehicle.Speed': 2 }));
    expect(store.insert([first, second, record(1)])).toBe(2);
    expect(store.insert([second, record(2)])).toBe(1);
    expect(store.count()).toBe(3);
    expect(
      everything(store)
        .filter(({ key }) => key.sequence === 0)
        .map(speedOf),
    ).toEqual([1]);
  });

  test('a key is device, epoch and sequence together', () => {
    const store = begin().open();
    const keys = [record(5), record(6), record(5, signalFrame(), 2), record(5, signalFrame(), 1, 12)];
    expect(store.insert(keys)).toBe(4);
    expect(keysOf(everything(store))).toEqual(['1/11/5', '1/11/6', '1/12/5', '2/11/5']);
  });

  test('a record of another kind under a held key is passed over as well', () => {
    const store = begin().open();
    store.insert([record(0, cellFrame())]);
    expect(store.insert([record(0, signalFrame()), record(0, tripRow())])).toBe(0);
    expect(store.devices('cell')).toEqual([1]);
    expect(store.devices('signals')).toEqual([]);
  });

  test('holds the largest numbers of the schema exactly', () => {
    const store = begin().open();
    const largest = Number.MAX_SAFE_INTEGER;
    store.insert([record(largest - 1, signalFrame(), 1, 2 ** 48 - 1), record(largest, signalFrame(), 1, 2 ** 48 - 1)]);
    expect(
      everything(store)
        .map(({ key }) => key.sequence)
        .sort(),
    ).toEqual([largest - 1, largest]);
    expect(everything(store)[0]?.key.epoch).toBe(2 ** 48 - 1);
  });

  test('what was inserted is there after it was closed and opened, and is passed over then', () => {
    const zone = begin();
    const store = zone.open();
    store.insert([record(0), record(1, cellFrame()), record(2, tripRow())]);
    store.close();
    const again = zone.open();
    expect(again.count()).toBe(3);
    expect(again.insert([record(0), record(1, cellFrame()), record(2, tripRow()), record(3)])).toBe(1);
    expect(keysOf(everything(again))).toEqual(['1/11/0', '1/11/3']);
  });

  test('a batch that cannot be written as a whole is not written in part', () => {
    const store = begin().open();
    const tooShort = { ...signalFrame(), subjectTag: new Uint8Array(3) } as FrameContent;
    expect(() => store.insert([record(0), record(1, tooShort)])).toThrow('subjectTag');
    expect(store.count()).toBe(0);
    expect(everything(store)).toEqual([]);
    expect(store.insert([record(0)])).toBe(1);
  });

  test('a record that cannot be stored is an error, and is not passed over as if it were held', () => {
    const store = begin().open();
    expect(() => store.insert([record(0), record(Number.NaN)])).toThrow();
    expect(store.count()).toBe(0);
  });

  test('keeps more distinct paths than any vehicle has, and says each of them again', { timeout: 60_000 }, () => {
    const zone = begin();
    const store = zone.open();
    // A frame holds 256 readings: this is one more frame than 65 536 paths fill.
    const frames = Array.from({ length: 257 }, (_, frame) => record(frame, signalFrame(manyValues(frame))));
    expect(store.insert(frames)).toBe(257);
    expect(store.insert([record(1_000, signalFrame({ 'Vehicle.Speed': 3 }))])).toBe(1);
    store.close();
    const read = everything(zone.open());
    const readingsAt = (sequence: number) =>
      read.flatMap(({ key, content }) =>
        key.sequence === sequence && content.kind === 'signals' ? content.signals : [],
      );
    for (const frame of [0, 1, 255, 256])
      expect(Object.fromEntries(readingsAt(frame).map(({ path, value }) => [path, value]))).toEqual(manyValues(frame));
    expect(readingsAt(1_000)).toEqual([{ path: 'Vehicle.Speed', value: 3 }]);
  });
}

function manyValues(frame: number): Values {
  return Object.fromEntries(Array.from({ length: 256 }, (_, at) => [`Vehicle.Unknown.P${frame}x${at}`, at]));
}

function describeReading(begin: () => ZoneUnderTest): void {
  test('gives every reading back as it was: numbers, flags, text and defaults', () => {
    const store = begin().open();
    const values = { 'Vehicle.A': 0, 'Vehicle.B': -1.5, 'Vehicle.C': false, 'Vehicle.D': true, 'Vehicle.E': '' };
    store.insert([record(0, signalFrame(values)), record(1, signalFrame({ 'Vehicle.E': 'PARK', 'Vehicle.A': 7 }))]);
    const contents = everything(store).map(({ content }) => (content.kind === 'signals' ? content.signals : []));
    expect(contents).toEqual([
      Object.entries(values).map(([path, value]) => ({ path, value })),
      [
        { path: 'Vehicle.E', value: 'PARK' },
        { path: 'Vehicle.A', value: 7 },
      ],
    ]);
  });

  test('gives signals of a span of time, its end left out, and no other kind', () => {
    const store = begin().open();
    const at = (sequence: number, instant: number) => record(sequence, signalFrame(undefined, instant as Instant));
    const hour = Math.floor(NOW / HOUR_MS);
    store.insert([
      at(0, NOW - 1),
      at(1, NOW),
      at(2, NOW + 9),
      at(3, NOW + 10),
      record(4, cellFrame({ hour })),
      record(5, tripRow()),
    ]);
    const found = [...store.signals(NOW, (NOW + 10) as Instant)];
    expect(keysOf(found)).toEqual(['1/11/1', '1/11/2']);
    const asked: number[] = [];
    const nobody = store.signals(NOW, (NOW + 10) as Instant, (deviceNumber) => asked.push(deviceNumber) < 0);
    expect([[...nobody], new Set(asked)]).toEqual([[], new Set([1])]);
  });

  test('names each device of a kind once', () => {
    const store = begin().open();
    store.insert([
      record(0),
      record(1),
      record(0, signalFrame(), 3),
      record(2, cellFrame(), 4),
      record(3, tripRow(), 5),
    ]);
    expect([...store.devices('signals')].sort()).toEqual([1, 3]);
    expect(store.devices('cell')).toEqual([4]);
    expect(store.devices('trip')).toEqual([5]);
  });

  test('keeps pictures, point clouds and counts of objects, and gives none of them for signals or trips', () => {
    const store = begin().open();
    const contents = [IMAGE, POINTS, RINGS, OBJECTS];
    expect(store.insert(contents.map((content, sequence) => record(sequence, content)))).toBe(4);
    expect([store.devices('image'), store.devices('points'), store.devices('objects')]).toEqual([[1], [1], [1]]);
    expect([[...store.signals(0 as Instant, Number.MAX_SAFE_INTEGER as Instant)], [...store.trips()]]).toEqual([
      [],
      [],
    ]);
  });

  test('gives trip rows with the keys they came under, and no other kind', () => {
    const store = begin().open();
    const rows = [record(0, tripRow({ distanceClass: 1 })), record(9, tripRow({ distanceClass: 2 }), 3)];
    store.insert([...rows, record(1), record(2, cellFrame())]);
    expect([...store.trips()].sort((a, b) => a.key.sequence - b.key.sequence)).toEqual(rows);
  });

  test('a reader that stops half way leaves the zone writable', () => {
    const store = begin().open();
    store.insert([record(0), record(1), record(2)]);
    for (const _ of store.signals(0 as Instant, Number.MAX_SAFE_INTEGER as Instant)) break;
    expect(store.insert([record(3)])).toBe(1);
  });
}

function describeRemoving(begin: () => ZoneUnderTest): void {
  const trip = tripRow();

  test('removes records by key, for good, and counts what is left', () => {
    const zone = begin();
    const store = zone.open();
    const records = [record(0, trip), record(1, trip), record(1, trip, 2), record(2)];
    store.insert(records);
    store.remove([record(1).key, record(2).key, record(77).key]);
    expect(store.count()).toBe(2);
    store.close();
    const again = zone.open();
    expect(again.count()).toBe(2);
    expect(keysOf([...again.trips()])).toEqual(['1/11/0', '2/11/1']);
    expect(everything(again)).toEqual([]);
  });

  test('removing nothing is nothing, and a key that was removed is new again', () => {
    const store = begin().open();
    store.insert([record(0, trip)]);
    store.remove([]);
    expect(store.count()).toBe(1);
    store.remove([record(0).key]);
    expect(store.insert([record(0, trip)])).toBe(1);
    expect(store.count()).toBe(1);
  });
}
