import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { assert } from '../proto/words/result.ts';
import { type Clock, civilDateOf } from '../proto/words/time.ts';
import type { Vin } from '../proto/words/vin.ts';
import { borderDirectory } from './adapters/border-directory.ts';
import { fileParcelsDirectory } from './adapters/file-parcels-directory.ts';
import { matrixOf } from './approvals/matrix.ts';
import { installedCatalogue } from './catalogue/catalogue.ts';
import { classifyDataset, type JudgedBy } from './classify-dataset.ts';
import type { CloudConfig } from './config.ts';
import { personsBehind } from './counting/persons-behind.ts';
import { contentsOf } from './datasets/contents.ts';
import type { FileParcel } from './datasets/file-kinds.table.ts';
import { createJoins } from './join-transfers.ts';
import type { OpenLaw } from './open-law.ts';
import type { CloudLogs } from './open-logs.ts';
import { openSealing } from './open-sealing.ts';
import { type CloudStores, FILE_PARCELS_DIRECTORY } from './open-stores.ts';
import { createParcelBuilder, type ParcelBuilder } from './parcel-builder.ts';
import { personDigest } from './partition/recipient-tag.ts';
import type { FileRecord } from './ports/file-store.ts';
import { attestedOf, exemptionEvidence } from './registers/exemption-evidence.ts';
import { groupCounts } from './registers/group-counts.ts';
import { onFileEntries } from './registers/on-file-entries.ts';
import { viewOf } from './registers/record-change.ts';
import { jsonDigest } from './transfer/digest.ts';
import type { ExportGateParts, RegisteredRecipient } from './transfer/export-gate.ts';
import type { FactSources } from './transfer/fact-sources.ts';
import { type RuleBook, rulesOn } from './transfer/rule-book.ts';

/** Shortest pseudonym key, bytes. */
const PSEUDONYM_KEY_BYTES_MIN = 32;

/**
 * Puts the export gate together from the configuration.
 *
 * @param draw - random bytes as lower-case hexadecimal, for transfer ids
 * @throws Error when a key or certificate cannot be read or is too short
 */
export function openGate(
  { config, path }: LoadedConfig<CloudConfig>,
  { stores, logs, law }: { readonly stores: CloudStores; readonly logs: CloudLogs; readonly law: OpenLaw },
  clock: Clock,
  draw: (bytes: number) => string,
): ExportGateParts & { readonly builder: ParcelBuilder } {
  const key = readFileSync(path(config.pseudonyms.keyFile));
  assert(key.length >= PSEUDONYM_KEY_BYTES_MIN, '`pseudonyms.keyFile` holds 32 bytes or more');
  const border = borderDirectory(path(config.border.directory));
  const catalogueDigest = jsonDigest(installedCatalogue().rows);
  const storesDirectory = path(config.stores.directory);
  const builder = createParcelBuilder({
    stores: storesDirectory,
    border: path(config.border.directory),
    key,
    zones: { keys: path(config.zones.keys), vaults: path(config.zones.vaults), read: config.zones.read },
  });
  const files = fileParcelsDirectory(join(storesDirectory, FILE_PARCELS_DIRECTORY));
  const vinOf = (deviceNumber: number): Vin | undefined => stores.register.vinOf(deviceNumber)?.reveal();
  const judged = { aggregates: stores.aggregates, stated: config.classification };
  return {
    clock,
    rules: law.law.verdicts,
    signOffs: law.signOffs,
    operations: logs.operations,
    transfers: stores.transfers,
    border,
    publications: stores.publications,
    dataset: (id) => config.datasets.find((one) => one.id === id) ?? filesOf(files.find(id)),
    recipients: config.recipients.map((one) => recipientOf(one, path)),
    processor: config.processor,
    registers: viewOf(stores.registers),
    matrix: () => matrixOf(viewOf(stores.registers).find('processor', config.processor.id)),
    legalBasis: config.legalBasis,
    get onFile() {
      return [...config.onFile, ...onFileEntries(viewOf(stores.registers), stores.documents)];
    },
    permits: permitsOf(config, path),
    builder,
    build: buildBy(builder, config, path, { rules: law.law.verdicts, catalogue: catalogueDigest, judged }),
    classify: ({ kind }, contents, at, persons) => classifyDataset({ ...contents, kind }, at, { persons, ...judged }),
    vinsOf: (dataset) =>
      dataset.kind === 'tracks' ? stores.zones.geographic.devices('cell').flatMap((device) => vinOf(device) ?? []) : [],
    ...factSources(config.processor.id, { stores, law, judged, key }),
    newTransferId: (at) => `t${civilDateOf(at).replaceAll('-', '')}-${draw(TRANSFER_ID_BYTES)}`,
  };
}

function permitsOf({ border, permits }: CloudConfig, path: (relative: string) => string): ExportGateParts['permits'] {
  const key = createPrivateKey(readFileSync(path(border.permitKeyFile)));
  return { key, hours: border.permitHours, issue: permits.issue };
}

const TRANSFER_ID_BYTES = 8;

function buildBy(
  builder: ParcelBuilder,
  config: CloudConfig,
  path: (relative: string) => string,
  {
    rules,
    catalogue,
    judged,
  }: {
    readonly rules: RuleBook;
    readonly catalogue: string;
    readonly judged: Pick<JudgedBy, 'aggregates' | 'stated'>;
  },
): ExportGateParts['build'] {
  const sealings = openSealing(config, path);
  const models = config.vehicleModels;
  return ({ dataset, recipient, purpose }, transferId, contents, at) => {
    assert(dataset.kind !== 'tracks', 'only a dataset with nothing barred is built');
    const digests = { rules: rulesOn(rules, civilDateOf(at)).digest, catalogue };
    // Who is in it is known only once it is built, so items that count persons are still unknown here.
    const { items } = classifyDataset({ ...contents, kind: dataset.kind }, at, { persons: 'unknown', ...judged });
    const findings = items.flatMap(({ clauses }) => clauses);
    const sealing = sealings.get(recipient.id);
    const sealed = sealing === undefined ? {} : { sealing };
    const order = { ...sealed, transferId, at, contents, recipientId: recipient.id, purpose, digests, findings };
    return dataset.kind === 'files'
      ? builder.build({ grain: 'files', ...order, dataset })
      : builder.build({ grain: 'rows', ...order, dataset, models });
  };
}

/** An import as the gate sees it. */
function filesOf(record: FileRecord | undefined): FileParcel | undefined {
  if (record === undefined) return undefined;
  const { id, title, purposes, kind: fileKind, entry } = record;
  return { kind: 'files', id, title, purposes, fileKind, entry: entry.id };
}

function recipientOf(
  recipient: CloudConfig['recipients'][number],
  path: (relative: string) => string,
): RegisteredRecipient {
  const certificate = new X509Certificate(readFileSync(path(recipient.certificateFile)));
  const { id, country, endpoint, purposes } = recipient;
  return { id, country, endpoint, purposes, certificateSha256: createHash('sha256').update(certificate.raw).digest() };
}

/** What the gate takes from registers, links and earlier transfers. */
function factSources(
  processor: string,
  {
    stores,
    law,
    judged,
    key,
  }: {
    readonly stores: CloudStores;
    readonly law: OpenLaw;
    readonly judged: Pick<JudgedBy, 'aggregates' | 'stated'>;
    readonly key: Uint8Array;
  },
): FactSources {
  return {
    personsOf: (vins) =>
      personsBehind(
        vins.map((vin) => personDigest(key, vin)),
        stores.persons.of,
      ),
    groupCounts: (year) => groupCounts(viewOf(stores.registers), processor, year),
    countScope: law.law.positions['CNT-8']?.position === 'other' ? 'outside-exemptions' : 'all',
    filed: ({ dataset, recipient, claims = [] }, at) => {
      const reads = { registers: viewOf(stores.registers), documents: stores.documents };
      const { id, purposes } = dataset;
      const entry = dataset.kind === 'files' ? { entry: dataset.entry } : {};
      const of = { on: civilDateOf(at), recipient: recipient.id, processor };
      const { kinds } = contentsOf(dataset);
      return {
        attested: attestedOf(entry.entry, reads),
        evidence:
          claims.length === 0
            ? []
            : [...exemptionEvidence({ ...of, dataset: { id, purposes, kinds, ...entry } }, reads)],
      };
    },
    joins: createJoins({
      store: stores.parts,
      transfers: stores.transfers,
      groupOf: (id) => String(viewOf(stores.registers).find('recipient', id)?.body['group'] ?? id),
      judged,
    }),
  };
}
