import { z } from 'zod';
import { titleText } from '../../proto/config/title-text.ts';
import { AccessConfig } from '../access/access-config.ts';
import { DatasetDefinition, MODELS_OF_CONFIG_MAX, VehicleModel } from '../datasets/definition.ts';
import { FILE_KIND_NAMES } from '../datasets/file-kinds.table.ts';
import { FactsSchema } from '../transfer/facts.ts';
import { ZonesConfig } from '../zones/zones-config.ts';
import { AttestedAdapterConfig } from './attested-adapter-config.ts';
import { ClassificationConfig } from './classification-config.ts';
import { ConsoleConfig } from './console-config.ts';
import { DatabaseConfig } from './database-config.ts';
import { IngressConfig } from './ingress-config.ts';
import { MonitoringConfig } from './monitoring-config.ts';
import { QuarantineConfig, RecheckConfig } from './recheck-config.ts';
import { RecordLogConfig } from './record-log-config.ts';
import { SealingConfig } from './sealing-config.ts';
import { TelemetryConfig } from './telemetry-config.ts';
import { TerminalsConfig } from './terminals-config.ts';
import { UpdatesConfig } from './updates-config.ts';
import { WitnessesConfig } from './witness-config.ts';

const path = z.string().min(1).max(1_024);
/** A key a month for eight years. */
const KEYS_BEFORE_MAX = 100;
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected letters, digits, dot, hyphen, underscore');
const RECIPIENTS_MAX = 1_000;
const DATASETS_MAX = 1_000;
const DELIVERED_MAX = 256;
const FILE_ENTRIES_MAX = 1_000;
const ADAPTERS_MAX = 100;

const text = z.string().min(1).max(256);

/** What an authority was told of files; the registers will hold it one day. */
const FileEntry = z.strictObject({
  id,
  kind: z.enum(FILE_KIND_NAMES),
  authority: text.describe('whom they were reported to or filed with'),
  filingNumber: text.optional().describe('number or receipt of the filing'),
  filedOn: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected YYYY-MM-DD')
    .optional()
    .describe('day of the filing'),
  filedTreeSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
    .optional()
    .describe('tree hash of what was filed; where it stands, only that very tree can be imported'),
});

/** Configuration of the mainland cloud. docs/configuration.md is made from it. Nothing that lets data out has a default. */
export const CloudConfig = z.strictObject({
  processor: z
    .strictObject({ id, name: z.string().min(1).max(200), ciio: z.enum(['yes', 'no', 'unknown']) })
    .describe('the data processor: who decides purpose and means, and in whose name persons are counted'),
  catalogue: z
    .strictObject({
      operatorFile: path.describe(
        'rows of the operator, laid over the shipped ones and never milder without a sign-off (docs/catalogue.md)',
      ),
    })
    .optional(),
  stores: z.strictObject({
    directory: path.describe('zones, registers and ledger, one file each; must exist'),
    database: DatabaseConfig,
  }),
  zones: ZonesConfig,
  ingress: IngressConfig,
  recordLog: RecordLogConfig,
  mqtt: z.strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(0).max(65_535).describe('0 takes a free port'),
    certificateFile: path,
    keyFile: path,
    deviceAuthorityFile: path.describe('PEM of the authority that signs device certificates'),
  }),
  terminals: TerminalsConfig.optional(),
  policy: z
    .strictObject({
      bundleFile: path
        .optional()
        .describe(
          'signed bundle that every vehicle is told; looked at again every few seconds. Without it none is told',
        ),
      deliveredFiles: z
        .array(path)
        .max(DELIVERED_MAX)
        .default([])
        .describe(
          'signed bundles that vehicles were delivered with; a batch under a policy that is neither told nor named here goes to quarantine',
        ),
      publicKeyFile: path.describe("PEM of the operator's Ed25519 policy key: what it did not sign is not handed on"),
    })
    .optional(),
  updates: UpdatesConfig.optional().describe('software updates of vehicles; without it none is offered (docs/ota.md)'),
  recheck: RecheckConfig,
  quarantine: QuarantineConfig,
  confidentiality: z.array(AttestedAdapterConfig).max(ADAPTERS_MAX).default([]),
  api: z.strictObject({
    socket: path.describe('Unix socket of the local HTTP API; its directory decides who may use it'),
  }),
  console: ConsoleConfig.optional().describe(
    'the HTTP API for people and the console on it; without it nobody listens (docs/api.md, docs/accounts.md)',
  ),
  access: AccessConfig.optional().describe('who may read, and from where; without it nobody reads (docs/access.md)'),
  log: z.strictObject({
    directory: path.describe('holds the logs `operations` and `alerts`; made by `tongguan cloud --initialise`'),
    origin: z
      .string()
      .regex(/^[a-z0-9][a-z0-9./-]{0,100}$/)
      .describe('prefix of the names in tree heads'),
    signingKeyFile: path.describe('Ed25519 private key, PEM'),
    witnesses: WitnessesConfig.optional().describe('who cosigns tree heads; nobody where it is absent'),
  }),
  monitoring: MonitoringConfig.optional().describe('rules over the logs, and who is told of alerts (docs/alerts.md)'),
  telemetry: TelemetryConfig.optional().describe('OpenTelemetry; without it nothing is sent (docs/operating.md)'),
  border: z.strictObject({
    directory: path.describe('holds staging, outbox and returns; the exporter reads outbox and writes returns'),
    permitKeyFile: path.describe('Ed25519 private key that signs permits, PEM'),
    permitKeysBefore: z
      .array(path)
      .max(KEYS_BEFORE_MAX)
      .default([])
      .describe('public keys that permits were signed with before, PEM; old permits are verified by them'),
    permitHours: z.int().min(1).max(720).describe('how long a permit stands'),
  }),
  rules: z
    .strictObject({ operatorFile: path.describe("an operator's rows of law over the shipped ones (docs/law.md)") })
    .optional(),
  permits: z
    .strictObject({ issue: z.enum(['on-verdict', 'on-approval', 'never']) })
    .describe(
      '`on-verdict`: a permitting verdict is enough; `on-approval`: two other persons approve as well (docs/cloud.md); `never`: verdicts only',
    ),
  classification: ClassificationConfig.optional(),
  pseudonyms: z.strictObject({
    keyFile: path.describe('32 random bytes or more; recipient tags and person counts rest on it'),
  }),
  recipients: z
    .array(
      z.strictObject({
        id,
        name: titleText,
        country: z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code'),
        endpoint: z
          .string()
          .regex(
            /^https:\/\/[^/?#@\s]+(\/[^?#\s]*[^?#\s/])?$/,
            'expected `https://host:port` without user, query or final slash',
          )
          .max(256),
        certificateFile: path,
        certificatesBefore: z
          .array(path)
          .max(KEYS_BEFORE_MAX)
          .default([])
          .describe('certificates that it had before, PEM; old receipts are verified by them'),
        sealing: SealingConfig.optional().describe(
          'parcels go sealed, to the key of the register (docs/sealing.md); left out, the register has to say `none`',
        ),
        purposes: z.array(id).min(1).max(64),
      }),
    )
    .max(RECIPIENTS_MAX),
  legalBasis: FactsSchema.shape.legalBasis,
  onFile: FactsSchema.shape.onFile.describe(
    'documents on file: notice, PIPIA, contracts, approvals (docs/transfer-facts.md)',
  ),
  datasets: z.array(DatasetDefinition).max(DATASETS_MAX),
  vehicleModels: z
    .array(VehicleModel)
    .max(MODELS_OF_CONFIG_MAX)
    .default([])
    .describe('models by the beginning of their VIN, for filters and aggregates (docs/datasets.md)'),
  fileEntries: z
    .array(FileEntry)
    .max(FILE_ENTRIES_MAX)
    .default([])
    .describe('register entries that cover files of `tongguan dataset import`'),
});

export type CloudConfig = z.infer<typeof CloudConfig>;
