import { z } from 'zod';
import { ConfidentialityConfig } from './confidentiality-config.ts';
import { DetectorConfig } from './detector-config.ts';
import { SOURCES_MAX, SourceConfig, writers } from './source-config.ts';
import { SpoolConfig } from './spool-config.ts';
import { UpdatesConfig } from './updates-config.ts';

const path = z.string().min(1).max(1_024);

const slow = z.int().min(10).max(60_000).describe('in place of `sealing.intervalMs`');

const Keys = z.strictObject({
  vehicle: z.strictObject({
    vinFile: path.describe('file with the VIN of this vehicle, one line'),
    secretFile: path.describe('file with at least 32 random bytes; subject tags and margins rest on it'),
  }),
  source: SourceConfig.optional(),
  sources: z.array(SourceConfig).min(1).max(SOURCES_MAX).optional().describe('several of them, in place of `source`'),
  vehicleTime: z
    .enum(['system', 'source'])
    .describe('whose time hold-backs follow: the system clock, or the times the raw frames carry (replay)'),
  policy: z.strictObject({
    bundleFile: path.describe('signed policy bundle; without a valid one nothing is collected'),
    publicKeyFile: path.describe("PEM of the operator's Ed25519 policy key"),
    fencesFile: path
      .optional()
      .describe(
        'signed fence set of sensitive areas and decoys; what a policy demands and is not there closes all cells',
      ),
  }),
  spool: SpoolConfig,
  sealing: z
    .strictObject({
      intervalMs: z
        .int()
        .min(10)
        .max(60_000)
        .default(500)
        .describe('longest time a frame waits to be sealed and written'),
      slowIntervalMs: z
        .strictObject({ diagnostics: slow.optional(), statistics: slow.optional() })
        .prefault({})
        .describe('the same for these priorities: larger batches take fewer bytes, and a power cut loses more'),
    })
    .prefault({}),
  consents: z
    .strictObject({
      socket: path.describe("Unix socket on which the vehicle's display says who agreed to what"),
      writers,
    })
    .optional(),
  confidentiality: ConfidentialityConfig.optional(),
  updates: UpdatesConfig.optional().describe('software updates; without it every campaign is left alone (docs/ota.md)'),
  imagery: z
    .strictObject({
      detectors: z
        .array(DetectorConfig)
        .max(4)
        .default([])
        .describe(
          'what finds faces and plates where the policy asks for redaction; without any such pictures are dropped',
        ),
    })
    .prefault({}),
  uplink: z.strictObject({
    url: z.string().regex(/^mqtts:\/\/[^/\s]+:\d+$/, 'expected `mqtts://host:port` of a mainland endpoint'),
    certificateFile: path,
    keyFile: path,
    authorityFile: path.describe("PEM of the authority that signed the cloud's certificate"),
  }),
});

/** Configuration of one agent: one vehicle. docs/configuration.md is made from it. */
export const EdgeConfig = Keys.refine(({ source, sources }) => (source === undefined) !== (sources === undefined), {
  path: ['source'],
  error: 'expected either `source` or `sources`',
});

export type EdgeConfig = z.infer<typeof EdgeConfig>;
