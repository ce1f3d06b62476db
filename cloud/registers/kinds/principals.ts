import { z } from 'zod';
import { Country, Day, Id, Text } from '../words.ts';

/** Only this code is the mainland: Hong Kong, Macao and Taiwan have codes of their own, and count as abroad. */
export const MAINLAND = 'CN';

/** What may be read, by the word that an entry uses. */
export const READINGS = [
  'status',
  'transfers',
  'registers',
  'deletions',
  'emergency',
  'datasets',
  'reports',
  'logs',
  'traffic',
  'backups',
  'zones',
] as const;
export type Reading = (typeof READINGS)[number];

/** Who reads: an account, and the person behind it. Without an entry nobody reads anything (G26-I.2). */
export const Principal = z.strictObject({
  id: Id.describe('the account, as logs name it'),
  person: Id.describe('the natural person behind it'),
  employer: z.strictObject({
    name: Text.describe('whom the person works for'),
    country: Country.describe('of its seat'),
  }),
  resident: Country.describe('where the person is; whoever travels abroad is there'),
  reads: z.array(z.enum(READINGS)).min(1).max(READINGS.length).describe('what may be read'),
  validFrom: Day.describe('the first day'),
  validUntil: Day.describe('the last day'),
});

export type Principal = z.infer<typeof Principal>;
