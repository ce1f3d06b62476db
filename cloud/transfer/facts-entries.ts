import { z } from 'zod';
import { type CivilDate, parseCivilDate, parseInstant } from '../../proto/words/time.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';

/** Words that facts are written in, and the documents on file that they name. */

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

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export const Id = z.string().regex(ID).max(ID_CHARACTERS_MAX);
/** The same list as `z.array(Id)` takes, looked at in place: a transfer is joined with hundreds. It does not say what is wrong. */
export const IdsInPlace = z.custom<string[]>((value) => Array.isArray(value) && areIds(value));

function areIds(values: readonly unknown[]): boolean {
  for (const one of values)
    if (typeof one !== 'string' || one.length > ID_CHARACTERS_MAX || !ID.test(one)) return false;
  return true;
}
/** Numbers of documents as authorities write them, Chinese characters and brackets included. */
export const Text = z.string().regex(PLAIN).max(TEXT_CHARACTERS_MAX);
export const Day = z.string().transform((text, context): CivilDate => {
  const day = parseCivilDate(text);
  if (day.ok && day.value >= DAY_MIN && day.value <= DAY_MAX) return day.value;
  context.issues.push({ code: 'custom', input: text, params: { date: day.ok ? 'DATE_OUT_OF_RANGE' : day.fault.code } });
  return z.NEVER;
});
/** RFC 3339 with an offset. It stays text, so that facts are digested as they were written. */
export const At = z.string().refine((text) => text.length <= INSTANT_CHARACTERS_MAX && parseInstant(text).ok);
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const YesNo = z.enum(['yes', 'no', 'unknown']);
/** Of files as they are sent. */
export const Bytes = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const Persons = z.int().min(0).max(PERSONS_MAX);

/** What a document can be out of date in (G26 III(2)-(4)). */
export const CHANGES = ['purpose', 'recipient', 'kinds', 'rules', 'consent'] as const;

/** Why a document that somebody would look for is not among those that are weighed. */
export const SET_ASIDE = [
  'withdrawn',
  'document-changed',
  'register-speaks',
  'not-begun',
  'ended',
  'not-approved',
  'notice-missing',
] as const;

const scoped = {
  id: Text,
  validFrom: Day,
  validUntil: Day,
  recipients: z.array(Id).max(SCOPE_MAX),
  datasets: z.array(Id).max(SCOPE_MAX),
  purposes: z.array(Id).max(SCOPE_MAX),
  /** What was otherwise when the document was made, as the registers have it; such a document counts no longer. */
  changed: z
    .array(z.strictObject({ what: z.enum(CHANGES), id: Text }))
    .max(SCOPE_MAX)
    .exactOptional(),
};

/** How data reaches the party abroad (G26-I.2): sent, read where it lies, processed abroad, or straight from a vehicle. */
export const MANNERS = ['sent', 'read-from-abroad', 'processed-abroad', 'vehicle-direct'] as const;

/** What an approval was given for, as far as it says so; where it does not, it is taken at its word (NDR art. 38). */
const approved = {
  ...scoped,
  kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length).exactOptional(),
  manners: z.array(z.enum(MANNERS)).min(1).max(MANNERS.length).exactOptional(),
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
    follows: z
      .enum(['nothing', 'confirmed', 'unconfirmed', 'unknown'])
      .optional()
      .describe(
        'whether it goes on with an earlier emergency, and whether a second person let it; left out, nobody knows',
      ),
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

export const OnFile = z.discriminatedUnion('kind', [
  ...EVIDENCE,
  z.strictObject({
    kind: z.literal('pipia'),
    ...scoped,
    /** Kinds of field that it assessed; without them it is taken at its word. */
    kinds: z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length).exactOptional(),
  }),
  z.strictObject({
    kind: z.enum([
      'notice',
      'separate-consent',
      'map-review',
      'external-provision-approval',
      'state-recognised-processing',
    ]),
    ...scoped,
  }),
  z.strictObject({ kind: z.literal('standard-contract'), ...approved, filing: Filing }),
  z.strictObject({
    kind: z.literal('certification'),
    ...approved,
    status: z.strictObject({ state: z.enum(['valid', 'suspended', 'revoked', 'unknown']), checkedOn: Day }),
  }),
  z.strictObject({
    kind: z.literal('security-assessment'),
    ...approved,
    appliedOn: Day,
    scale: z.strictObject({
      personsMax: Persons,
      personsBefore: Persons,
      /** Distinct persons of transfers in its scope, before this one and with it; written by the cloud only. */
      counted: z.strictObject({ before: Persons, projected: Persons }).exactOptional(),
    }),
    /** Without it the assessment names no volume. `bytesCounted`: as `counted`, before this transfer. */
    volume: z
      .strictObject({ bytesMax: Bytes, bytesBefore: Bytes, bytesCounted: Bytes.exactOptional() })
      .exactOptional(),
  }),
]);

/** Entries that were parsed and cannot change any more, so that they would be parsed to the same again. */
const parsedOnce = new WeakSet<object>();

export const ParsedOnce = z.custom<z.output<typeof OnFile>>((value) => parsedOnce.has(value as object));

/**
 * Parses an entry of the registers once for all verdicts that look at it, and keeps it from changing.
 *
 * @returns what is passed on to `parseFacts`; an entry of the wrong shape as it came, for that to find out
 */
export function parseEntryOnce(entry: z.input<typeof OnFile>): z.input<typeof OnFile> {
  const parsed = OnFile.safeParse(entry);
  if (!parsed.success) return entry;
  parsedOnce.add(frozen(parsed.data));
  return parsed.data;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
