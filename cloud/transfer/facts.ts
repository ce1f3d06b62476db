import { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import { type Brand, fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, parseCivilDate } from '../../proto/words/time.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';
import { findContradictions } from './facts-contradictions.ts';
import { type FactsFaultCode, shapeFaults } from './facts-fault.ts';
import { READING_IDS } from './rule.ts';

/** How data reaches the party abroad (G26-I.2): sent, read where it lies, processed abroad, or straight from a vehicle. */
export const MANNERS = ['sent', 'read-from-abroad', 'processed-abroad', 'vehicle-direct'] as const;
export type Manner = (typeof MANNERS)[number];

/** PIPL art. 13, in its order; `not-applicable` where the dataset holds no personal information. */
export const LEGAL_BASES = [
  'consent',
  'contract',
  'human-resources',
  'statutory-duty',
  'emergency',
  'news-reporting',
  'published-information',
  'other-law',
  'not-applicable',
] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

export const ON_FILE_KINDS = [
  'notice',
  'separate-consent',
  'pipia',
  'standard-contract',
  'certification',
  'security-assessment',
  'map-review',
  'external-provision-approval',
  'state-recognised-processing',
] as const;
export type OnFileKind = (typeof ON_FILE_KINDS)[number];

/** The nine exemptions of G26-I.3.C by number. */
export type Exemption = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Our own limits: far above anything real, so that only a mistake meets them. */
export const ID_CHARACTERS_MAX = 64;
export const TEXT_CHARACTERS_MAX = 256;
export const ON_FILE_MAX = 256;
export const SCOPE_MAX = 256;
export const PERSONS_MAX = 4_000_000_000;
/** No day outside this century-and-a-bit can be about a transfer; a day typed `0226-…` or `20260-…` is a mistake. */
export const DAY_MIN = '2000-01-01';
export const DAY_MAX = '2199-12-31';

/** No control, formatting, surrogate or line-separating character: they hide what a reader would see. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .max(ID_CHARACTERS_MAX);
/** Numbers of documents as authorities write them, Chinese characters and brackets included. */
const Text = z.string().regex(PLAIN).max(TEXT_CHARACTERS_MAX);
const Day = z.string().transform((text, context): CivilDate => {
  const day = parseCivilDate(text);
  if (day.ok && day.value >= DAY_MIN && day.value <= DAY_MAX) return day.value;
  context.issues.push({ code: 'custom', input: text, params: { date: day.ok ? 'DATE_OUT_OF_RANGE' : day.fault.code } });
  return z.NEVER;
});
const YesNo = z.enum(['yes', 'no', 'unknown']);
const Presence = z.enum(['present', 'absent', 'unknown']);
const Persons = z.int().min(0).max(PERSONS_MAX);

/** Distinct natural persons since 1 January: before this transfer, in it, and with it. */
const Count = z.union([
  z.literal('unknown'),
  z.strictObject({ before: Persons, transfer: Persons, projected: Persons }),
]);

const scoped = {
  id: Text,
  validFrom: Day,
  validUntil: Day,
  recipients: z.array(Id).max(SCOPE_MAX),
  datasets: z.array(Id).max(SCOPE_MAX),
  purposes: z.array(Id).max(SCOPE_MAX),
};

const Filing = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('filed'), on: Day, number: Text }),
  z.strictObject({ state: z.literal('not-filed') }),
  z.strictObject({ state: z.literal('refused') }),
  z.strictObject({ state: z.literal('unknown') }),
]);

const OnFile = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum([
      'notice',
      'separate-consent',
      'pipia',
      'map-review',
      'external-provision-approval',
      'state-recognised-processing',
    ]),
    ...scoped,
  }),
  z.strictObject({ kind: z.literal('standard-contract'), ...scoped, filing: Filing }),
  z.strictObject({
    kind: z.literal('certification'),
    ...scoped,
    status: z.strictObject({ state: z.enum(['valid', 'suspended', 'revoked', 'unknown']), checkedOn: Day }),
  }),
  z.strictObject({
    kind: z.literal('security-assessment'),
    ...scoped,
    appliedOn: Day,
    scale: z.strictObject({ personsMax: Persons, personsBefore: Persons }),
  }),
]);

/** The facts of one transfer as they are written; docs/transfer-facts.md explains every key. */
export const FactsSchema = z.strictObject({
  facts: z.literal(1),
  on: Day,
  manner: z.enum([...MANNERS, 'unknown']),
  processor: z.strictObject({ id: Id, name: Text, ciio: YesNo }),
  recipient: z.strictObject({ id: Id, country: z.string().regex(/^[A-Z]{2}$/), registered: YesNo }),
  purpose: Id,
  dataset: z.strictObject({
    id: Id,
    title: Text,
    personal: Presence,
    sensitive: Presence,
    geographic: Presence,
    coordinates: Presence,
    classifiedGeographic: Presence,
    important: z.enum(['present', 'own-catalogue-only', 'absent', 'unknown']),
    core: Presence,
    stateSecret: Presence,
    kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length),
  }),
  legalBasis: z.enum([...LEGAL_BASES, 'unknown']),
  counts: z.strictObject({ year: z.int().min(2000).max(2199), persons: Count, sensitivePersons: Count }),
  onFile: z.array(OnFile).max(ON_FILE_MAX),
  claimedExemptions: z.array(z.literal([1, 2, 3, 4, 5, 6, 7, 8, 9])).max(9),
  signOffs: z
    .array(z.strictObject({ id: Text, reading: z.enum(READING_IDS), on: Day, by: Id }))
    .max(READING_IDS.length),
});

type Frozen<T> = T extends string | number ? T : { readonly [K in keyof T]: Frozen<T[K]> };

/** What a person or a register writes down, before it is parsed. */
export type FactsInput = z.input<typeof FactsSchema>;

/** Facts of the right shape, which may still contradict each other. */
export type ShapedFacts = Frozen<z.output<typeof FactsSchema>>;

/** Everything a decision may look at. Only `parseFacts` makes it, so it is whole and does not contradict itself. */
export type TransferFacts = Brand<ShapedFacts, 'TransferFacts'>;

export type OnFileEntry = ShapedFacts['onFile'][number];
export type PersonCount = ShapedFacts['counts']['persons'];

export type FactsFault = Fault<FactsFaultCode>;

/**
 * Parses the facts of one transfer.
 *
 * It fills in nothing: a key that is not there is a fault, and what nobody knows has to be written as `unknown`.
 *
 * @param value - a JSON value, from a facts file or from the registers
 * @returns the facts, or one fault for each mistake, in both languages; no fault repeats a value that was given
 */
export function parseFacts(value: unknown): Result<TransferFacts, readonly FactsFault[]> {
  const shaped = FactsSchema.safeParse(value);
  if (!shaped.success) return fail(shapeFaults(shaped.error.issues, value));
  const contradictions = findContradictions(shaped.data);
  return contradictions.length > 0 ? fail(contradictions) : ok(shaped.data as ShapedFacts as TransferFacts);
}
