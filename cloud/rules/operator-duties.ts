import { z } from 'zod';
import { type KindId, REGISTER_TITLES } from '../registers/kind-titles.table.ts';
import { Amount, Both, Id, LIST_MAX, sourced } from './operator-words.ts';

/** Terms, reports of the year and times of routes in an operator's file. No verdict rests on them. */

const MONTHS_MAX = 120;

const Key = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z.]{0,63}$/)
  .describe('a place in the body of an entry, such as `filing.state`');
const KeyIn = z.strictObject({ key: Key, in: z.array(Id).min(1).max(LIST_MAX) });
const KeyAtLeast = z.strictObject({ key: Key, atLeast: z.int().min(0).max(Number.MAX_SAFE_INTEGER) });
export const Deadline = z.strictObject({
  ...sourced,
  table: z.literal('deadlines'),
  kind: z.enum(Object.keys(REGISTER_TITLES) as KindId[]),
  runsFrom: Key,
  term: z.union([
    z.strictObject({ ends: z.literal(true) }),
    z.strictObject({ hours: Amount }),
    z.strictObject({ days: Amount }),
    z.strictObject({ months: Amount }),
    z.strictObject({ workingDays: Amount }),
    z.strictObject({ workingDaysBefore: Amount }),
  ]),
  opens: z.literal(true).exactOptional(),
  when: z
    .array(z.union([KeyIn, KeyAtLeast]))
    .max(LIST_MAX)
    .exactOptional(),
  metBy: z
    .union([z.strictObject({ key: Key }), KeyIn, z.strictObject({ reportTo: z.array(Id).min(1).max(LIST_MAX) })])
    .exactOptional(),
  title: Both,
});

export const Annual = z.strictObject({
  ...sourced,
  table: z.literal('annual'),
  // The 29th of February is in no common year.
  monthDay: z
    .string()
    .regex(
      /^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))$/,
    ),
  title: Both,
});

const Months = z.number().positive().max(MONTHS_MAX);
export const Timeline = z
  .strictObject({
    ...sourced,
    table: z.literal('timelines'),
    route: z.enum(['standard-contract', 'certification', 'security-assessment']),
    months: z.strictObject({ least: Months, most: Months }),
    pitfalls: Both,
  })
  .refine(({ months }) => months.least <= months.most);
