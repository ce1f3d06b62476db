import { z } from 'zod';
import type { Fault } from '../../proto/words/fault.ts';
import { type Brand, fail, ok, type Result } from '../../proto/words/result.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';
import { findContradictions } from './facts-contradictions.ts';
import {
  At,
  Bytes,
  Day,
  Id,
  IdsInPlace,
  MANNERS,
  ON_FILE_MAX,
  OnFile,
  ParsedOnce,
  PERSONS_MAX,
  Persons,
  SCOPE_MAX,
  SET_ASIDE,
  Sha256,
  Text,
  YesNo,
} from './facts-entries.ts';
import { type FactsFaultCode, shapeFaults } from './facts-fault.ts';
import { READING_IDS } from './rule.ts';

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

const Presence = z.enum(['present', 'absent', 'unknown']);
const Importance = z.enum(['present', 'own-catalogue-only', 'absent', 'unknown']);

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
    /** Of the parcel in hand. Without it no assessment that names a volume counts. */
    bytes: Bytes.exactOptional(),
    kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length),
    // Facts that a person writes rest on no classification of ours.
    classification: z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  }),
  legalBasis: z.enum([...LEGAL_BASES, 'unknown']),
  counts: z.strictObject({ year: z.int().min(2000).max(2199), persons: Count, sensitivePersons: Count }),
  onFile: z.array(OnFile).max(ON_FILE_MAX),
  /** Documents that are not weighed, and why, so that what is missing can be told; written by the cloud only. They decide nothing. */
  setAside: z
    .array(z.strictObject({ kind: z.enum(ON_FILE_KINDS), id: Text, why: z.enum(SET_ASIDE) }))
    .max(ON_FILE_MAX)
    .exactOptional(),
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
    .array(
      z.strictObject({
        id: Text,
        reading: z.enum(READING_IDS),
        on: Day,
        by: Id,
        /** First day on which it no longer stands; without one it stands until it is withdrawn. */
        until: Day.exactOptional(),
        /** Of the document that was signed. */
        documentSha256: Sha256.exactOptional(),
      }),
    )
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

/** Of the same facts, passing over what was parsed before and making nothing of what needs no words. What it refuses, `FactsSchema` says why. */
const KnownSchema = FactsSchema.extend({
  onFile: z.array(z.union([ParsedOnce, OnFile])).max(ON_FILE_MAX),
  joined: FactsSchema.shape.joined
    .unwrap()
    .extend({ transfers: IdsInPlace.refine(({ length }) => length >= 1 && length <= SCOPE_MAX) })
    .optional(),
});

/**
 * Parses the facts of one transfer.
 *
 * It fills in nothing: a key that is not there is a fault, and what nobody knows has to be written as `unknown`.
 *
 * @param value - a JSON value, from a facts file or from the registers
 * @returns the facts, or one fault for each mistake, in both languages; no fault repeats a value that was given
 */
export function parseFacts(value: unknown): Result<TransferFacts, readonly FactsFault[]> {
  const known = KnownSchema.safeParse(value);
  const shaped = known.success ? known : FactsSchema.safeParse(value);
  if (!shaped.success) return fail(shapeFaults(shaped.error.issues, value));
  const contradictions = findContradictions(shaped.data);
  return contradictions.length > 0 ? fail(contradictions) : ok(shaped.data as ShapedFacts as TransferFacts);
}
