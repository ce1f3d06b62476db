import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Capture } from './capture/open-capture.ts';
import { checkReceipt } from './check-receipt.ts';
import type { Cut } from './cut.ts';
import { createDialer, type Dialer } from './dialer.ts';
import { checkStop } from './emergency-stop.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import type { ClientIdentity } from './handshake.ts';
import type { TransferId } from './names.ts';
import { checkWindow } from './open-permit.ts';
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import type { Patience } from './recipient-call.ts';
import { checkRevocation } from './revocation.ts';
import type { Traffic, TrafficEntry } from './traffic.ts';
import {
  attemptEntry,
  closingEntry,
  deliveredEntry,
  intentEntry,
  openingEntry,
  refusedEntry,
} from './traffic-entries.ts';
import { upload } from './upload.ts';

export interface AttemptOptions extends PrepareOptions {
  readonly traffic: Traffic;
  readonly identity: ClientIdentity;
  readonly capture: Pick<Capture, 'record'>;
  readonly patience: Patience;
}

/**
 * One try at one transfer: check, log, send, check the receipt, log.
 *
 * No log, no byte: the intent is durable before a connection is made, and a connection before its first byte of TLS. A
 * process killed at any point leaves a log from which the next one goes on: under the same intent, with the next attempt.
 *
 * @returns `delivered` or `refused` when the transfer has come to its end, which is then in the log; else the fault, with
 *   code TRAFFIC_LOG when nothing more may be sent at all
 */
export async function attemptTransfer(
  id: TransferId,
  cut: Cut,
  options: AttemptOptions,
): Promise<Result<'delivered' | 'refused', ExporterFault>> {
  const prepared = await prepare(id, options.traffic.history(id), options);
  if (!prepared.ok) return prepared.fault.retry === 'later' ? prepared : refuse(id, prepared.fault, options.traffic);
  if (prepared.value.recipient.delivery === 'pull') return fail(exporterFault('PULL_AWAITED'));
  // Hashing takes its time: a stop, an expiry or a revocation in between is looked for again here, and then before every request.
  const stop = mayGoOn(id, cut, prepared.value, options);
  if (stop !== undefined) return fail(stop);
  const begun = await begin(id, prepared.value, options.traffic);
  if (!begun.ok) return begun;

  const dialer = createDialer({
    recipient: prepared.value.recipient,
    identity: options.identity,
    clock: options.clock,
    cut,
    attempt: begun.value,
    capture: options.capture,
    connectMs: options.patience.connectMs,
    transferId: id,
    recordOpening: (opening) => options.traffic.append([openingEntry(id, opening)]),
  });
  const receipt = await send(id, { dialer, cut, attempt: begun.value, prepared: prepared.value }, options);
  const connections = await dialer.hangUp(receipt.ok ? 'receipt' : receipt.fault.code);
  const closing = connections.map((record) => closingEntry(id, record));
  const certificate = dialer.recipientCertificate();
  const last = receipt.ok ? [deliveredEntry(id, begun.value, { receipt: receipt.value, certificate })] : [];
  const closed = await options.traffic.append([...closing, ...last]);
  if (!closed.ok) return closed;
  return receipt.ok ? ok('delivered') : receipt;
}

/** Logs the intent, once, and the attempt. Returns the number of the attempt, from 1. */
export async function begin(
  id: TransferId,
  prepared: Prepared,
  traffic: Traffic,
): Promise<Result<number, ExporterFault>> {
  const history = traffic.history(id);
  const attempt = history.attempts + 1;
  const entries: readonly TrafficEntry[] = [
    ...(history.permitSha256 === undefined ? [intentEntry(id, prepared)] : []),
    attemptEntry(id, attempt),
  ];
  const logged = await traffic.append(entries);
  return logged.ok ? ok(attempt) : logged;
}

interface Sending {
  readonly dialer: Dialer;
  readonly cut: Cut;
  readonly attempt: number;
  readonly prepared: Prepared;
}

async function send(id: TransferId, at: Sending, options: AttemptOptions): Promise<Result<Uint8Array, ExporterFault>> {
  const { permit, parcel, recipient } = at.prepared;
  const answered = await upload({
    id,
    endpoint: recipient.endpoint,
    parcel,
    manifestSha256: Buffer.from(permit.manifestSha256).toString('hex'),
    connector: at.dialer.connector,
    cut: at.cut,
    mayGoOn: () => mayGoOn(id, at.cut, at.prepared, options),
    isResumed: at.attempt > 1,
    patience: options.patience,
  });
  if (!answered.ok) return answered;
  const certificate = at.dialer.recipientCertificate();
  assert(certificate !== undefined, 'an answer came over a pinned connection');
  const { manifestSha256, recipientId } = permit;
  return checkReceipt(answered.value, { certificate, id, manifestSha256, recipientId, totalBytes: parcel.totalBytes });
}

/** Asked before every request and every piece: a stop, an expiry or a revocation ends it there. */
export function mayGoOn(
  id: TransferId,
  cut: Cut,
  { permit }: Prepared,
  { outbox, clock }: Pick<AttemptOptions, 'outbox' | 'clock'>,
): ExporterFault | undefined {
  return cut.reason() ?? checkStop(outbox) ?? checkWindow(permit, clock.now()) ?? checkRevocation(outbox, id);
}

async function refuse(
  id: TransferId,
  fault: ExporterFault,
  traffic: Traffic,
): Promise<Result<'refused', ExporterFault>> {
  const { attempts } = traffic.history(id);
  const logged = await traffic.append([refusedEntry(id, attempts, fault)]);
  return logged.ok ? ok('refused') : logged;
}
