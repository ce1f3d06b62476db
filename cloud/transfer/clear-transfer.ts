import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, civilYearOf, HOUR_MS, type Instant, startOfDay } from '../../proto/words/time.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import { jsonDigest } from './digest.ts';
import type { ExportGateParts } from './export-gate.ts';
import { exportsStopped } from './gate-faults.ts';
import { sealPermit } from './seal-permit.ts';
import { UNSEALED } from './sealed-to.ts';
import { countsMoved } from './until-counts-stand.ts';
import type { Permit } from './verdict.ts';
import type { Case } from './weigh-case.ts';

/** A parcel that the verdict of the day permits. */
export interface Clearance {
  readonly one: Case & { readonly parcel: Parcel };
  readonly verdict: Permit;
  readonly persons: readonly Uint8Array[];
  readonly isSensitive: boolean;
  /** The state of the counts that the verdict rests on. */
  readonly countedAt: number;
  /** Where the verdict stands in the operations log. */
  readonly leaf: { readonly index: number; readonly hash: Uint8Array | undefined };
  /** Who brought it about, as the log names them. */
  readonly actor: string;
  /** Where the approvals stand in the log that it was issued on. */
  readonly approvals: readonly number[];
}

/**
 * Reserves the persons, seals and logs the permit, and moves the parcel to the outbox.
 *
 * Fault COUNTS_MOVED: nothing was reserved, and the transfer has to be decided anew.
 */
export function clearTransfer(clearance: Clearance, parts: ExportGateParts): Result<void, Fault> {
  if (parts.stopped() !== undefined) return fail(exportsStopped());
  const { one, verdict, persons, isSensitive, leaf } = clearance;
  const { under } = verdict;
  const envelope = seal(clearance, parts);
  // Before the permit: figures that nobody receives in the end are no harm, figures that nobody wrote down are.
  if (!parts.publications.publish(one.parcel.families, one.transferId)) return fail(publishedOtherwise());
  const reservation = {
    year: civilYearOf(one.at),
    route: under,
    isExempt: under.startsWith('exemption-'),
    bytes: one.parcel.bytes,
    persons: isSensitive ? { plain: persons, sensitive: persons } : { plain: persons },
  };
  if (!parts.transfers.permit(one.transferId, reservation, clearance.countedAt)) return fail(countsMoved());
  const document = {
    envelope: Buffer.from(envelope).toString('base64'),
    verdictLeafIndex: leaf.index,
    issue: parts.permits.issue,
    approvals: clearance.approvals,
    archive: archiveOf(clearance, parts),
  };
  const { transferId } = one;
  const logged = parts.operations.append([{ kind: 'permit', transferId, actor: clearance.actor, document }]);
  if (!logged.ok) return logged;
  // From here on `resumeTransfers` would clear it after a crash: a permit in staging is a permit in the log.
  const staged = parts.border.stageBytes(transferId, 'permit.bin', envelope);
  const cleared = staged.ok ? parts.border.clear(transferId) : staged;
  // What lies in the outbox may leave, though its name may not be durable yet: a power cut puts it back, and it is cleared again.
  return cleared.ok || parts.border.isCleared(transferId) ? ok(undefined) : cleared;
}

function seal({ one, persons, leaf }: Clearance, { permits }: ExportGateParts): Uint8Array {
  assert(leaf.hash !== undefined, 'an appended entry has a leaf hash');
  const { recipient, dataset, purpose } = one.request;
  return sealPermit(
    {
      transferId: one.transferId,
      manifestSha256: one.parcel.manifestSha256,
      recipientId: recipient.id,
      recipientCertificateSha256: recipient.certificateSha256,
      endpoint: recipient.endpoint,
      purpose,
      datasetId: dataset.id,
      persons: persons.length,
      notBeforeMs: one.at,
      expiresAtMs: expiryOf(one.at, permits.hours),
      verdictLeafIndex: leaf.index,
      verdictLeafHash: leaf.hash,
      sealedTo: one.parcel.sealedTo ?? UNSEALED,
    },
    permits.key,
  );
}

/** Persons are counted in the year of the permit, so nothing goes out under it in the next (CNT-2). */
export function expiryOf(at: Instant, hours: number): Instant {
  const yearEnds = startOfDay(`${civilYearOf(at) + 1}-01-01` as CivilDate);
  return Math.min(at + hours * HOUR_MS, yearEnds) as Instant;
}

/** The materials that the permit rests on, each by its digest, so that an inspector can ask for exactly them. */
function archiveOf({ one, verdict }: Clearance, { registers }: ExportGateParts): object {
  return {
    factsDigest: verdict.factsDigest,
    rulesDigest: verdict.rulesDigest,
    verdictDigest: jsonDigest(verdict),
    manifestSha256: Buffer.from(one.parcel.manifestSha256).toString('hex'),
    documents: verdict.reliedOn.map(({ kind, id }) => {
      // Facts name a register entry as `register/id`; what stands in the configuration has no attachment.
      const [register = '', entryId] = id.split('/');
      const entry = entryId === undefined ? undefined : registers.find(register, entryId);
      if (entry === undefined) return { kind, id };
      const attachments = entry.attachments.map(({ name, sha256 }) => ({ name, sha256 }));
      return { kind, id, version: entry.version, entryDigest: jsonDigest(entry.body), attachments };
    }),
  };
}

function publishedOtherwise(): Fault<'PUBLICATION_CHANGED'> {
  return {
    code: 'PUBLICATION_CHANGED',
    problem: bilingual(
      'figures of the same vehicles were published while these were built',
      '构建期间，同一批车辆的统计值已另行发布',
    ),
    remedy: bilingual('ask again: what was published is given as it was', '请重新申请：已发布的数值将按原样提供'),
    retry: 'now',
  };
}
