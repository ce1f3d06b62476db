import { z } from 'zod';
import { parseCidr } from '../access/cidr.ts';

const path = z.string().min(1).max(1_024);
const NETWORKS_MAX = 64;

/** A platform that frames of vehicles are forwarded to. Nothing of it has a default. */
export const ForwardConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'expected lower-case letters, digits and hyphens')
    .describe('what it is called in counts and alerts, and in the queue'),
  host: z.string().min(1).max(255).describe('its name or address'),
  port: z.int().min(1).max(65_535).describe('its port for platforms'),
  networks: z
    .array(z.string().refine((text) => parseCidr(text) !== undefined, 'expected CIDR notation, such as `192.0.2.0/24`'))
    .min(1)
    .max(NETWORKS_MAX)
    .describe('where its addresses lie; each has to lie in `access.mainland` as well, or nothing is sent'),
  edition: z.union([z.literal(2016), z.literal(2025)]).describe('edition of the login'),
  platform: z
    .string()
    .regex(/^[\x21-\x7e]{17}$/, 'expected 17 characters')
    .describe('unique identifier of our platform'),
  user: z
    .string()
    .regex(/^[\x21-\x7e]{1,12}$/, 'expected 1 to 12 characters')
    .describe('account of our platform there'),
  passwordFile: path.describe('1 to 20 characters'),
  tls: z
    .strictObject({
      authorityFile: path.describe('PEM of the authority of its certificate'),
      certificateSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
        .optional()
        .describe('digest of its certificate; with it no other one of the authority is taken'),
    })
    .optional()
    .describe('without it what is forwarded is readable on its way'),
});

export type ForwardConfig = z.infer<typeof ForwardConfig>;
