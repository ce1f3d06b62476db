import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteTransferRegister } from '../../../cloud/adapters/sqlite-transfer-register.ts';
import { classifyDataset } from '../../../cloud/building/classify-dataset.ts';
import type { CloudStores } from '../../../cloud/composition/open-stores.ts';
import { buildParcel } from '../../../cloud/datasets/build-parcel.ts';
import type { Requestable } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import { personDigest } from '../../../cloud/partition/recipient-tag.ts';
import { ROUTE_TIMELINES } from '../../../cloud/rules/route-timelines.table.ts';
import { SHIPPED_RULES } from '../../../cloud/rules/shipped-rules.ts';
import { type ExportGateParts, requestTransfer } from '../../../cloud/transfer/export-gate.ts';
import { ok } from '../../../proto/words/result.ts';
import { type CivilDate, type Instant, startOfDay } from '../../../proto/words/time.ts';
import { KEY, parcelParts, recordsOf } from '../datasets/parcels.ts';
import { scratchDirectory, scratchStores } from './stores.ts';

export const NOW = (startOfDay('2026-03-01' as CivilDate) + 1_000) as Instant;
export const definedDataset = (definition: object): Requestable =>
  DatasetDefinition.parse({ id: 'one', title: 'One', purposes: ['warranty'], ...definition });
export const recipient = {
  id: 'lab',
  country: 'DE',
  endpoint: 'https://lab.example',
  certificateSha256: new Uint8Array(32),
  purposes: ['warranty', 'other'],
};
const scope = {
  validFrom: '2026-01-01',
  validUntil: '2027-01-01',
  recipients: ['lab'],
  datasets: ['one'],
  purposes: ['warranty'],
};

/** Registers without a document. */
export const NOTHING_FILED = { onFile: [], spokenFor: new Set<never>(), evidence: [], setAside: [] };

/** A gate over real stores, closed when the test is over; the log is a list. */
export const scratchGate = (over: Partial<ExportGateParts> = {}) =>
  gateIn(scratchDirectory(), scratchStores().aggregates, over);

/** The same in a directory, for whoever outlives a test. */
export function gateIn(directory: string, aggregates: CloudStores['aggregates'], over: Partial<ExportGateParts> = {}) {
  const samples = Array.from({ length: 30 }, (_, vehicle) => ({ vehicle, day: '2026-02-01', value: 40 + vehicle }));
  const parts = parcelParts(directory, recordsOf(samples));
  mkdirSync(join(directory, 'register'));
  const transfers = sqliteTransferRegister(join(directory, 'register', 'transfers.sqlite'));
  const log: { kind: string; transferId: string; actor: string; document: unknown }[] = [];
  const alerts: Readonly<Record<string, unknown>>[] = [];
  let number = 0;
  const whole: ExportGateParts = {
    clock: { now: () => NOW },
    rules: SHIPPED_RULES,
    timelines: ROUTE_TIMELINES,
    signOffs: [],
    operations: {
      append: (entries) => {
        log.push(...entries);
        return ok({ firstIndex: log.length - entries.length, leafHashes: [new Uint8Array(32)] });
      },
    },
    transfers,
    publications: parts.publications,
    border: parts.border as ExportGateParts['border'],
    dataset: () => undefined,
    recipients: [recipient],
    registers: { find: () => undefined },
    sealedTo: () => 'none',
    matrix: () => undefined,
    stopped: () => undefined,
    alert: (document) => alerts.push(document),
    processor: { id: 'maker', name: 'Maker', ciio: 'no' },
    legalBasis: 'contract',
    onFile: [
      { kind: 'notice', id: 'n', ...scope },
      { kind: 'pipia', id: 'p', ...scope },
    ],
    permits: {
      key: createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      hours: 1,
      issue: 'on-verdict',
    },
    build: ({ dataset: one }, transferId, contents, at) => {
      if (one.kind === 'files' || one.kind === 'tracks') throw new Error('not built here');
      const digests = { rules: 'r', catalogue: 'c' };
      return buildParcel(
        {
          transferId,
          at,
          contents,
          recipientId: 'lab',
          purpose: 'warranty',
          findings: 'unknown',
          digests,
          dataset: one,
          models: [],
        },
        parts,
      );
    },
    classify: ({ kind }, contents, at, persons, readings) =>
      classifyDataset({ ...contents, kind }, at, { persons, aggregates, stated: undefined, readings }),
    vinsOf: () => [],
    personsOf: (vins) => vins.map((vin) => personDigest(KEY, vin)),
    groupCounts: () => ({ persons: 0, sensitivePersons: 0 }),
    countScope: () => 'all',
    filed: () => ({ ...NOTHING_FILED, attested: {}, registered: 'yes', ciio: 'no', withoutConsent: 0 }),
    signedOff: () => [],
    joins: { with: () => undefined, record: () => {} },
    newTransferId: () => {
      number += 1;
      return `t${number}`;
    },
    ...over,
  };
  const askFor = (one: Requestable, purpose = 'warranty') =>
    requestTransfer({ dataset: one, recipient, purpose, requestedBy: 'alice' }, whole);
  const ask = (definition: object, purpose?: string) => askFor(definedDataset(definition), purpose);
  return {
    ask,
    askFor,
    parts: whole,
    /** What builds are made from, as a build thread would have it. */
    buildParts: { ...parts, zone: () => ok(parts.zone) },
    log,
    alerts,
    transfers,
    directory,
    at: (...names: string[]) => join(directory, ...names),
  };
}
