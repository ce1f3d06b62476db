import { z } from 'zod';
import { parseCidr } from '../access/cidr.ts';

const path = z.string().min(1).max(1_024);
const RANGES_MAX = 1_000;
/** PostgreSQL cuts longer names off. */
const NAME_MAX = 63;
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected lower-case letters, digits, underscore');
const name = z.string().min(1).max(NAME_MAX);
const range = z.string().refine((text) => parseCidr(text) !== undefined, 'expected `address/length`');

/** How the server is spoken to. Written without a default: that nothing is encrypted has to be said. */
const Security = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insecure-plaintext') }),
  z.strictObject({
    kind: z.literal('tls'),
    caFile: path.describe('PEM of the authority that signs the server; its certificate has to name `host`'),
    certificateFile: path.optional().describe('PEM of the certificate this client shows'),
    keyFile: path.optional().describe('its private key, PEM'),
  }),
]);

/** Where registers and counts are. Zones and their keys are files of `stores.directory` in either case. */
export const DatabaseConfig = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sqlite') }),
    z.strictObject({
      kind: z.literal('postgres'),
      host: z.string().min(1).max(255).describe('of the server, in the mainland'),
      port: z.int().min(1).max(65_535).default(5_432).describe('of the server'),
      database: name.describe('in an encoding of UTF8; it has to be there'),
      user: name.describe('may make tables in the schema'),
      passwordFile: path.optional().describe('holds the password and nothing else'),
      schema: identifier.default('tongguan').describe('of the tables'),
      security: Security,
      domesticRanges: z
        .array(range)
        .min(1)
        .max(RANGES_MAX)
        .describe('address ranges in the mainland; a server whose name leads to any other address is not connected to'),
    }),
  ])
  .default({ kind: 'sqlite' })
  .describe('`sqlite`: files of the directory; `postgres`: tables of a server in the mainland (docs/postgres.md)');

export type PostgresConfig = Extract<z.infer<typeof DatabaseConfig>, { kind: 'postgres' }>;
