import type { X509Certificate } from 'node:crypto';
import type { Instant } from '../../proto/words/time.ts';
import type { ConnectionRecord, OpeningRecord } from './connection-record.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { OpenParcel } from './open-parcel.ts';
import type { OpenPermit } from './open-permit.ts';
import type { RefusedConnections } from './pull/refused-connections.ts';
import type { TrafficEntry } from './traffic.ts';

// What stands in the traffic log, kind by kind; `TRAFFIC_KINDS` says in which order.

/** Everything of the permit, so that the entry can be read without it. Hashes are lower-case hex, times ms since 1970 UTC. */
export function intentEntry(id: string, begun: OpenPermit & { readonly parcel: OpenParcel }): TrafficEntry {
  const { permit, permitSha256, permitKey, parcel } = begun;
  const { recipientId, endpoint, purpose, datasetId, persons, notBeforeMs, expiresAtMs, verdictLeafIndex } = permit;
  const document = {
    permitSha256,
    permitKey,
    manifestSha256: hex(permit.manifestSha256),
    recipientId,
    recipientCertificateSha256: hex(permit.recipientCertificateSha256),
    endpoint,
    purpose,
    datasetId,
    persons,
    notBeforeMs,
    expiresAtMs,
    verdictLeafIndex,
    verdictLeafHash: hex(permit.verdictLeafHash),
    sealedTo: permit.sealedTo,
    files: parcel.files.length,
    bytes: parcel.totalBytes,
  };
  return { kind: 'intent', transferId: id, document };
}

/** @param attempt - from 1, over all rounds and restarts */
export function attemptEntry(id: string, attempt: number): TrafficEntry {
  return { kind: 'attempt', transferId: id, document: { attempt } };
}

export function openingEntry(id: string, opening: OpeningRecord): TrafficEntry {
  return { kind: 'connection-open', transferId: id, document: { ...opening, transferId: id } };
}

export function closingEntry(id: string, record: ConnectionRecord): TrafficEntry {
  return { kind: 'connection', transferId: id, document: { ...record, transferId: id } };
}

/** Of connections that TCP made and we ended, with no byte of ours on them: they belong to no transfer. */
export function strangersRefusedEntry(counted: RefusedConnections): TrafficEntry {
  return {
    kind: 'strangers-refused',
    transferId: '',
    document: { ...counted, transportProtocol: 'TCP', bytesSent: 0 },
  };
}

/** @param retryAt - when the next round begins */
export function failedEntry(id: string, attempts: number, fault: ExporterFault, retryAt: Instant): TrafficEntry {
  return { kind: 'failed', transferId: id, document: { attempts, fault, retryAtMs: retryAt } };
}

export function refusedEntry(id: string, attempts: number, fault: ExporterFault): TrafficEntry {
  return { kind: 'refused', transferId: id, document: { attempts, fault } };
}

/** The recipient's certificate goes with the receipt, so that it can be verified when nobody is there to ask. */
export function deliveredEntry(
  id: string,
  attempts: number,
  proof: { readonly receipt: Uint8Array; readonly certificate: X509Certificate | undefined },
): TrafficEntry {
  const recipientCertificate = base64(proof.certificate?.raw ?? new Uint8Array());
  return {
    kind: 'delivered',
    transferId: id,
    document: { attempts, receipt: base64(proof.receipt), recipientCertificate },
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
