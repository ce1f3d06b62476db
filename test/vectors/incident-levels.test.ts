import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { weighChange } from '../../cloud/registers/change.ts';
import { INCIDENT_LEVELS } from '../../cloud/rules/incident-levels.table.ts';
import { BODIES, registersOf } from '../support/cloud/registers/entries.ts';

/** Data first: an incident with these keys, and the mildest level that it may be said to be of. */
const Vector = z.strictObject({
  name: z.string().min(1),
  set: z.record(z.string(), z.unknown()),
  leastLevel: z.enum(['general', 'larger', 'major', 'especially-major']),
});
const LEVELS = Vector.shape.leastLevel.options;

const HERE = new URL('./incident-levels/incident-levels.vectors.json', import.meta.url);
const vectors = z.array(Vector).parse(JSON.parse(readFileSync(HERE, 'utf8')));

function refused(changes: object): boolean {
  const weighed = weighChange(
    { act: 'add', kind: 'incident', body: { ...BODIES['incident'], ...changes } },
    'a',
    registersOf(),
  );
  if (weighed.ok) return false;
  expect(weighed.fault.map(({ code, problem }) => `${code} ${problem.en.slice(0, 7)}`)).toEqual([
    'REGISTER_OBJECTION `level`',
  ]);
  return true;
}

test.each(vectors)('$name', ({ set, leastLevel }) => {
  const milder = LEVELS.slice(0, LEVELS.indexOf(leastLevel));
  expect(LEVELS.filter((level) => refused({ persons: 0, sensitivePersons: 0, ...set, level }))).toEqual(milder);
  expect(refused({ persons: 0, sensitivePersons: 0, ...set, level: 'ungraded' })).toBe(false);
});

test('every figure of the table is reached by a vector, and one below it by another', () => {
  const figures = INCIDENT_LEVELS.flatMap(({ atLeast }) => Object.entries(atLeast));
  const told = new Set(vectors.flatMap(({ set }) => Object.entries(set).map(([key, value]) => `${key} ${value}`)));
  const sides = figures.flatMap(([key, figure]) => [`${key} ${figure}`, `${key} ${figure - 1}`]);
  expect(sides.filter((side) => !told.has(side))).toEqual([]);
});
