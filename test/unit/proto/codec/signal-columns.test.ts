import { describe, expect, test } from 'vitest';
import {
  FRAMES_MAX,
  PATHS_MAX,
  READINGS_MAX,
  readSignalColumns,
  SIGNALS_MAX,
  writeSignalColumns,
} from '../../../../proto/codec/signal-columns.ts';
import type { SignalFrame, SignalReading } from '../../../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../../../proto/words/subject.ts';
import type { Instant } from '../../../../proto/words/time.ts';

const tag = (byte: number): readonly number[] => Array.from({ length: 16 }, () => byte);

/** Two frames of one tag, a second apart, with a speed of 1 and of 2, as docs/wire.md lays them out. */
const PARTS = {
  places: [1, 2],
  tags: [2, ...tag(7)],
  times: [1, 2, 2],
  columns: [1],
  speed: [4, 0, 0, 2, 2],
};

function read(change: Partial<Record<keyof typeof PARTS, readonly number[]>>, paths = ['Vehicle.Speed']) {
  const bytes = Uint8Array.from(Object.values({ ...PARTS, ...change }).flat());
  return readSignalColumns({ paths, bytes }, 0);
}

const frame = (second: number, signals: readonly SignalReading[]): SignalFrame => ({
  kind: 'signals',
  subjectTag: Uint8Array.from(tag(7)) as SubjectTag,
  observedAt: (1_000 * second) as Instant,
  signals,
});

describe('columns of signals', () => {
  test('are laid out as the document says', () => {
    const frames = [1, 2].map((second) => frame(second, [{ path: 'Vehicle.Speed', value: second }]));
    const { paths, bytes } = writeSignalColumns([true, true], frames);
    expect(paths).toEqual(['Vehicle.Speed']);
    expect([...bytes]).toEqual(Object.values(PARTS).flat());
    expect(read({})).toEqual(frames);
  });

  test.each([
    ['frames in two runs of one kind', { places: [2, 1, 1] }],
    ['no frame at all', { places: [0], tags: [], times: [1], columns: [0], speed: [] }],
    ['a run of nothing at the end', { places: [2, 2, 0] }],
    ['frames of another kind that are not there', { places: [2, 2, 1] }],
    ['a beginning of nothing and nothing else', { places: [1, 0] }],
    ['one tag in two runs', { tags: [1, ...tag(7), 1, ...tag(7)] }],
    ['a tag of no frame', { tags: [0, ...tag(8), 2, ...tag(7)] }],
    ['a tag of three frames', { tags: [3, ...tag(7)] }],
    ['a tag cut short', { tags: [2, 7, 7], times: [], columns: [], speed: [] }],
    ['milliseconds that are seconds', { times: [0, 0xd0, 0x0f, 0xd0, 0x0f] }],
    ['a unit that is none', { times: [2, 2, 2] }],
    ['a time before 1970', { times: [1, 1, 2] }],
    ['a time past the largest', { times: [0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 2] }],
    ['a number longer than it needs to be', { times: [1, 0x82, 0, 2] }],
    ['more columns than there are', { columns: [2] }],
    ['fewer columns than there are', { columns: [0] }],
    ['a path of two steps', { speed: [8, 0, 0, 2, 2] }],
    ['a column before the first path', { speed: [0, 0, 0, 2, 2] }],
    ['readings of all frames as a run', { speed: [4, 2, 0, 2, 0, 2, 2] }],
    ['runs that end without a reading', { speed: [4, 3, 0, 1, 1, 0, 2] }],
    ['runs past the frames', { speed: [4, 2, 2, 1, 0, 2] }],
    ['no reading at all', { speed: [4, 1, 2, 0] }],
    ['places that no value needs', { speed: [4, 0, 1, 20, 20] }],
    ['ten places', { speed: [4, 0, 10, 2, 2] }],
    ['doubles that are decimals', { speed: [5, 0, 0x3f, 0, 0xf0, 0, ...Array.from({ length: 12 }, () => 0)] }],
    ['a double that is none', { speed: [5, 0, 0x7f, 0x7f, 0xf8, 0xf8, ...Array.from({ length: 12 }, () => 0)] }],
    ['doubles cut short', { speed: [5, 0, 0x7f, 0x7f] }],
    ['flags of too many', { speed: [6, 0, 1, 3] }],
    ['flags of too few', { speed: [6, 0, 1, 1] }],
    ['a text that no value has', { speed: [7, 0, 2, 1, 0x41, 1, 0x42, 0, 0] }],
    ['a text named before its turn', { speed: [7, 0, 2, 1, 0x41, 1, 0x42, 1, 0] }],
    ['a text twice', { speed: [7, 0, 2, 1, 0x41, 1, 0x41, 0, 1] }],
    ['a text that is no UTF-8', { speed: [7, 0, 1, 1, 0xff, 0, 0] }],
    ['a text of 33 bytes', { speed: [7, 0, 1, 33, ...Array.from({ length: 33 }, () => 0x41), 0, 0] }],
    ['a column of a path twice', { columns: [2], speed: [4, 1, 1, 0, 2, 0, 2, 1, 1, 0, 2] }],
    ['numbers of a path in both forms', { columns: [2], speed: [4, 2, 1, 1, 0, 2, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1] }],
    ['two readings of a path in a frame', { columns: [2], speed: [4, 0, 0, 2, 2, 2, 0, 1, 2] }],
    ['bytes behind the end', { speed: [4, 0, 0, 2, 2, 0] }],
    ['bytes that are missing', { speed: [4, 0, 0, 2] }],
  ])('refuse %s', (_, change) => {
    expect(read(change)).toBeUndefined();
  });

  test('take two types of one path, each in its frames', () => {
    const mixed = read({ columns: [2], speed: [4, 2, 1, 1, 0, 2, 2, 2, 0, 1, 2, 0, 1] });
    expect(mixed?.map((one) => one?.signals.map(({ value }) => value))).toEqual([[true], [1]]);
  });

  test('refuse a path that no column is of', () => {
    expect(read({}, ['Vehicle.Speed', 'Vehicle.Width'])).toBeUndefined();
    expect(read({}, [])).toBeUndefined();
  });
});

describe('limits', () => {
  const many = (count: number, from = 0): readonly SignalReading[] =>
    Array.from({ length: count }, (_, index) => ({ path: `Vehicle.P${from + index}`, value: 1 }));
  const write = (frames: readonly SignalFrame[]) =>
    writeSignalColumns(new Array<boolean>(frames.length).fill(true), frames);

  test('the largest block there can be comes back', () => {
    const frames = Array.from({ length: READINGS_MAX / SIGNALS_MAX }, (_, at) => frame(at, many(SIGNALS_MAX)));
    expect(readSignalColumns(write(frames), 0)?.flatMap((one) => one?.signals ?? [])).toHaveLength(READINGS_MAX);
  });

  test.each([
    ['readings of one frame', () => write([frame(1, many(SIGNALS_MAX + 1))])],
    ['readings', () => write(Array.from({ length: 65 }, (_, at) => frame(at, many(SIGNALS_MAX))))],
    ['paths', () => write([0, 1, 2].map((at) => frame(at, many(PATHS_MAX / 2, at * 200))))],
    ['a path twice in one frame', () => write([frame(1, [...many(1), ...many(1)])])],
    ['a time past the largest', () => write([frame(2 ** 52, many(1))])],
    ['half a character', () => write([frame(1, [{ path: 'Vehicle.A', value: '\ud800' }])])],
  ])('%s: past the limit is a bug of whoever made them', (_, make) => {
    expect(make).toThrow('broken invariant');
  });

  test('a few bytes unfold to no more readings than a batch may have', () => {
    // 129 flags of 128 frames are 16,512 readings in a few bytes each.
    const paths = Array.from({ length: 129 }, (_, index) => `Vehicle.P${String(index).padStart(3, '0')}`);
    const places = [1, 0x80, 1];
    const times = [1, ...Array.from({ length: 128 }, () => 2)];
    const blockOf = (columns: number): Uint8Array =>
      Uint8Array.from([
        ...[...places, 0x80, 1, ...tag(7), ...times],
        ...(columns < 128 ? [columns] : [columns & 0x7f, 1].map((byte, at) => (at === 0 ? byte | 0x80 : byte))),
        ...Array.from({ length: columns }, () => [6, 0, 1, 0x80, 1]).flat(),
      ]);
    expect(readSignalColumns({ paths: paths.slice(0, 128), bytes: blockOf(128) }, 0)).toHaveLength(128);
    expect(readSignalColumns({ paths, bytes: blockOf(129) }, 0)).toBeUndefined();
  });

  test('frames', () => {
    const places = (count: number): Uint8Array =>
      Uint8Array.from([
        ...[1, (count & 0x7f) | 0x80, count >> 7, (count & 0x7f) | 0x80, count >> 7, ...tag(7)],
        ...[1, 2, ...Array.from({ length: count - 1 }, () => 0), 0],
      ]);
    expect(readSignalColumns({ paths: [], bytes: places(FRAMES_MAX) }, 0)).toHaveLength(FRAMES_MAX);
    expect(readSignalColumns({ paths: [], bytes: places(FRAMES_MAX + 1) }, 0)).toBeUndefined();
  });
});
