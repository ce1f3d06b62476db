import { z } from 'zod';
import { ZONES } from '../../proto/words/data-class.ts';
import { type CivilDate, parseCivilDate } from '../../proto/words/time.ts';

const path = z.string().min(1).max(1_024);
const name = z.string().min(1).max(200);

const civilDate = z
  .string()
  .refine((text) => parseCivilDate(text).ok, 'expected a day, YYYY-MM-DD')
  .transform((text) => text as CivilDate);

/** Attested surveying qualification of who may read geographic data. */
export const CustodianConfig = z.strictObject({
  holder: name.describe('entity that holds the qualification, as its certificate says'),
  certificateNumber: z.string().min(1).max(64).describe('number of the certificate of qualification'),
  grade: z.enum(['A', 'B']).describe('grade of the surveying qualification: A (甲级) or B (乙级)'),
  validFrom: civilDate.describe('first day of the term, in Asia/Shanghai'),
  validUntil: civilDate.describe('last day of the term; from the next day on geographic data is not read'),
  attestedBy: name.describe('who looked at the certificate'),
  attestedOn: civilDate.describe('when they did'),
});

/** Zones of one process: where the keys lie, and which zones it reads. It is written without a default. */
export const ZonesConfig = z.strictObject({
  keys: path.describe(
    'directory of the zone keys, `<zone>.pub` and `<zone>.key`, and of the backup key; no backup holds it',
  ),
  vaults: path.describe(
    'directory of the wrapped data keys, one file a zone; a backup holds it under the backup key only',
  ),
  read: z
    .array(z.enum(ZONES))
    .max(ZONES.length)
    .describe('zones whose `<zone>.key` this process opens; trip rows and datasets need `personal`'),
  custodian: CustodianConfig.optional().describe('needed to read `geographic`'),
  retention: z
    .array(
      z.strictObject({
        class: z
          .string()
          .regex(/^[a-z0-9-]{1,64}$/)
          .describe('id of a retention row, such as `domestic-operations`'),
        days: z.int().min(1).max(36_500).describe('records of that class older than this are deleted'),
      }),
    )
    .max(64)
    .optional()
    .describe('periods that the operator sets; a class without one is kept until somebody asks for deletion'),
});
