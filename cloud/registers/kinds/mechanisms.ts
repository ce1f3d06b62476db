import { z } from 'zod';
import { Day, Id, ids, Moment, Persons, Text } from '../words.ts';

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

/** Notice to every person, and the form of separate consent, with the version that persons were shown. */
export const Notice = z.strictObject({ ...scoped, version: Text });
export const ConsentForm = z.strictObject({ ...scoped, version: Text, withdrawalChannel: Text });

/** Impact assessment: contents of PIPL arts. 55-56, and of exports what the 2025 draft asks besides (III.4). */
export const Pipia = z.strictObject({
  ...scoped,
  version: Text,
  completedOn: Day,
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
  ...scoped,
  appliedOn: Day,
  scale: z.strictObject({ personsMax: Persons, personsBefore: Persons }),
  bytesMax: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  extension: z.strictObject({ appliedOn: Day, state: z.enum(['applied', 'granted', 'refused']) }).optional(),
});

const Filing = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('filed'), on: Day, number: Text }),
  z.strictObject({ state: z.literal('not-filed') }),
  z.strictObject({ state: z.literal('refused') }),
  z.strictObject({ state: z.literal('unknown') }),
]);

/** `validFrom` is the day of its effect. */
export const StandardContract = z.strictObject({
  ...scoped,
  unmodifiedTemplate: z.literal(true).describe('a changed template cannot be filed'),
  pipia: Id,
  filing: Filing,
});

export const Certificate = z.strictObject({
  ...scoped,
  certifier: Text,
  status: z.strictObject({ state: z.enum(['valid', 'suspended', 'revoked', 'unknown']), checkedOn: Day }),
});

export const MapReview = z.strictObject({ ...scoped, reviewedBy: Text });
export const ExternalProvision = z.strictObject({ ...scoped, approvedBy: Text });
export const RecognisedProcessing = z.strictObject({
  ...scoped,
  vendor: Text,
  product: Text,
  productVersion: Text,
  certificateNumber: Text,
});

/** A recorded legal sign-off that switches one open reading. */
export const SignOff = z.strictObject({ id: Id, reading: Id, on: Day, by: Id, basis: Text });

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
