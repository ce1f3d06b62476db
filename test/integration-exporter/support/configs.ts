import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { TestIdentity } from '../../support/cloud/certificates.ts';
import { type Border, LOG_ORIGIN, RECIPIENT_ID } from './border.ts';

/** Writes exporter.yaml and the files it names; paths in it are relative, as an operator would write them. */
export function writeExporterConfig(
  border: Border,
  endpoint: string,
  changes: Readonly<Record<string, unknown>> = {},
): string {
  const permitKey = createPublicKey(border.permitKey).export({ type: 'spki', format: 'pem' });
  const files = {
    'traffic-log.key': border.logKey.export({ type: 'pkcs8', format: 'pem' }),
    'permit.pub': permitKey,
    'capture.pub': createPublicKey(border.captureKey).export({ type: 'spki', format: 'pem' }),
    'exporter.crt': border.exporter.certificate,
    'exporter.key': border.exporter.key,
    'authority.crt': border.authority.certificate,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(border.root, 'keys', name), content);
  const path = join(border.root, 'exporter.yaml');
  const config = {
    border: { outbox: 'border/outbox', returns: 'border/returns' },
    log: { directory: 'traffic', origin: LOG_ORIGIN, signingKeyFile: 'keys/traffic-log.key' },
    permit: { publicKeyFile: 'keys/permit.pub' },
    capture: { directory: 'captures', publicKeyFile: 'keys/capture.pub', bytesMax: 1_000_000_000 },
    tls: { certificateFile: 'keys/exporter.crt', keyFile: 'keys/exporter.key' },
    recipients: [
      {
        id: RECIPIENT_ID,
        endpoint,
        certificateSha256: border.recipient.sha256,
        sealedTo: 'none',
        authorityFile: 'keys/authority.crt',
      },
    ],
    retry: { attemptsPerRound: 3, pauseMs: 20, pauseMsMax: 100, roundPauseMs: 200 },
    pollMs: 30,
    ...changes,
  };
  writeFileSync(path, stringify(config));
  return path;
}

export interface ReceiverChanges {
  readonly port?: number;
  readonly identity?: TestIdentity;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Writes receiver.yaml and the files it names under `root/receiver`. */
export function writeReceiverConfig(border: Border, changes: ReceiverChanges = {}): string {
  const { port = 0, identity = border.recipient } = changes;
  const files = { 'recipient.crt': identity.certificate, 'recipient.key': identity.key };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(border.root, 'keys', name), content);
  writeFileSync(join(border.root, 'keys', 'authority.crt'), border.authority.certificate);
  const path = join(border.root, 'receiver.yaml');
  const config = {
    recipientId: RECIPIENT_ID,
    listen: { host: '127.0.0.1', port },
    dataDirectory: 'receiver',
    tls: {
      certificateFile: 'keys/recipient.crt',
      keyFile: 'keys/recipient.key',
      exporterAuthorityFile: 'keys/authority.crt',
    },
    exporters: [{ id: 'exporter', certificateSha256: border.exporter.sha256 }],
    ...changes.config,
  };
  writeFileSync(path, stringify(config));
  return path;
}
