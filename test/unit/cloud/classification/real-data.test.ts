import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { KIND_IDS } from '../../../../cloud/catalogue/catalogue.ts';
import {
  createRecordsClassifier,
  type RecordsClassification,
} from '../../../../cloud/classification/classify-records.ts';
import type { ObservedContent } from '../../../../cloud/classification/observed.ts';
import { readDbc } from '../../../../edge/adapters/can-files.ts';
import { isPresent, messageKey } from '../../../../edge/sources/can/can-database.ts';
import { parseCandumpLine } from '../../../../edge/sources/can/can-frame.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { ON, RULES } from '../../../support/classification/summary.ts';
import { LABELS } from '../../../support/imagery/shared-pictures.ts';

/** Real data beside the checkout, whose licences keep it out of the repository. */
const SHARED = new URL('../../../../../shared/data/', import.meta.url);
const isThere = existsSync(SHARED);
const text = (path: string): string => {
  const bytes = readFileSync(new URL(path, SHARED));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};
const rowsOf = (path: string): readonly (readonly string[])[] =>
  text(path)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));

type Record = readonly [vehicle: number, content: ObservedContent];

function classification(records: Iterable<Record>): RecordsClassification {
  const classifier = createRecordsClassifier(RULES);
  for (const [vehicle, content] of records) classifier.take(vehicle, content);
  return classifier.result(ON, { year: 'all', stated: {}, figures: {} });
}

/** `item: outcome` with the clauses that are not settled as no hit: the explanation in short. */
function explained({ classification: { items } }: RecordsClassification): readonly string[] {
  return items.map(({ item, outcome, clauses }) => {
    const open = clauses.filter((one) => one.outcome !== 'no-hit').map(({ clause }) => clause);
    return outcome === 'no-hit'
      ? `${item}: no-hit`
      : `${item}: ${outcome} by ${open.join(' ') || 'nothing that anybody has read'}`;
  });
}

const position = (at: number, of: readonly string[] = ['position']): ObservedContent => {
  return { kind: 'of-kind', of, observedAt: at as Instant };
};

const PLACES = 'sens-area geo-secret law-enf';

describe('traces', () => {
  test.runIf(isThere)('of one GeoLife user are a track that no fence set has cleared (needs ../shared/data)', () => {
    const rows = rowsOf('trajectories/geolife/128.csv.gz');
    const result = classification(rows.map(([, utc = '']) => [1, position(Date.parse(utc), ['position', 'altitude'])]));
    expect(result).toMatchObject({ records: rows.length, vehicles: 1 });
    expect(result.classification).toMatchObject({
      classes: ['personal', 'sensitive', 'geographic'],
      important: 'unknown',
      rises: [
        { rise: 'rise-series', outcome: 'hit' },
        { rise: 'rise-track', outcome: 'hit' },
      ],
    });
    expect(result.classification.kinds).toContain('TRACK');
    expect(explained(result)).toEqual([
      'important-22: no-hit',
      'important-26: no-hit',
      // More than 30 days without a label: they may all be of one area.
      `important-36: unknown by sens-area geo-secret econ-30d law-enf`,
      `important-37: unknown by sens-area geo-secret econ-30d law-enf`,
      'important-47: unknown by sens-area-site',
    ]);
  });

  test.runIf(isThere)('of the Wuxi fleet are one day, and so no month of flow anywhere (needs ../shared/data)', () => {
    const numbers = new Map<string, number>();
    const rows = rowsOf('trajectories/wuxi_fleet_2020-07-18.csv.gz');
    const records = rows.map(([vehicle = '', local = '']): Record => {
      const number = numbers.get(vehicle) ?? numbers.size + 1;
      numbers.set(vehicle, number);
      return [number, position(Date.parse(`${local.replace(' ', 'T')}+08:00`))];
    });
    const result = classification(records);
    expect(result).toMatchObject({ records: 10_548, vehicles: 238 });
    expect(explained(result)).toContain(`important-36: unknown by ${PLACES}`);
    const clauses = result.classification.items.find(({ item }) => item === 'important-36')?.clauses ?? [];
    expect(clauses.find(({ clause }) => clause === 'fleet-100k')).toMatchObject({
      ...{ outcome: 'no-hit', measure: 'vehicles', reached: 238, figure: 100_000 },
    });
    expect(clauses.find(({ clause }) => clause === 'econ-30d')).toMatchObject({
      ...{ outcome: 'no-hit', measure: 'flow-days', reached: 0, atMost: 1, figure: 30 },
    });
  });
});

describe('logs of a bus', () => {
  const known: Readonly<{ [name: string]: string }> = {
    Displayed_SOC: 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed',
    VehicleSpeed: 'Vehicle.Speed',
  };

  test.runIf(isThere).each([
    ['zeekr001_battery', 'geely_sea_platform'],
    ['bmw_i3', 'bmw_i3_pt_can2'],
  ])('%s: what no row of the catalogue knows is treated as the strictest (needs ../shared/data)', (log, dbc) => {
    const database = readDbc(new URL(`can/${dbc}.dbc`, SHARED).pathname);
    if (!database.ok) throw new Error(database.fault.problem.en);
    const records: Record[] = [];
    for (const line of text(`can/${log}.candump.log.gz`).split('\n').slice(0, 5_000)) {
      const frame = line === '' ? undefined : parseCandumpLine(line);
      if (frame === undefined || frame === 'no-data') continue;
      const message = database.value.get(messageKey(frame.id, false));
      const names = [...(message?.signals.values() ?? [])].filter(
        (signal) => message !== undefined && isPresent(message, signal, frame.bytes),
      );
      const signals = names.map(({ name }) => ({ path: known[name] ?? `Vehicle.Oem.${name}`, value: 0 }));
      if (signals.length > 0) records.push([1, { kind: 'signals', observedAt: 1_700_000_000_000 as Instant, signals }]);
    }
    const result = classification(records);
    expect(records.length).toBeGreaterThan(100);
    expect(result.classification).toMatchObject({ important: 'present', sensitive: 'present' });
    expect(result.classification.reasons.find(({ from }) => from === 'unknown')?.reason.en).toContain('no row');
    expect(explained(result)).toContain('important-unread-1: unknown by nothing that anybody has read');
  });

  test('with names that the catalogue has are personal, and a series of them sensitive', () => {
    const records = [0, 1_000].map((at): Record => {
      const signals = [{ path: 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current', value: 80 }];
      return [1, { kind: 'signals', observedAt: (1_760_000_000_000 + at) as Instant, signals }];
    });
    expect(classification(records.slice(0, 1)).classification).toMatchObject({
      classes: ['personal'],
      sensitive: 'absent',
    });
    expect(classification(records).classification.classes).toEqual(['personal', 'sensitive']);
    expect(classification(records).classification.important).toBe('absent');
  });
});

describe('what looks at the surroundings', () => {
  const picture = ({ faces, plates }: { readonly faces: number; readonly plates: number }): ObservedContent => {
    const isEmpty = faces === 0 && plates === 0;
    const content = { kind: 'of-kind', of: ['camera-exterior'], observedAt: 1_760_000_000_000 as Instant } as const;
    return isEmpty ? { ...content, inspection: { faces: [], plates: [] } } : content;
  };

  test.runIf(isThere)(
    'pictures: important by their kind; faces unknown until somebody looked (needs ../shared/data)',
    () => {
      const empty = LABELS.filter(({ faces, plates }) => faces === 0 && plates === 0);
      expect([LABELS.length, empty.length > 0]).toEqual([22, true]);
      const clean = classification(empty.map((one) => [1, picture(one)]));
      expect(clean.classification.important).toBe('present');
      expect(explained(clean)).toContain(`important-32: unknown by ${PLACES}`);
      const all = classification(LABELS.map((one) => [1, picture(one)]));
      expect(explained(all)).toContain(`important-32: unknown by ${PLACES} face32 plate16`);
      const found = classification([
        [1, { ...picture({ faces: 0, plates: 0 }), inspection: { faces: [32], plates: [] } } as ObservedContent],
      ]);
      expect(explained(found)).toContain(`important-32: hit by ${PLACES} face32`);
    },
  );

  test.runIf(isThere).each([
    ['kitti_000008.bin', ['point-cloud'], 'important-34'],
    ['laspy_simple.las', ['point-cloud', 'position'], 'important-36'],
  ])('%s is geographic, and not cleared (needs ../shared/data)', (file, of, item) => {
    expect(existsSync(new URL(`pointclouds/${file}`, SHARED))).toBe(true);
    const result = classification([[1, position(1_760_000_000_000, of)]]);
    expect(result.classification.classes).toContain('geographic');
    expect(explained(result)).toContain(`${item}: unknown by ${PLACES}`);
    expect(result.classification.important).not.toBe('absent');
  });
});

test.runIf(isThere)('a stream of GB/T 32960 holds positions, so it is a track (needs ../shared/data)', () => {
  const rows = rowsOf('gb32960/stream_LDPGABAC7JN200663_2019-12-30.csv.gz');
  const fields = KIND_IDS.filter((id) => id.startsWith('gb32960.') && !id.includes('platform'));
  expect(fields.length).toBeGreaterThan(10);
  const result = classification(
    rows.map(([, , reported = '']) => [1, position(Date.parse(`${reported.replace(' ', 'T')}+08:00`), fields)]),
  );
  expect(result.records).toBe(246);
  expect(result.classification.classes).toEqual(expect.arrayContaining(['personal', 'sensitive', 'geographic']));
  expect(explained(result)).toEqual(
    expect.arrayContaining([`important-36: unknown by ${PLACES}`, 'important-48: no-hit']),
  );
});
