import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { classifyCommand } from '../../../../cloud/cli/classify.command.ts';
import type { BusSignal } from '../../../../cloud/cli/classify-bus.ts';
import type { ReadBusLine, TerminalReaders } from '../../../../cloud/cli/classify-formats.ts';
import { busLines, openBus } from '../../../../edge/open-bus.ts';
import type { Instant } from '../../../../proto/words/time.ts';

/** Real data beside the checkout, whose licences keep it out of the repository. */
const SHARED = new URL('../../../../../shared/data/', import.meta.url);
const isThere = existsSync(SHARED);
const fileOf = (path: string): Buffer => {
  const bytes = readFileSync(new URL(path, SHARED));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

interface Answer {
  readonly records: number;
  readonly vehicles: number;
  readonly damaged: { readonly count: number; readonly firstLines: readonly number[] };
  readonly signals?: readonly BusSignal[];
  readonly classification: {
    readonly classes: readonly string[];
    readonly important: string;
    readonly reasons: readonly { readonly reason: { readonly en: string; readonly zh: string } }[];
    readonly items: readonly {
      readonly item: string;
      readonly outcome: string;
      readonly clauses: readonly { readonly clause: string; readonly outcome: string }[];
    }[];
    readonly unread: readonly string[];
    readonly rows: readonly object[];
  };
}

async function classify(
  format: string,
  content: string | Buffer,
  more: { place?: string; terminals?: TerminalReaders; bus?: ReadBusLine } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const { terminals, place, bus } = more;
  const args = { path: 'f', on: '2026-11-21', json: true, records: false, oneVehicle: true, language: 'en' } as const;
  const status = await classifyCommand(
    { ...args, rules: undefined, stated: undefined, format, ...(place === undefined ? {} : { place }) },
    {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      readFile: async () => '',
      readLines: async function* () {
        yield* content.toString().trimEnd().split('\n');
      },
      readBytes: async () => Buffer.from(content),
      ...(terminals === undefined ? {} : { terminals }),
      ...(bus === undefined ? {} : { bus }),
    },
  );
  return { status, err: err.join(), answer: status === 0 ? (JSON.parse(out.join('')) as Answer) : undefined };
}

/** Every class has a reason in both languages, and every item that is not cleared the clauses that keep it open. */
function expectExplained(answer: Answer | undefined): asserts answer is Answer {
  if (answer === undefined) throw new Error('expected an answer');
  const { classification } = answer;
  expect(classification.reasons.length).toBeGreaterThanOrEqual(classification.classes.length);
  for (const { reason } of classification.reasons)
    expect([reason.en, reason.zh].every((text) => text.length > 3)).toBe(true);
  for (const { item, outcome, clauses } of classification.items) {
    const open = clauses.filter((clause) => clause.outcome !== 'no-hit');
    expect([item, outcome === 'no-hit' || open.length > 0 || classification.unread.includes(item)]).toEqual([
      item,
      true,
    ]);
  }
  expect(classification.rows.length).toBeGreaterThan(0);
}

describe('files of others', () => {
  test('a log of a bus is what nobody can read: tested on everything', async () => {
    const log = '(1700000000.000001) can0 123#DEADBEEF\n(0.5) can1 18FF1234##1AA\n(2.0) can0 123#R\n';
    const { answer } = await classify('candump', log);
    expectExplained(answer);
    expect(answer).toMatchObject({ records: 2, vehicles: 1, silent: 1 });
    expect(answer.classification).toMatchObject({ important: 'present', sensitive: 'present' });
  });

  test('a log of a bus with the files that say what it holds is its signals, and what they leave open', async () => {
    const lines = {
      a: { atMs: 1_700_000_000_000, signals: [{ name: 'M.Speed', path: 'Vehicle.Speed' }, { name: 'M.Other' }] },
      b: { atMs: 1_700_000_000_000, signals: [] },
      c: 'silent',
    } as const;
    const bus: ReadBusLine = (line) => (Object.hasOwn(lines, line) ? lines[line as keyof typeof lines] : undefined);
    const { answer } = await classify('candump', 'a\na\nb\nc\n', { bus });
    expectExplained(answer);
    expect(answer).toMatchObject({ records: 3, vehicles: 1, silent: 1 });
    expect(answer.signals?.map(({ name, path, frames, exportable }) => [name, path, frames, exportable])).toEqual([
      [undefined, undefined, 1, false],
      ['M.Other', undefined, 2, false],
      ['M.Speed', 'Vehicle.Speed', 2, true],
    ]);
    expect(answer.classification.important).toBe('present');
    const known = await classify('candump', 'c\n', { bus: (line) => (line === 'c' ? lines.a : undefined) });
    expect(known.answer?.classification.classes).toContain('important');
    expect(await classify('candump', 'x', { bus })).toMatchObject({ status: 2 });
    expect(await classify('trace', 'a', { bus })).toMatchObject({ status: 2 });
  });

  test('a trace has the layout of its first line, and nothing is guessed', async () => {
    const { answer } = await classify('trace', 'vehicle,local_time,lat,lon\na,2020-07-18 08:00:00,31.5,120.3\n');
    expectExplained(answer);
    expect(answer).toMatchObject({
      records: 1,
      silent: 1,
      classification: { classes: ['personal', 'sensitive', 'geographic'] },
    });
    expect((await classify('trace', 'a,b\n1,2')).err).toContain('line 1');
    expect((await classify('trace', 'vehicle,local_time,lat,lon\na,now,31.5,120.3')).err).toContain('line 2');
  });

  test.each([
    ['a picture of nobody knows where is both', 'picture', undefined, ['camera-exterior', 'cabin-image']],
    ['a picture of the road', 'picture', 'exterior', ['camera-exterior']],
  ])('%s', async (_, format, place, kinds) => {
    const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex');
    const { answer } = await classify(format, jpeg, place === undefined ? {} : { place });
    expectExplained(answer);
    const from = answer.classification.reasons.map((one) => (one as unknown as { from: string }).from);
    expect(from).toEqual(expect.arrayContaining(kinds));
    expect(from.includes('cabin-image')).toBe(place === undefined);
  });

  test('a frame of a terminal is its kinds; without a decoder nothing is classified', async () => {
    const line = { vehicle: 'v', at: 1_577_000_000_000 as Instant, kinds: ['gb32960.position.longitude'] };
    const terminals = {
      gb32960: (text: string) => (text === 'a' ? line : text === 'b' ? 'silent' : undefined),
    } as const;
    const { answer } = await classify('gb32960', 'a\nb\n', { terminals });
    expectExplained(answer);
    expect(answer.classification.classes).toContain('geographic');
    expect(await classify('gb32960', 'a\nc\n', { terminals })).toMatchObject({ status: 2 });
    for (const format of ['gb32960', 'xlsx']) {
      const { status, err } = await classify(format, 'a\n');
      expect([status, err.includes('CLASSIFY_FORMAT')]).toEqual([2, true]);
    }
    // As frames are kept by others: among members of JSON lines, and in a column of a CSV file.
    const lines = await classify('gb32960', '{"hex":"a","cmd":"02"}\n{"hex":"b"}\n', { terminals });
    expect(lines.answer).toEqual(answer);
    const columns = await classify('gb32960', 'vin,frame_hex\nv,a\nv,b\n', { terminals });
    expect(columns.answer?.classification).toEqual(answer?.classification);
    for (const text of ['{"hex":1}\n', '{"hex"\n', 'vin,frame_hex\nv\n', 'vin,frame_hex\nv,c\n'])
      expect(await classify('gb32960', text, { terminals })).toMatchObject({ status: 2 });
  });

  test('a damaged frame is counted and named, and the others are classified; what names no day is of the day of the rows', async () => {
    const line = { vehicle: 'v', at: undefined, kinds: ['jt808.frame-unread'] };
    const terminals = {
      jt808: (text: string) => (text === 'a' ? line : text === 'd' ? 'damaged' : undefined),
    } as const;
    const { answer } = await classify('jt808', 'd\na\nd\n', { terminals });
    expectExplained(answer);
    expect(answer).toMatchObject({ records: 1, damaged: { count: 2, firstLines: [1, 3] } });
    const many = await classify('jt808', `a\n${'d\n'.repeat(150)}`, { terminals });
    expect(many.answer?.damaged.count).toBe(150);
    expect(many.answer?.damaged.firstLines).toHaveLength(100);
    expect(await classify('jt808', 'd\n', { terminals })).toMatchObject({ status: 2 });
    expect(await classify('jt808', 'a\nx\n', { terminals })).toMatchObject({ status: 2 });
  });

  test('a file that is not of its format is classified by nobody', async () => {
    for (const format of ['candump', 'trace', 'picture', 'point-cloud'])
      expect([format, (await classify(format, 'no such thing')).status]).toEqual([format, 2]);
    expect((await classify('picture', Buffer.from('ffd8ff', 'hex'), { place: 'roof' })).status).toBe(2);
  });
});

describe('real files', () => {
  test.runIf(isThere).each([
    ['trace', 'trajectories/tdrive_taxi_1.csv', 588, 'geographic'],
    ['trace', 'trajectories/beijing_taxi_1141_day.csv', 1_453, 'geographic'],
    ['trace', 'trajectories/wuxi_fleet_2020-07-18.csv.gz', 10_548, 'geographic'],
    ['candump', 'can/zeekr001_battery.candump.log.gz', 10_607, 'important'],
    ['candump', 'can/byd_atto3_15s.candump.log.gz', 508, 'important'],
    ['picture', 'images/carnd_whiteCarLaneSwitch.jpg', 1, 'geographic'],
    ['picture', 'images/exifgps_DSCN0010.jpg', 1, 'geographic'],
    ['picture', 'images/kitti_000008.png', 1, 'geographic'],
    ['point-cloud', 'pointclouds/kitti_000008.bin', 1, 'geographic'],
    ['point-cloud', 'pointclouds/laspy_simple.las', 1, 'geographic'],
    ['point-cloud', 'pointclouds/laspy_vegetation_1_3.las', 1, 'geographic'],
    ['point-cloud', 'pointclouds/pyntcloud_sphere.ply', 1, 'geographic'],
  ])('%s %s: every result explained (needs ../shared/data)', async (format, path, records, strictest) => {
    const { answer } = await classify(format, fileOf(path));
    expectExplained(answer);
    expect(answer.records).toBe(records);
    expect(answer.classification.classes).toContain(strictest);
    expect(answer.classification.important).not.toBe('absent');
  });

  test.runIf(isThere).each([
    ['zeekr001_battery', 'geely_sea_platform.dbc', 'can-mapping-geely.yaml', []],
    // The example has a signal of an overlay, which is known to no row until the operator writes one.
    ['bmw_i3', 'bmw_i3_pt_can2.dbc', 'can-mapping-bmw-i3.yaml', ['BMSMsg1FA.RQ_COOL_HVSTO']],
  ])('%s by its DBC file: every signal explained (needs ../shared/data)', async (log, dbc, mapping, unknown) => {
    const example = new URL(`../../../../docs/examples/${mapping}`, import.meta.url);
    const opened = openBus(fileURLToPath(new URL(`can/${dbc}`, SHARED)), fileURLToPath(example));
    if (!opened.ok) throw new Error(opened.fault.code);
    const content = fileOf(`can/${log}.candump.log.gz`).toString().split('\n', 12_000).join('\n');
    const whole = await classify('candump', content, { bus: busLines(opened.value, false) });
    expectExplained(whole.answer);
    const { signals = [] } = whole.answer;
    expect(signals.every(({ reason, cite }) => reason.en !== '' && reason.zh !== '' && cite !== '')).toBe(true);
    expect(signals.some(({ path }) => path !== undefined)).toBe(true);
    expect(signals.some(({ path }) => path === undefined)).toBe(true);
    expect(whole.answer.classification.important).toBe('present');
    const sent = await classify('candump', content, { bus: busLines(opened.value, true) });
    expectExplained(sent.answer);
    const left = sent.answer.signals ?? [];
    expect(left.every(({ path }) => path !== undefined)).toBe(true);
    expect(left.filter(({ classes }) => classes.includes('important')).map(({ name }) => name)).toEqual(unknown);
    expect(sent.answer.classification.important === 'present').toBe(unknown.length > 0);
  });
});
