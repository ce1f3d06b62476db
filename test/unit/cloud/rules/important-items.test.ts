import { describe, expect, test } from 'vitest';
import type { ClauseTest } from '../../../../cloud/classification/item.ts';
import { FINDINGS, MEASURES } from '../../../../cloud/classification/item.ts';
import { CLAUSES } from '../../../../cloud/rules/clauses.table.ts';
import { FIELD_KINDS } from '../../../../cloud/rules/field-kinds.table.ts';
import { IMPORTANT_ITEMS } from '../../../../cloud/rules/important-items.table.ts';
import { KIND_CLASSES } from '../../../../cloud/rules/kind-classes.table.ts';
import { lawOn } from '../../../../cloud/rules/law-book.ts';
import { LAW_READING_IDS } from '../../../../cloud/rules/law-row.ts';
import { READINGS } from '../../../../cloud/rules/readings.table.ts';
import { RETENTION } from '../../../../cloud/rules/retention.table.ts';
import { SHIPPED_LAW } from '../../../../cloud/rules/shipped-rules.ts';
import { ZONE_LISTS } from '../../../../cloud/rules/zone-lists.table.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const read = IMPORTANT_ITEMS.filter(({ number }) => number !== undefined);
const item = (number: number) => read.find((row) => row.number === number);
const clause = (id: string) => CLAUSES.find((row) => row.id === id && row.reading?.position !== 'other')?.test;

function* leavesOf(test: ClauseTest): Generator<string> {
  if ('all' in test) for (const inner of test.all) yield* leavesOf(inner);
  else if ('any' in test) for (const inner of test.any) yield* leavesOf(inner);
  else yield 'finding' in test ? test.finding : test.measure;
}

describe('items of important data', () => {
  test('49 were read, in 26 categories, and two are holes', () => {
    expect(read.map(({ number }) => number)).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));
    expect(read.map(({ id }) => id)).toEqual(read.map(({ number }) => `important-${String(number).padStart(2, '0')}`));
    expect(IMPORTANT_ITEMS.filter(({ number }) => number === undefined).map(({ id }) => id)).toEqual([
      'important-unread-1',
      'important-unread-2',
    ]);
  });

  test('items of a section stand together: 12 of R&D, 3 of production, 9, 1 and 24', () => {
    const sections = read.map(({ citation }) => citation.article.slice(0, citation.article.indexOf(',')));
    const counted = [1, 2, 3, 4, 5].map((section) => sections.filter((one) => one === `II(${section})`).length);
    expect(counted).toEqual([12, 3, 9, 1, 24]);
  });

  test('a hole names no clause, so nothing can clear it, and claims no kind', () => {
    for (const hole of IMPORTANT_ITEMS.filter(({ number }) => number === undefined)) {
      expect([hole.kinds, hole.anyOf, hole.precondition]).toEqual([[], [], []]);
      expect(hole.status).toBe('final-2026');
    }
  });

  test('signals alone are no item: they have to be fused', () => {
    for (const number of [20, 21, 22]) expect(item(number)?.precondition).toEqual(['fused']);
  });

  test('upgrade source needs all of its conditions', () => {
    expect(item(25)?.precondition).toEqual(['upgrade-in-china', 'remote-beyond-nfc']);
    expect(item(25)?.anyOf).toEqual(['safe-driving']);
    expect(lawOn(SHIPPED_LAW, '2026-11-21' as CivilDate).functions).toHaveLength(7);
  });

  test('point-cloud features know no number of pictures', () => {
    expect(item(23)?.anyOf).toContain('pic-10m');
    expect(item(24)?.anyOf).not.toContain('pic-10m');
    expect(item(24)?.anyOf).not.toContain('vid-1m');
  });

  test('commands have no floor', () => {
    expect(clause('controls-vehicle')).toEqual({ finding: 'controls-vehicle-in-china' });
  });
});

describe('clauses', () => {
  test.each<[string, ClauseTest]>([
    ['fleet-100k', { measure: 'vehicles', atLeast: 100_000 }],
    ['face32', { measure: 'face-px', atLeast: 32 }],
    ['plate16', { measure: 'plate-px', atLeast: 16 }],
    ['km-50m', { measure: 'km', atLeast: 50_000_000 }],
    ['h-2000', { measure: 'hours', atLeast: 2_000 }],
    ['pic-10m', { measure: 'pictures', atLeast: 10_000_000 }],
    ['vid-1m', { measure: 'clips', atLeast: 1_000_000 }],
  ])('%s has the figure of the draft', (id, wanted) => {
    expect(clause(id)).toEqual(wanted);
  });

  test('the one that leaves its number out is the span at a junction', () => {
    expect(CLAUSES.filter(({ test: one }) => /"over/.test(JSON.stringify(one))).map(({ id }) => id)).toEqual([
      'junction-month',
    ]);
  });

  test('every measure and every finding is tested by some clause', () => {
    const tested = new Set(CLAUSES.flatMap(({ test: one }) => [...leavesOf(one)]));
    expect([...MEASURES, ...FINDINGS].filter((word) => !tested.has(word))).toEqual([]);
  });

  test('every clause is used by some item', () => {
    const used = new Set(IMPORTANT_ITEMS.flatMap(({ anyOf, precondition }) => [...anyOf, ...precondition]));
    expect(CLAUSES.filter(({ id }) => !used.has(id))).toEqual([]);
  });

  test('each reading that rows stand under has both of them', () => {
    const under = CLAUSES.flatMap(({ id, reading }) => (reading === undefined ? [] : [{ ...reading, id }]));
    for (const one of under.filter(({ position }) => position === 'other'))
      expect(under.some((row) => row.id === one.id && row.position === 'taken')).toBe(true);
  });
});

describe('kinds of field', () => {
  test('each is tested against the items that name it', () => {
    const wrong = KIND_CLASSES.filter((kind) => {
      const named = read.filter(({ kinds }) => kinds.includes(kind.id)).map(({ id }) => id);
      return JSON.stringify(named) !== JSON.stringify(kind.items);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('carry at least the classes that facts are held against', () => {
    expect(KIND_CLASSES.map(({ id }) => id)).toEqual(FIELD_KINDS.map(({ kind }) => kind));
    for (const { kind, geographic, sensitiveIfPersonal, personal, important } of FIELD_KINDS) {
      const classes = KIND_CLASSES.find(({ id }) => id === kind)?.classes ?? [];
      if (geographic) expect(classes).toContain('geographic');
      if (sensitiveIfPersonal) expect(classes).toContain('sensitive');
      if (personal) expect(classes).toContain(sensitiveIfPersonal ? 'sensitive' : 'personal');
      if (important) expect(classes).toContain('important');
    }
  });
});

describe('readings', () => {
  test('the stricter one is taken, or the row says what fixed the other', () => {
    const mild = READINGS.filter(({ other, stricter }) => other !== undefined && stricter !== 'taken');
    expect(mild.filter(({ defaultBecause }) => defaultBecause === undefined)).toEqual([]);
  });

  test('each that can be switched has a row with both sides', () => {
    expect(READINGS.filter(({ other }) => other !== undefined).map(({ id }) => id)).toEqual([...LAW_READING_IDS]);
    expect(READINGS.filter(({ other, switch: by }) => other === undefined && by !== 'none')).toEqual([]);
  });
});

describe('retention and lists', () => {
  test('has the periods that catalogue rows name', () => {
    expect(RETENTION.map(({ id }) => id)).toEqual([
      'sensitive-on-request-10wd',
      'logs-3y',
      'capture-7d',
      'capture-sample-31d',
      'pipia-3y',
      'domestic-operations',
      'remote-command-logs-6m',
    ]);
  });

  test('no list ships with a version, so none carries an exemption by itself', () => {
    expect(ZONE_LISTS.filter(({ version }) => version !== undefined)).toEqual([]);
  });
});
