import { z } from 'zod';
import { instantText } from '../proto/config/instant-text.ts';

const words = z.string().min(1).max(128);

/**
 * The record of an operator's plug-in for state-recognised confidentiality processing (docs/confidentiality.md). It has no
 * defaults: a mark rests on each of these lines.
 */
export const ConfidentialityConfig = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
      .describe('name of this record; the cloud has one of the same name, bound to the vehicle'),
    vendor: words.describe('who made the plug-in'),
    product: words.describe('its name'),
    version: words.describe('the version that was attested'),
    certificate: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9./-]{0,95}$/)
      .describe('number of the certificate of the recognised processing'),
    validFrom: instantText.describe('first moment of the certificate'),
    validUntil: instantText.describe('first moment at which it is not valid any more'),
    testEvidence: words.describe('reference of the report on the test of this product in this vehicle'),
    executable: z
      .string()
      .regex(/^\/.{1,1023}$/)
      .describe('absolute path; run without a shell, with an empty environment'),
    arguments: z.array(z.string().max(256)).max(16).describe('as they are, none of them expanded'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('of the executable, asked before every start'),
    datum: z
      .enum(['WGS-84', 'own'])
      .describe('frame of the coordinates it gives: as it was given them, or one of its own'),
    timeLimitMs: z
      .int()
      .min(50)
      .max(10_000)
      .describe('longest time for one answer; a plug-in that takes longer is ended'),
  })
  .refine(({ validFrom, validUntil }) => Date.parse(validFrom) < Date.parse(validUntil), {
    path: ['validUntil'],
    error: 'expected a moment after `validFrom`',
  });

export type ConfidentialityConfig = z.infer<typeof ConfidentialityConfig>;
