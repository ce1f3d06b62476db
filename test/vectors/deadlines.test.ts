import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agendaOf } from '../../cloud/registers/agenda.ts';
import { ANNUAL_REPORTS, DEADLINES } from '../../cloud/rules/deadlines.table.ts';
import { WORKING_DAYS } from '../../cloud/rules/working-days.table.ts';
import { type Instant, parseInstant } from '../../proto/words/time.ts';

/**
 * Data first: each vector is one entry of a register and an instant on one side of a term. Terms of working days were counted
 * by a program that shares nothing with this one. `none`: the clock does not run, or is met.
 */
const Vector = z.strictObject({
  name: z.string().min(1),
  kind: z.string(),
  body: z.record(z.string(), z.unknown()),
  now: z.string(),
  rule: z.string(),
  state: z.enum(['open', 'overdue', 'uncountable', 'none']),
  dueAt: z.string().optional(),
});

const vectors = z
  .array(Vector)
  .parse(JSON.parse(readFileSync(new URL('./deadlines/deadlines.vectors.json', import.meta.url), 'utf8')));

function instant(text: string): Instant {
  const read = parseInstant(text);
  if (!read.ok) throw new Error(`no instant: ${text}`);
  return read.value;
}

describe('deadline vectors', () => {
  test.each(vectors)('$name', ({ kind, body, now, rule, state, dueAt }) => {
    const entry = { kind, id: 'e', version: 1, isWithdrawn: false, body: { id: 'e', ...body }, attachments: [] };
    const parts = { rows: DEADLINES, annual: ANNUAL_REPORTS, calendars: WORKING_DAYS };
    const item = agendaOf([entry], parts, instant(now)).find((one) => one.rule === rule);
    expect({ state: item?.state ?? 'none', dueAt: item?.dueAt }).toEqual({
      state,
      dueAt: dueAt === undefined ? undefined : instant(dueAt),
    });
  });

  test('every term has vectors on both sides, and no two share a name', () => {
    const states = (rule: string) => new Set(vectors.filter((one) => one.rule === rule).map(({ state }) => state));
    const custodian = DEADLINES.filter(({ id }) => id !== 'CUSTODIAN.end');
    expect(custodian.filter(({ id }) => states(id).size < 2 && id !== 'INC-3.regulator').map(({ id }) => id)).toEqual(
      [],
    );
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });
});
