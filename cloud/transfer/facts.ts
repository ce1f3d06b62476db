import { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import { type Brand, fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, parseCivilDate, parseInstant } from '../../proto/words/time.ts';
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
  'exemption-1-evidence',
  'exemption-2-evidence',
  'exemption-3-evidence',
  'exemption-4-evidence',
  'exemption-6-evidence',
  'exemption-7-evidence',
  'exemption-8-evidence',
  'exemption-9-evidence',
] as const;
export type OnFileKind = (typeof ON_FILE_KINDS)[number];
export type EvidenceKind = Extract<OnFileKind, `exemption-${number}-evidence`>;

/** The nine exemptions of G26-I.3.C by number. */
export type Exemption = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Our own limits: far above anything real, so that only a mistake meets them. */
export const ID_CHARACTERS_MAX = 64;
export const TEXT_CHARACTERS_MAX = 256;
export const ON_FILE_MAX = 256;
export const SCOPE_MAX = 256;
export const PERSONS_MAX = 4_000_000_000;
export const REPORTED_MAX = 1_024;
const INSTANT_CHARACTERS_MAX = 40;
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
/** RFC 3339 with an offset. It stays text, so that facts are digested as they were written. */
const At = z.string().refine((text) => text.length <= INSTANT_CHARACTERS_MAX && parseInstant(text).ok);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const YesNo = z.enum(['yes', 'no', 'unknown']);
const Presence = z.enum(['present', 'absent', 'unknown']);
const Importance = z.enum(['present', 'own-catalogue-only', 'absent', 'unknown']);
const Persons = z.int().min(0).max(PERSONS_MAX);

/** Distinct natural persons since 1 January: before this transfer, in it, and with it. */
const Count = z.union([
  z.literal('unknown'),
  z.strictObject({ before: Persons, transfer: Persons, projected: Persons }),
]);

const classes = {
  personal: Presence,
  sensitive: Presence,
  geographic: Presence,
  coordinates: Presence,
  classifiedGeographic: Presence,
  important: Importance,
  core: Presence,
  stateSecret: Presence,
};

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

const Necessity = z.enum(['every-field', 'not-every-field', 'unknown']);
const Reported = z.array(Sha256).max(REPORTED_MAX);

/** Evidence of the exemptions that are claimed; evidence.table.ts has the checks that it has to pass. */
const EVIDENCE = [
  z.strictObject({
    kind: z.literal('exemption-1-evidence'),
    ...scoped,
    inboundManifestSha256: Sha256,
    origin: z.string().regex(/^[A-Z]{2}$/),
    receivedAt: At,
    lineage: z.enum(['foreign-only', 'touches-domestic', 'unknown']),
    outboundSha256: Sha256,
  }),
  z.strictObject({
    kind: z.literal('exemption-2-evidence'),
    ...scoped,
    contract: Text,
    noticeVersion: Text,
    individualIsParty: YesNo,
    necessity: Necessity,
  }),
  z.strictObject({
    kind: z.literal('exemption-3-evidence'),
    ...scoped,
    labourRules: z.enum(['lawful', 'missing', 'unknown']),
    collectiveContract: z.enum(['signed', 'missing', 'unknown']),
    necessity: Necessity,
  }),
  z.strictObject({
    kind: z.literal('exemption-4-evidence'),
    ...scoped,
    incident: Text,
    approvedBy: Id,
    protects: z.enum(['life', 'health', 'property', 'unknown']),
    necessity: Necessity,
  }),
  z.strictObject({
    kind: z.literal('exemption-6-evidence'),
    ...scoped,
    list: Id,
    listVersion: Text,
    scenario: Text,
    registered: YesNo,
    fields: z.enum(['all-outside', 'some-inside', 'unknown']),
    filedAt: At,
  }),
  z.strictObject({
    kind: z.literal('exemption-7-evidence'),
    ...scoped,
    vulnerability: Text,
    platform: z.enum(['NVDB', 'NVDB-CAVD', 'other', 'unknown']),
    reportedAt: At,
    reportedSha256: Reported,
    recipientFixes: YesNo,
  }),
  z.strictObject({
    kind: z.literal('exemption-8-evidence'),
    ...scoped,
    incident: Text,
    level: z.enum(['general', 'larger', 'major', 'especially-major', 'ungraded', 'unknown']),
    miitReceiptAt: z.union([At, z.literal('unknown')]),
    sectorReceiptAt: z.union([At, z.literal('unknown')]),
    reportedSha256: Reported,
    recipientHandles: YesNo,
  }),
  z.strictObject({
    kind: z.literal('exemption-9-evidence'),
    ...scoped,
    campaign: Text,
    recall: Text,
    state: z.enum(['draft', 'submitted', 'filed', 'superseded', 'withdrawn', 'unknown']),
    filedAt: At,
    reason: z.enum(['defect', 'recall', 'feature-release', 'unknown']),
    packageSha256: Sha256,
    sourceTreeSha256: Sha256,
    filedSha256: Sha256,
  }),
] as const;

const OnFile = z.discriminatedUnion('kind', [
  ...EVIDENCE,
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
  /** The instant of the transfer; without it, what has to come before lies on an earlier day. */
  at: At.exactOptional(),
  manner: z.enum([...MANNERS, 'unknown']),
  processor: z.strictObject({ id: Id, name: Text, ciio: YesNo }),
  recipient: z.strictObject({ id: Id, country: z.string().regex(/^[A-Z]{2}$/), registered: YesNo }),
  purpose: Id,
  dataset: z.strictObject({
    id: Id,
    title: Text,
    ...classes,
    /** Of the content in hand: the tree hash of a file parcel. Without it no evidence that names content counts. */
    sha256: Sha256.exactOptional(),
    kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length),
    // Facts that a person writes rest on no classification of ours.
    classification: z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  }),
  legalBasis: z.enum([...LEGAL_BASES, 'unknown']),
  counts: z.strictObject({ year: z.int().min(2000).max(2199), persons: Count, sensitivePersons: Count }),
  onFile: z.array(OnFile).max(ON_FILE_MAX),
  /** Transfers of the year that this one is evaluated with as one; written by the cloud only. */
  joined: z
    .strictObject({
      transfers: z.array(Id).min(1).max(SCOPE_MAX),
      parts: z.int().min(1).max(PERSONS_MAX),
      persons: z.union([z.literal('unknown'), Persons]),
      sensitivePersons: z.union([z.literal('unknown'), Persons]),
      dataset: z.strictObject({
        ...classes,
        kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length),
      }),
      rises: z.array(Id).max(SCOPE_MAX),
    })
    .optional(),
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
