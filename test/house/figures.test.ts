import { describe, expect, test } from 'vitest';
import { rowsOfLaw } from '../../cloud/rules/law-book.ts';
import { SHIPPED_LAW } from '../../cloud/rules/shipped-rules.ts';
import { read, SOURCES } from './sources.ts';

/** Code: tables of other matters hold figures of their own, such as the bounds of a signal. */
const code = SOURCES.filter(
  (path) => path.startsWith('cloud/') && !path.startsWith('cloud/rules/') && !path.endsWith('.table.ts'),
);

/** Literals that have the value of a figure of the law and are something else. */
const SOMETHING_ELSE: Readonly<Record<string, string>> = {
  'cloud/transfer/facts.ts: 2000': 'the first year that facts can be of',
  'cloud/cli/policy-sensors.ts: 10_000': 'ten metres in millimetres, the coarsest voxel',
  'cloud/cli/policy-sign.command.ts: 1_000_000': 'the word million in a fault',
  'cloud/classification/observed.ts: 10_000': 'a date as the number YYYYMMDD, taken apart',
  'cloud/adapters/otlp-telemetry.ts: 1_000_000': 'nanoseconds of a millisecond',
  'cloud/zones/group-records.ts: 10_000': 'a date as the number YYYYMMDD, taken apart',
  'cloud/release/group-trips.ts: 10_000': 'a date as the number YYYYMMDD, taken apart and put together',
};

/** Smaller ones are anybody's number; 1,000 and more of the law are looked for by value. */
const FIGURE_MIN = 1_000;

function* figuresOf(value: unknown): Generator<number> {
  if (typeof value === 'number' && value >= FIGURE_MIN) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) if (key !== 'year') yield* figuresOf(inner);
}

const figures = new Set(rowsOfLaw(SHIPPED_LAW).flatMap(({ row }) => [...figuresOf(row)]));

/** Code without comments and texts, and without our own limits, which are named as such. */
function bare(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/gs, "''")
    .replace(/^(?:export )?const [A-Z][A-Z0-9_]*(?:MAX|MIN|MS|BYTES|PERIODS) = [^;]*;/gm, '');
}

describe('figures of the law', () => {
  test('there are some to look for', () => {
    for (const figure of [10_000, 100_000, 500_000, 1_000_000, 10_000_000, 50_000_000])
      expect(figures).toContain(figure);
  });

  test('stand in rows, and nowhere in the code of the cloud', () => {
    expect(code.length).toBeGreaterThan(100);
    const found = code.flatMap((path) =>
      [...bare(read(path)).matchAll(/(?<![\w.])\d[\d_]*(?![\w.])/g)]
        .filter(([literal]) => figures.has(Number(literal.replaceAll('_', ''))))
        .map(([literal]) => `${path}: ${literal}`),
    );
    expect(found.filter((one) => !(one in SOMETHING_ELSE))).toEqual([]);
    expect(Object.keys(SOMETHING_ELSE).filter((one) => !found.includes(one))).toEqual([]);
  });

  test('a name in capitals is no way round: none says what a figure of the law says', () => {
    const words = /\b[A-Z_]*(?:FLEET|THRESHOLD|SENSITIVE_PERSONS|ASSESSMENT|JUNCTION|FACE_PX|PLATE_PX)[A-Z_]*\s*=\s*\d/;
    expect(code.filter((path) => words.test(read(path)))).toEqual([]);
  });
});
