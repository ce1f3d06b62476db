import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { assert } from '../proto/words/result.ts';
import { type Clock, civilDateOf } from '../proto/words/time.ts';
import type { Vin } from '../proto/words/vin.ts';
import { borderDirectory } from './adapters/border-directory.ts';
import { CATALOGUE } from './catalogue/catalogue.table.ts';
import type { CloudConfig } from './config.ts';
import { buildParcel } from './datasets/build-parcel.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';
import { personDigest } from './partition/recipient-tag.ts';
import { onFileEntries } from './registers/on-file-entries.ts';
import { viewOf } from './registers/record-change.ts';
import { SHIPPED_RULES } from './rules/shipped-rules.ts';
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
  { stores, logs }: { readonly stores: CloudStores; readonly logs: CloudLogs },
  clock: Clock,
  draw: (bytes: number) => string,
): ExportGateParts {
  const key = readFileSync(path(config.pseudonyms.keyFile));
  assert(key.length >= PSEUDONYM_KEY_BYTES_MIN, '`pseudonyms.keyFile` holds 32 bytes or more');
  const border = borderDirectory(path(config.border.directory));
  const catalogueDigest = jsonDigest(CATALOGUE);
  const vinOf = (deviceNumber: number): Vin | undefined => stores.register.vinOf(deviceNumber)?.reveal();
  return {
    clock,
    rules: SHIPPED_RULES,
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
      const digests = { rules: rulesOn(SHIPPED_RULES, civilDateOf(at)).digest, catalogue: catalogueDigest };
      const order = { transferId, at, dataset, contents, recipientId: recipient.id, purpose, digests };
      const zone = stores.reader('personal');
      return zone.ok ? buildParcel(order, { zone: zone.value, border, key, vinOf }) : zone;
    },
    vinsOf: () => stores.zones.geographic.devices('cell').flatMap((device) => vinOf(device) ?? []),
    personOf: (vin) => personDigest(key, vin),
    newTransferId: (at) => `t${civilDateOf(at).replaceAll('-', '')}-${draw(TRANSFER_ID_BYTES)}`,
  };
}

const TRANSFER_ID_BYTES = 8;

function recipientOf(
  recipient: CloudConfig['recipients'][number],
  path: (relative: string) => string,
): RegisteredRecipient {
  const certificate = new X509Certificate(readFileSync(path(recipient.certificateFile)));
  const { id, country, endpoint, purposes } = recipient;
  return { id, country, endpoint, purposes, certificateSha256: createHash('sha256').update(certificate.raw).digest() };
}
