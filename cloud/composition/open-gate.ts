import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import { type Clock, civilDateOf } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { narrowMatrix } from '../accounts/narrow-matrix.ts';
import { borderDirectory } from '../adapters/border-directory.ts';
import { fileParcelsDirectory } from '../adapters/file-parcels-directory.ts';
import { matrixOf } from '../approvals/matrix.ts';
import { classifyDataset } from '../building/classify-dataset.ts';
import { buildBy } from '../building/order-build.ts';
import { createParcelBuilder, type ParcelBuilder } from '../building/parcel-builder.ts';
import type { CloudConfig } from '../config/config.ts';
import { settingsOf } from '../database/open-postgres.ts';
import type { FileParcel } from '../datasets/file-kinds.table.ts';
import type { FileRecord } from '../ports/file-store.ts';
import { viewOf } from '../registers/record-change.ts';
import { FILE_PARCELS_DIRECTORY } from '../store-names.ts';
import type { ExportGateParts, RegisteredRecipient } from '../transfer/export-gate.ts';
import { factSources } from './open-facts.ts';
import type { OpenLaw } from './open-law.ts';
import type { CloudLogs } from './open-logs.ts';
import { openSealing } from './open-sealing.ts';
import type { CloudStores } from './open-stores.ts';

/** Shortest pseudonym key, bytes. */
const PSEUDONYM_KEY_BYTES_MIN = 32;

export interface GateInputs extends Pick<ExportGateParts, 'stopped' | 'alert'> {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
  readonly law: OpenLaw;
}

/**
 * Puts the export gate together from the configuration.
 *
 * @param draw - random bytes as lower-case hexadecimal, for transfer ids
 * @throws Error when a key or certificate cannot be read or is too short
 */
export function openGate(
  { config, path }: LoadedConfig<CloudConfig>,
  { stores, logs, law, stopped, alert }: GateInputs,
  clock: Clock,
  draw: (bytes: number) => string,
): ExportGateParts & { readonly builder: ParcelBuilder } {
  const key = readFileSync(path(config.pseudonyms.keyFile));
  assert(key.length >= PSEUDONYM_KEY_BYTES_MIN, '`pseudonyms.keyFile` holds 32 bytes or more');
  const [directory, storesDirectory] = [path(config.border.directory), path(config.stores.directory)];
  const zones = { keys: path(config.zones.keys), vaults: path(config.zones.vaults), read: config.zones.read };
  const threads = availableParallelism();
  const { database: where } = config.stores;
  const database = where.kind === 'sqlite' ? {} : { database: settingsOf(where, path) };
  const builder = createParcelBuilder({ stores: storesDirectory, border: directory, key, zones, threads, ...database });
  const files = fileParcelsDirectory(join(storesDirectory, FILE_PARCELS_DIRECTORY));
  const vinOf = (deviceNumber: number): Vin | undefined => stores.register.vinOf(deviceNumber)?.reveal();
  const judged = { aggregates: stores.aggregates, stated: config.classification };
  const withoutConsent = leftOut(config, stores);
  const sealings = openSealing(config, path, viewOf(stores.registers));
  return {
    clock,
    stopped,
    alert,
    rules: law.law.verdicts,
    timelines: law.law.duties.timelines,
    signOffs: law.signOffs,
    operations: logs.operations,
    transfers: stores.transfers,
    border: borderDirectory(directory),
    publications: stores.publications,
    dataset: (id) => config.datasets.find((one) => one.id === id) ?? filesOf(files.find(id)),
    recipients: config.recipients.map((one) => recipientOf(one, path)),
    processor: config.processor,
    registers: viewOf(stores.registers),
    sealedTo: sealings.sealedTo,
    matrix: () =>
      narrowMatrix(matrixOf(viewOf(stores.registers).find('processor', config.processor.id)), stores.accounts.find),
    legalBasis: config.legalBasis,
    onFile: config.onFile,
    permits: permitsOf(config, path),
    builder,
    build: buildBy(builder, config, sealings, { rules: law.law.verdicts, judged, withoutConsent }),
    classify: ({ kind }, contents, at, persons, readings) =>
      classifyDataset({ ...contents, kind }, at, { persons, ...judged, readings }),
    vinsOf: (dataset) =>
      dataset.kind === 'tracks' ? stores.zones.geographic.devices('cell').flatMap((device) => vinOf(device) ?? []) : [],
    ...factSources(config.processor, { stores, law, judged, key, withoutConsent }),
    newTransferId: (at) => `t${civilDateOf(at).replaceAll('-', '')}-${draw(TRANSFER_ID_BYTES)}`,
  };
}

/** Devices whose records are not built. Where another basis carries the transfer, a consent to something else stops nobody. */
function leftOut({ legalBasis }: CloudConfig, { consents }: CloudStores): (purpose: string) => readonly number[] {
  return (purpose) => (legalBasis === 'consent' ? consents.over(purpose) : []);
}

function permitsOf({ border, permits }: CloudConfig, path: (relative: string) => string): ExportGateParts['permits'] {
  const key = createPrivateKey(readFileSync(path(border.permitKeyFile)));
  return { key, hours: border.permitHours, issue: permits.issue };
}

const TRANSFER_ID_BYTES = 8;

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
