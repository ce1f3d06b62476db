import { createHash, type KeyObject } from 'node:crypto';
import { decodePermit, type Permit } from '../../proto/codec/transfer-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type EnvelopeFlaw, openEnvelope } from './envelope.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import type { ExporterFaultCode } from './faults.table.ts';
import type { TransferId } from './names.ts';
import { permitKeyText } from './permit-key.ts';

/** A registered recipient with what is needed to recognise it. */
export interface Recipient {
  readonly id: string;
  readonly endpoint: string;
  /** Lower-case hex, of the certificate in DER. */
  readonly certificateSha256: string;
  /** What every permit for it has to say of the seal: SHA-256 of a key (SPKI, DER), or `none`. Undefined: some key. */
  readonly sealedTo: string | undefined;
  /** `pull`: the recipient fetches, with the registered certificate as its client certificate. */
  readonly delivery: 'push' | 'pull';
  /** PEM of whoever issued that certificate. */
  readonly authority: Buffer;
}

/** A permit that holds now, and the recipient it is for. */
export interface OpenPermit {
  readonly permit: Permit;
  /** SHA-256 of permit.bin, lower-case hex: what a transfer was begun under. */
  readonly permitSha256: string;
  /** By which it was verified, as the log names it. */
  readonly permitKey: string;
  readonly recipient: Recipient;
}

export interface PermitCheck {
  readonly id: TransferId;
  readonly now: Instant;
  /** Ed25519, of the cloud. */
  readonly publicKey: KeyObject;
  readonly recipients: ReadonlyMap<string, Recipient>;
}

/** An envelope holds at most 64 KiB of body; see proto/schema/transfer.proto. */
export const PERMIT_BYTES_MAX = 66_560;

/**
 * Checks a permit for what it says by itself; `openParcel` checks the files against it.
 *
 * A permit holds from `notBeforeMs` on and no longer at `expiresAtMs`. The recipient must stand in the exporter's own list
 * with the same certificate and endpoint: neither the cloud nor the exporter alone can redirect a parcel, or have it go unsealed.
 */
export function openPermit(bytes: Uint8Array, check: PermitCheck): Result<OpenPermit, ExporterFault> {
  const body = openEnvelope(bytes, 'permit', check.publicKey);
  if (!body.ok) return fail(exporterFault(FLAWS[body.fault]));
  const decoded = decodePermit(body.value);
  if (!decoded.ok) return fail(exporterFault('PERMIT_MALFORMED', decoded.fault.code));
  const permit = decoded.value;
  if (permit.transferId !== check.id) return fail(exporterFault('PERMIT_TRANSFER'));
  const window = checkWindow(permit, check.now);
  if (window !== undefined) return fail(window);
  const recipient = check.recipients.get(permit.recipientId);
  if (recipient === undefined) return fail(exporterFault('RECIPIENT_UNKNOWN'));
  const pinned = Buffer.from(permit.recipientCertificateSha256).toString('hex');
  if (pinned !== recipient.certificateSha256) return fail(exporterFault('RECIPIENT_CERTIFICATE', recipient.id));
  if (permit.endpoint !== recipient.endpoint) return fail(exporterFault('RECIPIENT_ENDPOINT', recipient.id));
  const seal = checkSealNamed(permit, recipient);
  if (seal !== undefined) return fail(seal);
  const permitSha256 = createHash('sha256').update(bytes).digest('hex');
  return ok({ permit, permitSha256, permitKey: permitKeyText(check.publicKey), recipient });
}

/** Called again before every request, since a permit may expire while a parcel is on its way. */
export function checkWindow(permit: Permit, now: Instant): ExporterFault | undefined {
  if (now < permit.notBeforeMs) return exporterFault('PERMIT_NOT_YET_VALID');
  return now >= permit.expiresAtMs ? exporterFault('PERMIT_EXPIRED') : undefined;
}

/** In place of a key: the parcel goes in plain inside TLS. */
export const UNSEALED = 'none';

/** The cloud takes the key from the register; here it has to be a key, and the one of exporter.yaml where that names one. */
function checkSealNamed({ sealedTo }: Permit, recipient: Recipient): ExporterFault | undefined {
  const isNamed = sealedTo === UNSEALED || /^[0-9a-f]{64}$/.test(sealedTo);
  if (!isNamed) return exporterFault('PERMIT_MALFORMED', 'sealed_to');
  const isAgreed = recipient.sealedTo === undefined ? sealedTo !== UNSEALED : sealedTo === recipient.sealedTo;
  return isAgreed ? undefined : exporterFault('RECIPIENT_SEAL', recipient.id);
}

const FLAWS: Readonly<Record<EnvelopeFlaw, ExporterFaultCode>> = {
  malformed: 'PERMIT_MALFORMED',
  kind: 'PERMIT_KIND',
  'key-unknown': 'PERMIT_KEY_UNKNOWN',
  signature: 'PERMIT_SIGNATURE',
};
