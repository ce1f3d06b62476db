import { z } from 'zod';
import { Encryption } from '../encryption.ts';
import { MemberExports } from '../member-exports.ts';
import { Country, Day, FieldKinds, Id, ids, LIST_MAX, Persons, Receipt, Sha256, Text, texts, YesNo } from '../words.ts';

/** 44 octets of an Ed25519 SubjectPublicKeyInfo in base64. */
const PUBLIC_KEY_CHARACTERS = 60;

/** The authority matrix: which account of which person may do what. Two accounts of one person are one person. */
const Authority = z.strictObject({
  account: Id.describe('as commands and logs name it'),
  person: Id.describe('the natural person behind it'),
  may: z
    .array(z.enum(['request', 'approve', 'resume', 'sign-off']))
    .min(1)
    .max(4),
  since: Day,
  key: z
    .base64()
    .length(PUBLIC_KEY_CHARACTERS)
    .optional()
    .describe(
      'public key of the person, Ed25519: the middle line of its PEM file; without one the account acts at the console alone',
    ),
});

/** Who decides purpose and means, and in whose name persons are counted (G26-I.1b, G26-IV.1). */
export const Processor = z.strictObject({
  id: Id,
  name: Text,
  ciio: YesNo.describe('critical information infrastructure operator'),
  freeTradeZone: z.strictObject({ zone: Text, registeredOn: Day, proof: Text }).optional(),
  group: z.strictObject({ id: Id, parent: Text, members: ids }).optional(),
  department: Text.describe('the department that answers for data security'),
  securityOfficer: z.strictObject({ name: Text, contact: Text }),
  authorities: z.array(Authority).max(LIST_MAX),
  processed: z
    .strictObject({
      persons: Persons,
      asOf: Day.describe('they were counted'),
      dutiesSince: Day.optional().describe(
        'arts. 30 and 32 of the Network Data Regulations are carried out since then',
      ),
    })
    .optional()
    .describe('natural persons whose personal information is processed, in China and of every kind'),
  annualReports: z
    .array(
      z.strictObject({
        report: Id.describe('its row, such as SP21-13'),
        year: z.int().min(2021).max(2100),
        receipt: Receipt,
      }),
    )
    .max(LIST_MAX)
    .optional()
    .describe('reports that are due on one day of every year, and were made'),
});

/** What data is sent abroad for; a document that names its id is about this version of it. */
export const Purpose = z.strictObject({
  id: Id,
  version: Text,
  description: Text,
  title: z
    .strictObject({ zh: Text, en: Text })
    .optional()
    .describe('what pages in either language call it; else they show the description'),
  kinds: FieldKinds.describe('kinds of field that it needs'),
  validFrom: Day,
  validUntil: Day.describe('first day on which nothing goes abroad for it any more'),
});

/** The eight clauses a contract with a recipient has to hold, and who signs each. */
const CLAUSES = [
  'purpose-limitation',
  'data-minimisation',
  'security-measures',
  'sub-processing',
  'data-subject-rights',
  'audit-right',
  'breach-notification',
  'termination',
] as const;

const Clause = z.strictObject({ reference: Text, signedBy: texts.min(1) });

/** An overseas recipient (G26-IV.2.1); what is not here is no recipient. */
export const Recipient = z.strictObject({
  id: Id,
  name: Text,
  country: Country,
  group: Id.optional().describe('recipients of one group are one when transfers are joined'),
  certificateSha256: Sha256.describe('of its TLS certificate, DER'),
  encryption: Encryption.describe('the key that its parcels are sealed to (docs/sealing.md)'),
  purposes: ids.min(1),
  clauses: z.strictObject(Object.fromEntries(CLAUSES.map((clause) => [clause, Clause.optional()]))),
});

/** The filing of the important-data catalogue (G26-III.1); an entry of ones own is important data by the strict reading. */
export const ImportantCatalogue = z.strictObject({
  id: Id,
  number: Text,
  filedOn: Day,
  authority: Text,
  state: z.enum(['draft', 'submitted', 'filed', 'withdrawn']),
  items: z
    .array(
      z.strictObject({ item: Id, datasets: ids, published: YesNo.describe('notified or published by a regulator') }),
    )
    .max(LIST_MAX),
});

/** A list of a pilot free-trade zone (EX-6). */
export const FtzList = z.strictObject({
  id: Id,
  zone: Text,
  version: Text,
  kind: z.enum(['negative', 'positive']),
  publishedOn: Day,
  validUntil: Day.optional(),
  scenarios: z.array(z.strictObject({ id: Id, title: Text, fields: texts, closedToCiio: YesNo })).max(LIST_MAX),
  filings: z
    .array(
      z.strictObject({
        scenario: Id,
        receipt: Receipt,
        recipients: ids,
        datasets: ids,
        purposes: ids,
        validUntil: Day,
      }),
    )
    .max(LIST_MAX)
    .optional()
    .describe('the procedure of the zone, done for these transfers'),
});

/** What another member of the group has sent abroad in a year; a later figure is an entry of its own. */
export const GroupCount = z.strictObject({
  id: Id,
  member: Id.describe('as `group.members` of the processor profile names it'),
  year: z.int().min(2020).max(2199),
  persons: Persons.describe('distinct, without sensitive personal information'),
  sensitivePersons: Persons,
  asOf: Day,
  source: Text,
  exports: MemberExports.optional(),
});
