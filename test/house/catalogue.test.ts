import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogueRow, KIND_IDS, KIND_ROWS, SIGNAL_ROWS, UNKNOWN_ROW } from '../../cloud/catalogue/catalogue.ts';
import { CITATIONS } from '../../cloud/catalogue/citations.table.ts';
import { EVERY_ITEM } from '../../cloud/catalogue/every-item.table.ts';
import { indexRules } from '../../cloud/catalogue/leaf-match.ts';
import { LEAF_RULES } from '../../cloud/catalogue/leaf-rules.table.ts';
import { OWN_LEAVES } from '../../cloud/catalogue/own-leaves.table.ts';
import { RANGES } from '../../cloud/catalogue/ranges.table.ts';
import { VSS_LEAVES, VSS_TAG_LEAVES } from '../../cloud/catalogue/vss-leaves.table.ts';
import { FIELD_KIND_NAMES, FIELD_KINDS } from '../../cloud/rules/field-kinds.table.ts';
import { isIntegrable, neverLeaves } from '../../edge/stages/forbidden-paths.ts';
import { STATISTICS_PATHS } from '../../edge/stages/statistics-paths.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';

const LEAVES = [...VSS_LEAVES, ...VSS_TAG_LEAVES, ...OWN_LEAVES];
const ROWS = [...SIGNAL_ROWS, ...KIND_ROWS, UNKNOWN_ROW];
const index = indexRules(LEAF_RULES);

describe('completeness', () => {
  test('VSS 6.0 has 1,263 leaves, each once and each a path', () => {
    expect(VSS_LEAVES).toHaveLength(1_263);
    expect(new Set(LEAVES.map(([path]) => path)).size).toBe(LEAVES.length);
    expect(LEAVES.filter(([path]) => !parseVssPath(path).ok)).toEqual([]);
  });

  test('every leaf is decided', () => {
    expect(LEAVES.map(([path]) => path).filter((path) => catalogueRow(path) === undefined)).toEqual([]);
    expect(SIGNAL_ROWS).toHaveLength(LEAVES.length);
  });

  test('every statistic of the edge is a leaf, and no other leaf is ours', () => {
    expect(new Set(OWN_LEAVES.map(([path]) => path))).toEqual(STATISTICS_PATHS);
  });

  test('every kind of field has a row of a kind, and kinds have ids that are no paths', () => {
    const kinds = new Set(KIND_ROWS.map(({ fieldKind }) => fieldKind));
    expect(FIELD_KIND_NAMES.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(KIND_IDS.filter((id) => !/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test('every item of important data is tested on some row that is not the unknown one', () => {
    const tested = new Set(
      [...SIGNAL_ROWS, ...KIND_ROWS]
        .filter(({ items }) => items.length < EVERY_ITEM.length)
        .flatMap(({ items }) => items),
    );
    expect(EVERY_ITEM.filter((id) => !tested.has(id))).toEqual(['important-unread-1', 'important-unread-2']);
  });
});

describe('rules of signals', () => {
  test('each decides some leaf', () => {
    const deciding = new Set(SIGNAL_ROWS.map(({ rule }) => rule));
    expect(LEAF_RULES.map(({ id }) => id).filter((id) => !deciding.has(id))).toEqual([]);
    expect(new Set(LEAF_RULES.map(({ id }) => id)).size).toBe(LEAF_RULES.length);
  });

  test('each name of a rule decides some leaf, and none is overruled by a longer branch', () => {
    const idle = LEAF_RULES.flatMap((rule) =>
      (rule.names ?? []).filter((name) => {
        const one = indexRules([{ ...rule, names: [name] }]);
        return !LEAVES.some(([path]) => one.matching(path).length > 0 && index.matching(path)[0] === rule);
      }),
    );
    expect(idle).toEqual([]);
  });

  test('no leaf has two that are equally near', () => {
    const torn = LEAVES.filter(([path]) => {
      const [first, second] = index.matching(path);
      return (
        first?.under === second?.under &&
        (second?.names !== undefined || first?.names === undefined) &&
        first !== second
      );
    });
    expect(torn.map(([path]) => path)).toEqual([]);
  });

  test('each bound of ours is of a leaf, and no wider than what VSS states', () => {
    const wide = RANGES.filter(([path, min, max]) => {
      const leaf = VSS_LEAVES.find(([one]) => one === path);
      return leaf === undefined || min >= max || (leaf[4] ?? min) > min || (leaf[5] ?? max) < max;
    });
    expect(wide).toEqual([]);
  });
});

describe('rows', () => {
  test('say what exists: items, kinds of field, retention, citations', () => {
    const items = new Set<string>(EVERY_ITEM);
    expect(
      ROWS.filter((row) => row.items.some((id) => !items.has(id)) || new Set(row.items).size < row.items.length),
    ).toEqual([]);
    expect(ROWS.filter(({ retention }) => !RETENTIONS.has(retention)).map(({ path }) => path)).toEqual([]);
    expect(ROWS.filter(({ cite }) => !Object.hasOwn(CITATIONS, cite)).map(({ cite }) => cite)).toEqual([]);
    expect(ROWS.filter(({ classes }) => classes.length === 0 || new Set(classes).size < classes.length)).toEqual([]);
  });

  test('agree with what the kinds of field are by law', () => {
    const law = new Map(FIELD_KINDS.map((row) => [row.kind, row]));
    const milder = ROWS.filter(({ fieldKind, classes, path }) => {
      const row = law.get(fieldKind);
      if (path === 'unknown' || row === undefined) return row === undefined;
      const isPersonal = classes.includes('personal');
      return (
        (row.geographic && !classes.includes('geographic')) ||
        (row.sensitiveIfPersonal && isPersonal && !classes.includes('sensitive'))
      );
    });
    expect(milder.map(({ path }) => path)).toEqual([]);
  });

  test('of what integrates beside the speed are geographic, and the edge sends it once a minute at most', () => {
    const integrable = SIGNAL_ROWS.filter(({ path }) => isIntegrable(path) && !neverLeaves(path));
    expect(integrable.length).toBeGreaterThan(30);
    expect(integrable.filter(({ classes }) => !classes.includes('geographic')).map(({ path }) => path)).toEqual([]);
  });
});

/** Ids of the rows of retention. */
const RETENTIONS = new Set([
  'sensitive-on-request-10wd',
  'logs-3y',
  'capture-7d',
  'capture-sample-31d',
  'pipia-3y',
  'domestic-operations',
  'remote-command-logs-6m',
]);

interface LawIds {
  readonly id: string;
  readonly classes?: readonly string[];
}

describe('against the rows of the law', () => {
  const idsOf = async (table: string, name: string): Promise<readonly LawIds[]> =>
    ((await import(`../../cloud/rules/${table}.table.ts`)) as Record<string, readonly LawIds[]>)[name] ?? [];
  const isThere = (table: string): boolean =>
    existsSync(new URL(`../../cloud/rules/${table}.table.ts`, import.meta.url));

  test.skipIf(!isThere('important-items'))('items are those (needs cloud/rules/important-items)', async () => {
    const items = await idsOf('important-items', 'IMPORTANT_ITEMS');
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set(EVERY_ITEM));
  });

  test.skipIf(!isThere('retention'))('retention is among those (needs cloud/rules/retention)', async () => {
    const known = new Set((await idsOf('retention', 'RETENTION')).map(({ id }) => id));
    expect([...RETENTIONS].filter((id) => !known.has(id))).toEqual([]);
  });

  test.skipIf(!isThere('kind-classes'))('no row is milder than its kind (needs cloud/rules/kind-classes)', async () => {
    const classes = new Map((await idsOf('kind-classes', 'KIND_CLASSES')).map((row) => [row.id, row.classes ?? []]));
    const milder = [...SIGNAL_ROWS, ...KIND_ROWS].filter((row) => {
      const missing = (classes.get(row.fieldKind) ?? []).filter((one) => !row.classes.some((own) => own === one));
      return missing.some((one) => one !== 'general' && one !== 'personal');
    });
    expect(milder.map(({ path, fieldKind }) => `${path} ${fieldKind}`)).toEqual([]);
  });
});

const RELEASE = new URL('../../../shared/data/vss/vss_6.0_leaves.csv', import.meta.url);

test.skipIf(!existsSync(RELEASE))('our list of leaves is that of the release (needs ../shared/data/vss)', () => {
  const lines = readFileSync(RELEASE, 'utf8').trimEnd().split('\n').slice(1);
  const ours = VSS_LEAVES.map(([path, node, datatype, unit, min, max]) => [
    path,
    node,
    datatype,
    unit ?? '',
    min ?? '',
    max ?? '',
  ]);
  const theirs = lines.map((line) => line.split(',').map((cell, at) => (at > 3 && cell !== '' ? Number(cell) : cell)));
  expect(ours).toEqual(theirs);
});
