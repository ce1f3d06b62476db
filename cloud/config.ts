import { z } from 'zod';
import { AttestedAdapterConfig } from './attested-adapter-config.ts';
import { DatasetDefinition } from './datasets/definition.ts';
import { FactsSchema } from './transfer/facts.ts';

const path = z.string().min(1).max(1_024);
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected letters, digits, dot, hyphen, underscore');
const RECIPIENTS_MAX = 1_000;
const DATASETS_MAX = 1_000;
const POLICIES_MAX = 1_000;
const ADAPTERS_MAX = 100;

/** Configuration of the mainland cloud. docs/configuration.md is made from it. Nothing that lets data out has a default. */
export const CloudConfig = z.strictObject({
  processor: z
    .strictObject({ id, name: z.string().min(1).max(200), ciio: z.enum(['yes', 'no', 'unknown']) })
    .describe('the data processor: who decides purpose and means, and in whose name persons are counted'),
  stores: z.strictObject({ directory: path.describe('zones, registers and ledger, one file each; must exist') }),
  mqtt: z.strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(0).max(65_535).describe('0 takes a free port'),
    certificateFile: path,
    keyFile: path,
    deviceAuthorityFile: path.describe('PEM of the authority that signs device certificates'),
  }),
  policy: z
    .strictObject({
      bundleFile: path.describe('signed bundle that every vehicle is told; looked at again every few seconds'),
      publicKeyFile: path.describe("PEM of the operator's Ed25519 policy key: what it did not sign is not handed on"),
      otherFiles: z
        .array(path)
        .max(POLICIES_MAX)
        .default([])
        .describe('bundles that vehicles have from elsewhere; batches under any other policy go to quarantine'),
    })
    .optional(),
  confidentiality: z.array(AttestedAdapterConfig).max(ADAPTERS_MAX).default([]),
  api: z.strictObject({
    socket: path.describe('Unix socket of the local HTTP API; its directory decides who may use it'),
  }),
  log: z.strictObject({
    directory: path.describe('holds the logs `operations` and `alerts`; made by `tongguan cloud --initialise`'),
    origin: z
      .string()
      .regex(/^[a-z0-9][a-z0-9./-]{0,100}$/)
      .describe('prefix of the names in tree heads'),
    signingKeyFile: path.describe('Ed25519 private key, PEM'),
  }),
  border: z.strictObject({
    directory: path.describe('holds staging, outbox and returns; the exporter reads outbox and writes returns'),
    permitKeyFile: path.describe('Ed25519 private key that signs permits, PEM'),
    permitHours: z.int().min(1).max(720).describe('how long a permit stands'),
  }),
  permits: z
    .strictObject({ issue: z.enum(['on-verdict', 'never']) })
    .describe('`on-verdict`: a permitting verdict is enough; `never`: verdicts only'),
  pseudonyms: z.strictObject({
    keyFile: path.describe('32 random bytes or more; recipient tags and person counts rest on it'),
  }),
  recipients: z
    .array(
      z.strictObject({
        id,
        name: z.string().min(1).max(200),
        country: z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code'),
        endpoint: z
          .string()
          .regex(
            /^https:\/\/[^/?#@\s]+(\/[^?#\s]*[^?#\s/])?$/,
            'expected `https://host:port` without user, query or final slash',
          )
          .max(256),
        certificateFile: path,
        purposes: z.array(id).min(1).max(64),
      }),
    )
    .max(RECIPIENTS_MAX),
  legalBasis: FactsSchema.shape.legalBasis,
  onFile: FactsSchema.shape.onFile.describe(
    'documents on file: notice, PIPIA, contracts, approvals (docs/transfer-facts.md)',
  ),
  datasets: z.array(DatasetDefinition).max(DATASETS_MAX),
});

export type CloudConfig = z.infer<typeof CloudConfig>;
