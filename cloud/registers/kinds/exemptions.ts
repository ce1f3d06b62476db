import { z } from 'zod';
import { AttestedContents, Country, Day, Id, ids, Moment, Necessity, Persons, Sha256, Text, YesNo } from '../words.ts';

/** What exemptions 1 to 4 rest on (G26-I.3.C). Each names whom, which dataset and which purposes it is for. */
const named = { id: Id, recipients: ids, datasets: ids, purposes: ids };

/** Data that came from abroad, was processed here and goes back out (EX-1). Imports are covered by it. */
export const Transit = z.strictObject({
  id: Id,
  origin: Country,
  receivedAt: Moment,
  inboundManifestSha256: Sha256.describe('of the list of what came in, each file with its hash and origin'),
  outboundSha256: Sha256.describe('tree hash of what goes out; no other tree can be imported under it'),
  domesticSources: YesNo.describe('whether anything that was collected in the mainland went into it'),
  lineage: Text.describe('where it is shown what was made from what'),
  validUntil: Day,
  recipients: ids,
  contents: AttestedContents.optional(),
});

/** A class of contracts that individuals concluded themselves and that cannot be performed without the data (EX-2). */
export const IndividualContract = z.strictObject({
  ...named,
  contract: Text.describe('number of the form of contract, with its version'),
  performance: z.enum(['purchase', 'delivery', 'payment', 'account', 'booking', 'visa', 'examination', 'other']),
  individuals: Persons.describe('how many natural persons are parties'),
  notice: Id.describe('entry of the register `notice` that they were shown'),
  necessity: Necessity,
  validFrom: Day,
  validUntil: Day,
});

/** Human resources across the border: lawful labour rules and a collective contract, both (EX-3). */
export const LabourBasis = z.strictObject({
  ...named,
  rules: z.strictObject({ number: Text, adoptedOn: Day, lawful: YesNo }).optional(),
  collectiveContract: z.strictObject({ number: Text, signedOn: Day, validUntil: Day }).optional(),
  employees: Persons.describe('how many employees both cover'),
  necessity: Necessity,
  validFrom: Day,
  validUntil: Day,
});

/** An emergency for life, health or property of natural persons that is going on (EX-4). */
export const UrgentNeed = z.strictObject({
  ...named,
  incident: Text,
  approvedBy: Id.describe('an account that the authority matrix allows to `approve`'),
  protects: z.enum(['life', 'health', 'property']),
  necessity: Necessity,
  startedAt: Moment,
  endsAt: Moment.describe('at most 7 days after it began; from then on nothing goes out under it'),
  review: z.strictObject({ on: Day, by: Id, finding: Text }).optional().describe('made once it is over'),
  notifiedOn: Day.optional().describe('when the persons were told, as soon as that was possible'),
});
