import { z } from 'zod';
import { MANNERS } from '../../transfer/facts-entries.ts';
import { Against, Day, FieldKinds, Id, ids, Moment, Persons, Sha256, Text, YesNo } from '../words.ts';

/** Documents on file that a transfer can rest on. Each covers only the recipients, datasets and purposes it names. */
const scoped = {
  id: Id,
  number: Text.describe('as the authority or the parties wrote it'),
  validFrom: Day,
  validUntil: Day,
  recipients: ids,
  datasets: ids,
  purposes: ids,
};

/** Documents that are made anew when what they are about changes. */
const renewed = { ...scoped, against: Against };

/** What authority or parties agreed to; what is left out was not limited. */
const approved = {
  ...renewed,
  kinds: FieldKinds.optional().describe('kinds of field it was given for; a dataset with another kind withholds'),
  manners: z
    .array(z.enum(MANNERS))
    .min(1)
    .max(MANNERS.length)
    .optional()
    .describe('manners of transfer it was given for; another one withholds'),
};

const Bytes = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Notice to every person, and the form of separate consent, with the version that persons were shown. */
export const Notice = z.strictObject({ ...renewed, version: Text });
export const ConsentForm = z.strictObject({ ...renewed, version: Text, withdrawalChannel: Text });

/** Impact assessment: contents of PIPL arts. 55-56, and of exports what the 2025 draft asks besides (III.4). */
export const Pipia = z.strictObject({
  ...renewed,
  version: Text,
  completedOn: Day,
  kinds: FieldKinds.describe('kinds of field that it assesses, as the facts of a transfer name them'),
  rules: ids.optional().describe('rules it relies on beside those on personal information (`tongguan rules list`)'),
  contents: z.strictObject({
    legalityAndNecessity: Text,
    impactAndRisk: Text,
    measures: Text,
    recipientCapability: Text,
    breachRiskAndRemedy: Text,
    foreignLaw: Text,
  }),
});

export const SecurityAssessment = z.strictObject({
  ...approved,
  appliedOn: Day,
  scale: z.strictObject({ personsMax: Persons, personsBefore: Persons }),
  volume: z
    .strictObject({ bytesMax: Bytes, bytesBefore: Bytes })
    .optional()
    .describe('approved, and already sent under it; a transfer that would pass it withholds'),
  extension: z
    .strictObject({
      appliedOn: Day,
      state: z.enum(['applied', 'granted', 'refused']),
      until: Day.optional().describe('first day on which the extension no longer stands'),
      growthPercent: z
        .strictObject({ persons: z.number().min(-100), importantBytes: z.number().min(-100) })
        .optional()
        .describe('against the three years that were approved; at most 20'),
      isUnchanged: YesNo.optional().describe('purpose, scope, parties and contract, and no major incident'),
    })
    .optional(),
});

/** Of an assessment that was applied for, up to its result: the clocks of the authorities. One that was sent back is withdrawn. */
export const AssessmentApplication = z.strictObject({
  id: Id,
  number: Text.optional().describe('as the authority wrote it'),
  submittedOn: Day.describe('the provincial cyberspace administration received it'),
  completeOn: Day.optional().describe('it was found complete and passed on to the national administration'),
  acceptedOn: Day.optional().describe('of the written notice that it is accepted'),
  result: z
    .strictObject({
      receivedOn: Day,
      outcome: z.enum(['passed', 'passed-in-part', 'not-passed']),
      objection: z.enum(['made', 'waived']).optional().describe('whether a second assessment was applied for'),
    })
    .optional()
    .describe('an assessment that passed is an entry of `assessment` besides'),
});

const Filing = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('filed'), on: Day, number: Text }),
  z.strictObject({ state: z.literal('not-filed') }),
  z.strictObject({ state: z.literal('refused') }),
  z.strictObject({ state: z.literal('unknown') }),
]);

/** `validFrom` is the day of its effect. */
export const StandardContract = z.strictObject({
  ...approved,
  unmodifiedTemplate: z.literal(true).describe('a changed template cannot be filed'),
  pipia: Id,
  filing: Filing,
});

export const Certificate = z.strictObject({
  ...approved,
  certifier: Text,
  status: z.strictObject({ state: z.enum(['valid', 'suspended', 'revoked', 'unknown']), checkedOn: Day }),
});

export const MapReview = z.strictObject({ ...scoped, reviewedBy: Text });
export const ExternalProvision = z.strictObject({ ...renewed, approvedBy: Text });
export const RecognisedProcessing = z.strictObject({
  ...scoped,
  vendor: Text,
  product: Text,
  productVersion: Text,
  certificateNumber: Text,
});

/** A recorded legal sign-off that switches one open reading, once the document that was signed is attached. */
export const SignOff = z.strictObject({
  id: Id,
  reading: Id,
  on: Day,
  until: Day.describe('first day on which it no longer stands'),
  by: Id.describe('who signed: an account that the authority matrix allows `sign-off`'),
  documentSha256: Sha256.describe('of the document that was signed; it counts once that very document is attached'),
  basis: Text,
});

/** A holder of a surveying qualification to whom the geographic zone is open (GEO-3). */
export const Custodian = z.strictObject({
  id: Id,
  name: Text,
  qualification: Text,
  grade: Text,
  number: Text,
  validFrom: Day,
  validUntil: Day,
  attestedAt: Moment,
});
