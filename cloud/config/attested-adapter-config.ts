import { z } from 'zod';
import { instantText } from '../../proto/config/instant-text.ts';

const words = z.string().min(1).max(128);

const DEVICES_MAX = 100_000;
const MODELS_MAX = 1_000;

/** The record of an attested adapter for confidentiality processing, and whose marks are taken by it. */
export const AttestedAdapterConfig = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .describe('as in `confidentiality.id` of the vehicles'),
  vendor: words.describe('who made the plug-in'),
  product: words.describe('its name'),
  version: words.describe('the version that was attested'),
  certificate: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9./-]{0,95}$/)
    .describe('number of the certificate'),
  validFrom: instantText.describe('first moment of the certificate'),
  validUntil: instantText.describe('first moment at which it is not valid any more'),
  testEvidence: words.describe('reference of the report on its test'),
  devices: z
    .array(z.string().regex(/^[0-9a-f]{32}$/))
    .max(DEVICES_MAX)
    .default([])
    .describe('ids of devices that have it'),
  models: z
    .array(z.string().regex(/^[A-HJ-NPR-Z0-9]{8}$/))
    .max(MODELS_MAX)
    .default([])
    .describe('first eight characters of the VINs of models that have it'),
});
