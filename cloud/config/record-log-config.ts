import { z } from 'zod';

const path = z.string().min(1).max(1_024);
const broker = z.string().regex(/^[A-Za-z0-9._:[\]-]{1,255}:\d{1,5}$/, 'expected `host:port`');
const BROKERS_MAX = 64;
const PARTITIONS_MAX = 1_024;

const tls = { caFile: path.describe('PEM of the authority that signs the brokers'), ...mutual() };

function mutual() {
  return {
    certificateFile: path.optional().describe('PEM of the certificate this client shows'),
    keyFile: path.optional().describe('its private key, PEM'),
  };
}

/** How a client speaks to brokers. Written without a default: that nothing is encrypted has to be said. */
const Security = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insecure-plaintext') }),
  z.strictObject({ kind: z.literal('tls'), ...tls }),
  z.strictObject({
    kind: z.literal('sasl-tls'),
    ...tls,
    mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
    username: z.string().min(1).max(255),
    passwordFile: path.describe('holds the password and nothing else'),
  }),
]);

export const ClusterConfig = z.strictObject({
  brokers: z.array(broker).min(1).max(BROKERS_MAX),
  security: Security,
});

export type ClusterConfig = z.infer<typeof ClusterConfig>;

/** Where payloads wait between ingress and zones. */
export const RecordLogConfig = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sqlite') }),
    z.strictObject({
      kind: z.literal('kafka'),
      ...ClusterConfig.shape,
      prefix: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/)
        .default('tongguan')
        .describe('of the names of topics, groups and transactions'),
      keys: path.describe('directory of `transit.pub`, for who takes in, and `transit.key`, for who classifies'),
      partitions: z.int().min(1).max(PARTITIONS_MAX).default(8).describe('of each topic that `--initialise` makes'),
      replication: z.int().min(1).max(15).default(3).describe('replicas of each topic that `--initialise` makes'),
      zones: z
        .strictObject({
          general: ClusterConfig.optional(),
          personal: ClusterConfig.optional(),
          geographic: ClusterConfig.optional(),
          important: ClusterConfig.optional(),
        })
        .default({})
        .describe('clusters of single zones; one that is left out is on the first cluster (docs/kafka.md)'),
      domesticRanges: z
        .array(z.string().max(64))
        .max(1_000)
        .default([])
        .describe('address ranges in the mainland; `tongguan doctor` flags consumers of any other'),
    }),
  ])
  .default({ kind: 'sqlite' })
  .describe('`sqlite`: ingress writes the zones itself; `kafka`: over topics of a cluster (docs/kafka.md)');

export type KafkaConfig = Extract<z.infer<typeof RecordLogConfig>, { kind: 'kafka' }>;
