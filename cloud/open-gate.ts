import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { assert } from '../proto/words/result.ts';
import { type Clock, civilDateOf, civilYearOf, type Instant } from '../proto/words/time.ts';
import type { Vin } from '../proto/words/vin.ts';
import { borderDirectory } from './adapters/border-directory.ts';
import { installedCatalogue } from './catalogue/catalogue.ts';
import { type Classification, classify } from './classification/classification.ts';
import { exactly, type Outcome } from './classification/outcome.ts';
import { outlineSubject } from './classification/subjects.ts';
import { statedFigures } from './classification-config.ts';
import type { CloudConfig } from './config.ts';
import { buildParcel } from './datasets/build-parcel.ts';
import type { DatasetContents } from './datasets/contents.ts';
import type { DatasetDefinition } from './datasets/definition.ts';
import type { OpenLaw } from './open-law.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';
import { personDigest } from './partition/recipient-tag.ts';
import { onFileEntries } from './registers/on-file-entries.ts';
import { viewOf } from './registers/record-change.ts';
import type { CountedPersons } from './transfer/assemble-facts.ts';
import { jsonDigest } from './transfer/digest.ts';
import type { ExportGateParts, RegisteredRecipient } from './transfer/export-gate.ts';
import { rulesOn } from './transfer/rule-book.ts';

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
): ExportGateParts {
  const key = readFileSync(path(config.pseudonyms.keyFile));
  assert(key.length >= PSEUDONYM_KEY_BYTES_MIN, '`pseudonyms.keyFile` holds 32 bytes or more');
  const border = borderDirectory(path(config.border.directory));
  const catalogueDigest = jsonDigest(installedCatalogue().rows);
  const vinOf = (deviceNumber: number): Vin | undefined => stores.register.vinOf(deviceNumber)?.reveal();
  return {
    clock,
    rules: law.law.verdicts,
    signOffs: law.signOffs,
    operations: logs.operations,
    transfers: stores.transfers,
    border,
    datasets: config.datasets,
    recipients: config.recipients.map((one) => recipientOf(one, path)),
    processor: config.processor,
    legalBasis: config.legalBasis,
    get onFile() {
      return [...config.onFile, ...onFileEntries(viewOf(stores.registers), stores.documents)];
    },
    permits: {
      key: createPrivateKey(readFileSync(path(config.border.permitKeyFile))),
      hours: config.border.permitHours,
      issue: config.permits.issue,
    },
    build: ({ dataset, recipient, purpose }, transferId, contents, at) => {
      assert(dataset.kind === 'vehicle-day-statistics', 'only a dataset with nothing barred is built');
      const digests = { rules: rulesOn(law.law.verdicts, civilDateOf(at)).digest, catalogue: catalogueDigest };
      const order = { transferId, at, dataset, contents, recipientId: recipient.id, purpose, digests };
      return buildParcel(order, { zone: stores.zones.personal, border, key, vinOf });
    },
    classify: ({ kind }, contents, at, persons) =>
      classificationOf(stores, { ...contents, grain: kind }, at, { persons, config }),
    vinsOf: () => stores.zones.geographic.devices('cell').flatMap((device) => vinOf(device) ?? []),
    personOf: (vin) => personDigest(key, vin),
    newTransferId: (at) => `t${civilDateOf(at).replaceAll('-', '')}-${draw(TRANSFER_ID_BYTES)}`,
  };
}

const TRANSFER_ID_BYTES = 8;

/** Whether rows of a kind are a series in time under one tag, finer than a day. */
const IS_SERIES: Readonly<Record<DatasetDefinition['kind'], Outcome>> = {
  'vehicle-day-statistics': 'no-hit',
  tracks: 'hit',
};

/** A dataset is taken from what the aggregates have counted, so their figures are no less than its own. */
function classificationOf(
  { aggregates }: CloudStores,
  { classes, kinds, items, grain }: DatasetContents & { readonly grain: keyof typeof IS_SERIES },
  at: Instant,
  { persons, config }: { readonly persons: CountedPersons | 'unknown'; readonly config: CloudConfig },
): Classification {
  const on = civilDateOf(at);
  const { findings = {}, figures = {} } = config.classification ?? {};
  const counted = persons === 'unknown' ? {} : { 'persons-of-year': exactly(persons.projected) };
  const question = { year: civilYearOf(at), stated: findings, figures: { ...statedFigures(figures), ...counted } };
  const outline = { classes, kinds, items, reasons: [], isSeries: IS_SERIES[grain] };
  const subject = outlineSubject(outline, aggregates, question);
  return classify(subject, on, aggregates.rules.on(on));
}

function recipientOf(
  recipient: CloudConfig['recipients'][number],
  path: (relative: string) => string,
): RegisteredRecipient {
  const certificate = new X509Certificate(readFileSync(path(recipient.certificateFile)));
  const { id, country, endpoint, purposes } = recipient;
  return { id, country, endpoint, purposes, certificateSha256: createHash('sha256').update(certificate.raw).digest() };
}
