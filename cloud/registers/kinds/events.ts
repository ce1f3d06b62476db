import { z } from 'zod';
import {
  AttestedContents,
  Day,
  Id,
  ids,
  LIST_MAX,
  Moment,
  Persons,
  Receipt,
  Sha256,
  Text,
  texts,
  YesNo,
} from '../words.ts';

/** One OTA activity, filed with both regulators (OTA-1, OTA-3). */
export const OtaCampaign = z.strictObject({
  id: Id,
  title: Text,
  purpose: z.enum(['defect', 'recall', 'feature']),
  defectOrRecallNumber: Text.optional(),
  ecus: texts.min(1),
  packageSha256: Sha256,
  releaseOn: Day,
  miitFiling: Receipt.optional(),
  samrFiling: Receipt.optional(),
  remoteControl: z.enum(['none', 'near-field-only', 'beyond-near-field', 'unknown']),
  functions: texts,
  stopped: Text.optional().describe(
    'why it is stopped; while it stands, no vehicle is offered it, and those that wait let go',
  ),
});

/** Source code of one ECU's package on file with SAMR (EX-9). */
export const SourceFiling = z.strictObject({
  id: Id,
  campaign: Id,
  ecu: Text,
  packageSha256: Sha256,
  sourceTreeSha256: Sha256,
  filedSha256: Sha256.optional(),
  defectOrRecallNumber: Text,
  state: z.enum(['draft', 'submitted', 'filed', 'superseded', 'withdrawn']),
  submittedOn: Day.optional(),
  filed: Receipt.optional(),
  recipients: ids.optional().describe('who takes part in removing the defect or in the recall'),
  contents: AttestedContents.optional(),
});

/** A security incident with its clocks (INC-1 to INC-5, EX-8). */
export const Incident = z.strictObject({
  id: Id,
  title: Text,
  kind: Text,
  occurredAt: Moment,
  knownAt: Moment,
  level: z
    .enum(['general', 'larger', 'major', 'especially-major', 'ungraded'])
    .describe('no milder than the figures below make it (INC-2, INC-4); `ungraded` runs the clocks of the graver ones'),
  criticalInfrastructure: YesNo,
  persons: z.union([Persons, z.literal('unknown')]),
  sensitivePersons: z.union([Persons, z.literal('unknown')]),
  lossCny: z
    .union([z.int().min(0).max(Number.MAX_SAFE_INTEGER), z.literal('unknown')])
    .optional()
    .describe('direct economic loss, yuan'),
  systems: texts,
  impact: Text,
  measures: Text,
  cause: Text.optional(),
  reports: z
    .array(
      z.strictObject({
        to: z.enum(['miit', 'sector-regulator', 'provincial-cac', 'protection-department', 'police']),
        receipt: Receipt,
      }),
    )
    .max(LIST_MAX),
  finalReport: Receipt.optional(),
  reportedDatasets: z.array(Sha256).max(LIST_MAX),
  handlingRecipients: ids.optional().describe('who abroad handles it'),
  contents: AttestedContents.optional(),
});

/** A vulnerability and what the platform was told of it (VUL-1, VUL-2, EX-7). */
export const Vulnerability = z.strictObject({
  id: Id,
  title: Text,
  identifiers: texts.min(1).describe('CVE, NVDB-CAVD or own number'),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'ungraded']),
  knownAt: Moment,
  platform: z.enum(['nvdb', 'nvdb-cavd', 'none']),
  receipt: Receipt.optional(),
  public: z
    .strictObject({ since: Day, affects: z.enum(['remote-control', 'ota', 'other', 'unknown']) })
    .optional()
    .describe('once it is public: since when, and which system of vehicles it lies in'),
  treatedOn: Day.optional(),
  reportedDatasets: z.array(Sha256).max(LIST_MAX),
  fixingRecipients: ids,
  contents: AttestedContents.optional(),
});
