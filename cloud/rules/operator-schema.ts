import { z } from 'zod';
import { FINDINGS, MEASURES } from '../classification/item.ts';
import { LEGAL_BASES, ON_FILE_KINDS } from '../transfer/facts.ts';
import { MANNERS } from '../transfer/facts-entries.ts';
import { CONCERNS, READING_IDS } from '../transfer/rule.ts';
import { FIELD_KIND_NAMES } from './field-kinds.table.ts';
import { LAW_READING_IDS } from './law-row.ts';
import { Annual, Deadline, Timeline } from './operator-duties.ts';
import { Amount, Both, Citation, Confidence, Day, dated, Id, LIST_MAX, sourced, Text } from './operator-words.ts';
import { TERRITORIES_ABROAD } from './territories.table.ts';

/** Our own limits: a file of rules is written and read by people. */
export const ROWS_MAX = 500;
export const SIGN_OFFS_MAX = 100;
const TESTS_MAX = 12;
const CLAUSE_DEPTH_MAX = 4;

const YES_NO = ['yes', 'no'] as const;
const PRESENCE = ['present', 'absent'] as const;
const NAMED = {
  ciio: YES_NO,
  recipientRegistered: YES_NO,
  recipientCountry: TERRITORIES_ABROAD,
  manner: MANNERS,
  core: PRESENCE,
  stateSecret: PRESENCE,
  classifiedGeographic: PRESENCE,
  personal: PRESENCE,
  sensitive: PRESENCE,
  geographic: PRESENCE,
  coordinates: PRESENCE,
  importantData: PRESENCE,
  importantByOwnCatalogueOnly: YES_NO,
  legalBasis: LEGAL_BASES,
} as const;

const NamedTests = Object.entries(NAMED).flatMap(([fact, values]) => [
  z.strictObject({ fact: z.literal(fact), is: z.enum(values) }),
  z.strictObject({ fact: z.literal(fact), in: z.array(z.enum(values)).min(1).max(values.length) }),
]);
const AmountTest = z
  .strictObject({
    fact: z.enum(['persons', 'sensitivePersons', 'sensitivePersonsOfYear', 'personsOfEitherKind']),
    atLeast: Amount.exactOptional(),
    below: Amount.exactOptional(),
    over: Amount.exactOptional(),
  })
  .refine(({ atLeast, below, over }) => atLeast !== undefined || below !== undefined || over !== undefined);
const Test = z.union([AmountTest, ...NamedTests]);

const TransferRule = z.strictObject({
  ...sourced,
  table: z.literal('rules'),
  concern: z.enum(CONCERNS),
  when: z.array(Test).min(1).max(TESTS_MAX),
  demands: z.enum([
    'never',
    'registered-recipient',
    'geographic-clearance',
    'state-recognised-processing',
    'security-assessment',
    'contract-or-certification',
    'nothing',
    'notice',
    'separate-consent',
    'pipia',
  ]),
  grants: z.enum(['exemption-5', 'free-flow']).exactOptional(),
  reason: Both,
  remedy: Both,
});

const OnFileRule = z.strictObject({
  ...sourced,
  table: z.literal('onFile'),
  kind: z.enum(ON_FILE_KINDS),
  requires: z.discriminatedUnion('check', [
    z.strictObject({ check: z.literal('covers'), scope: z.enum(['recipient', 'dataset', 'purpose']) }),
    z.strictObject({ check: z.literal('term'), yearsMax: Amount }),
    z.strictObject({ check: z.literal('scale') }),
    z.strictObject({ check: z.literal('after-geographic-clearance') }),
    z.strictObject({ check: z.literal('after-own-geographic-clearance') }),
    z.strictObject({ check: z.literal('filed-in-time'), workingDays: Amount }),
    z.strictObject({ check: z.literal('filed-first') }),
    z.strictObject({ check: z.literal('status'), ageDaysMax: Amount }),
  ]),
});

const Calendar = z.strictObject({
  ...dated,
  table: z.literal('calendars'),
  year: z.int().min(2000).max(2199),
  holidays: z.array(z.tuple([Day, Day])).max(LIST_MAX),
  workingWeekendDays: z.array(Day).max(LIST_MAX),
  citation: Citation,
});

const SPAN = 'junction-span-s';
const ClauseLeaf = z.union([
  z.strictObject({ finding: z.enum(FINDINGS) }),
  z.strictObject({ measure: z.enum(MEASURES).exclude([SPAN]), atLeast: Amount }),
  z.strictObject({ measure: z.enum(MEASURES).exclude([SPAN]), over: Amount }),
  z.strictObject({ measure: z.literal(SPAN), overMonths: Amount }),
]);
/** Nested to a named depth and no further, so that no file can exhaust the stack. */
const clauseTest = (depth: number): z.ZodType => {
  if (depth === 0) return ClauseLeaf;
  const inner = z
    .array(clauseTest(depth - 1))
    .min(1)
    .max(LIST_MAX);
  return z.union([ClauseLeaf, z.strictObject({ all: inner }), z.strictObject({ any: inner })]);
};

const Clause = z.strictObject({
  ...sourced,
  table: z.literal('clauses'),
  title: Both,
  test: clauseTest(CLAUSE_DEPTH_MAX),
});

const Item = z.strictObject({
  ...sourced,
  table: z.literal('items'),
  number: z.int().min(1).max(999),
  scenario: Both,
  category: Both,
  title: Both,
  kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length),
  precondition: z.array(Id).max(LIST_MAX),
  anyOf: z.array(Id).min(1).max(LIST_MAX),
});

const SafeDriving = z.strictObject({ ...sourced, table: z.literal('functions'), title: Both });

const Period = z.union([
  z.strictObject({ days: Amount }),
  z.strictObject({ months: Amount }),
  z.strictObject({ years: Amount }),
  z.strictObject({ workingDays: Amount }),
]);
const Retention = z
  .strictObject({
    ...sourced,
    table: z.literal('retention'),
    title: Both,
    atLeast: Period.exactOptional(),
    atMost: Period.exactOptional(),
    countedFrom: Both,
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined);

const ZoneList = z.strictObject({
  ...sourced,
  table: z.literal('zoneLists'),
  title: Both,
  area: Both,
  list: z.enum(['negative', 'positive']),
  automotive: z.enum(['yes', 'no', 'unread']),
  version: Text.exactOptional(),
  opensToCiio: z.enum(['yes', 'no', 'unknown']),
  facts: Both,
});

const InstrumentRow = z.strictObject({
  id: Id,
  signOff: Id,
  table: z.literal('instruments'),
  title: Both,
  number: Text,
  inForceSince: Day.exactOptional(),
  status: z.enum(['in-force', 'recommended', 'draft']),
  confidence: Confidence,
});

const SignOff = z.strictObject({
  id: Id,
  kind: z
    .enum(['legal', 'editorial'])
    .describe('`legal`: counsel; only such a one may weaken a row or switch a reading'),
  on: Day,
  by: Id,
  basis: Text,
  weakens: z
    .array(z.string().regex(/^[a-zA-Z]+\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/))
    .max(ROWS_MAX)
    .exactOptional(),
});

const OPERATOR_READINGS = [...READING_IDS, ...LAW_READING_IDS] as const;

/** An operator's rows; docs/law.md explains the file. */
export const OperatorFile = z.strictObject({
  rules: z.literal(1),
  signOffs: z.array(SignOff).max(SIGN_OFFS_MAX),
  readings: z
    .array(z.strictObject({ reading: z.enum(OPERATOR_READINGS), position: z.literal('other'), signOff: Id }))
    .max(OPERATOR_READINGS.length),
  rows: z
    .array(
      z.discriminatedUnion('table', [
        TransferRule,
        OnFileRule,
        Calendar,
        Clause,
        Item,
        SafeDriving,
        Retention,
        ZoneList,
        Deadline,
        Annual,
        Timeline,
        InstrumentRow,
      ]),
    )
    .max(ROWS_MAX),
});

export type OperatorFile = z.output<typeof OperatorFile>;
export type OperatorRow = OperatorFile['rows'][number];
export type OperatorSignOff = OperatorFile['signOffs'][number];
export type OperatorReading = OperatorFile['readings'][number];
