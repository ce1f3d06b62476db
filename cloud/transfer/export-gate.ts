import type { KeyObject } from 'node:crypto';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, civilDateOf, type Instant } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { type Matrix, whoMay } from '../approvals/four-eyes.ts';
import type { Classification, Readings } from '../classification/classification.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import { contentsOf, type DatasetContents, type Requestable } from '../datasets/contents.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Border } from '../ports/border.ts';
import type { Publications } from '../ports/publications.ts';
import type { TransferRegister } from '../ports/transfer-register.ts';
import type { Registers } from '../registers/change.ts';
import type { CountedPersons } from './assemble-facts.ts';
import { clearTransfer } from './clear-transfer.ts';
import type { FactSources, JoinCase } from './fact-sources.ts';
import type { FactsInput } from './facts.ts';
import { otherPurpose } from './gate-faults.ts';
import { heldOf } from './held-case.ts';
import type { RouteTimeline } from './plan-routes.ts';
import type { RuleBook } from './rule-book.ts';
import type { SealedTo } from './sealed-to.ts';
import { untilCountsStand } from './until-counts-stand.ts';
import type { Verdict } from './verdict.ts';
import { type Case, logVerdict, type WeighedCase, weighCase } from './weigh-case.ts';
import { withholdByStop } from './withhold-by-stop.ts';

/** A recipient as the register has it. */
export interface RegisteredRecipient {
  readonly id: string;
  readonly country: string;
  readonly endpoint: string;
  readonly certificateSha256: Uint8Array;
  readonly purposes: readonly string[];
}

export interface ExportGateParts extends FactSources {
  readonly clock: Clock;
  readonly rules: RuleBook;
  /** How long each mechanism takes, for plans. */
  readonly timelines: readonly RouteTimeline[];
  readonly operations: AppendOnly;
  readonly transfers: TransferRegister;
  readonly publications: Pick<Publications, 'publish'>;
  readonly border: Border;
  /** A dataset of the configuration, or files that were imported, by their id. */
  readonly dataset: (id: string) => Requestable | undefined;
  readonly recipients: readonly RegisteredRecipient[];
  readonly processor: FactsInput['processor'];
  readonly legalBasis: FactsInput['legalBasis'];
  /** Documents of the configuration; `filed` has those of the registers. */
  readonly onFile: FactsInput['onFile'];
  /** Legal sign-offs that switch an open reading for every transfer. */
  readonly signOffs: FactsInput['signOffs'];
  readonly permits: {
    readonly key: KeyObject;
    readonly hours: number;
    readonly issue: 'on-verdict' | 'on-approval' | 'never';
  };
  readonly registers: Pick<Registers, 'find'>;
  /** What parcels for a recipient of the configuration are sealed to, as registers and configuration agree at this moment. */
  readonly sealedTo: (recipientId: string) => SealedTo;
  /** The id of the emergency stop in force; undefined while exports may go. What cannot be told is a stop. */
  readonly stopped: () => string | undefined;
  /** Raises a security alert; it never fails the work it is about. */
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  /** The authority matrix as it stands now. */
  readonly matrix: () => Matrix;
  /** Stages the parcel of a dataset whose contents may be in one, outside of this thread. */
  readonly build: (
    request: TransferRequest,
    transferId: string,
    contents: DatasetContents,
    at: Instant,
  ) => Promise<Result<Parcel, Fault>>;
  /** What the dataset is by the law of the day; `persons` are those of the year, with this transfer. */
  readonly classify: (
    dataset: Requestable,
    contents: DatasetContents,
    at: Instant,
    persons: CountedPersons | 'unknown',
    readings: Readings,
  ) => Classification;
  /** Whose records a dataset that is never built would hold. */
  readonly vinsOf: (dataset: Requestable) => readonly Vin[];
  readonly newTransferId: (at: Instant) => string;
}

export interface TransferRequest {
  readonly dataset: Requestable;
  readonly recipient: RegisteredRecipient;
  readonly purpose: string;
  /** Who asks, as the log names them. */
  readonly requestedBy: string;
  /** Exemptions that the request claims. */
  readonly claims?: FactsInput['claimedExemptions'] | undefined;
}

export interface TransferOutcome {
  readonly transferId: string;
  readonly verdict: Verdict;
  readonly persons: number;
  readonly rows: number;
  readonly state: 'permitted' | 'awaiting-approval' | 'withheld';
}

/**
 * The one door: builds what is asked for, decides, writes the verdict down, and only then clears the parcel for the
 * exporter. The build takes its time; from the counts to the reservation nothing waits, so no two requests can take the
 * same last place; where another process counts in the same store, the permit fails and is decided anew.
 *
 * Faults: nothing was cleared, and what was staged is gone.
 */
export async function requestTransfer(
  request: TransferRequest,
  parts: ExportGateParts,
): Promise<Result<TransferOutcome, Fault>> {
  if (!request.dataset.purposes.includes(request.purpose)) return fail(otherPurpose());
  const at = parts.clock.now();
  // Read before the build: what changes while it runs has changed after the request.
  const matrix = parts.permits.issue === 'on-approval' ? parts.matrix() : undefined;
  const stranger = strangerOf(request, matrix, at, parts);
  if (stranger !== undefined) return fail(stranger);
  const transferId = parts.newTransferId(at);
  const contents = contentsOf(request.dataset);
  const { dataset, recipient, purpose } = request;
  const row = { transferId, requestedAt: at, datasetId: dataset.id, recipientId: recipient.id, purpose, persons: 0 };
  parts.transfers.add({ ...row, state: 'requested' });
  if (parts.stopped() !== undefined) return withholdByStop(transferId, 0, request.requestedBy, parts);
  if (contents.barred.length > 0) parts.alert({ code: 'DATASET_BARRED', transferId, datasetId: dataset.id });
  // Without a key that is certain nothing is built, and the verdict says that the recipient is unknown.
  const isSealable = parts.sealedTo(recipient.id) !== 'unknown';
  if (!isSealable) parts.alert({ code: 'SEAL_KEY_UNSETTLED', transferId, recipientId: recipient.id });
  const isBuilt = contents.barred.length === 0 && isSealable;
  const parcel = isBuilt ? await parts.build(request, transferId, contents, at) : ok(undefined);
  const outcome = parcel.ok
    ? untilCountsStand(() => judge({ request, transferId, contents, at, parcel: parcel.value }, matrix, parts))
    : parcel;
  if (outcome.ok && outcome.value.state !== 'withheld') return outcome;
  const state = parts.transfers.find(transferId)?.state;
  // A permit that could not be logged or cleared. Its persons go back first: where the disk is too full for that, the parcel that
  // still lies in staging tells the watch over permits that nothing has left.
  if (state === 'permitted') parts.transfers.close(transferId, 'failed', 'released');
  parts.border.discard(transferId);
  if (!outcome.ok && state === 'requested') parts.transfers.close(transferId, 'failed', 'released');
  return outcome;
}

/** Where approvals are wanted, only a person whom the authority matrix knows may ask: else nobody could tell them apart. */
function strangerOf(
  { requestedBy }: TransferRequest,
  matrix: Matrix,
  at: Instant,
  parts: ExportGateParts,
): Fault | undefined {
  if (parts.permits.issue !== 'on-approval') return undefined;
  const row = whoMay('request', requestedBy, matrix, civilDateOf(at));
  if (row.ok) return undefined;
  const document = { act: 'request', code: row.fault.code };
  parts.alert({ code: 'APPROVAL_REFUSED', because: row.fault.code, act: 'request', by: requestedBy });
  const logged = parts.operations.append([{ kind: 'approval-refused', transferId: '', actor: requestedBy, document }]);
  return logged.ok ? row.fault : logged.fault;
}

function judge(one: Case, matrix: Matrix, parts: ExportGateParts): Result<TransferOutcome, Fault> {
  const weighed = weighCase(one, parts);
  if (!weighed.ok) return weighed;
  const { verdict, persons, isSensitive, countedAt } = weighed.value;
  const { transferId, parcel } = one;
  const actor = one.request.requestedBy;
  const outcome = { transferId, verdict, persons: persons.length, rows: parcel?.rows ?? 0 };
  const leaf = logVerdict(one, weighed.value, { actor, approvals: [] }, parts);
  if (!leaf.ok) return leaf;
  if (verdict.decision !== 'permit' || parcel === undefined || parts.permits.issue === 'never') {
    parts.transfers.withhold(transferId, persons.length);
    return ok({ ...outcome, state: 'withheld' });
  }
  // The build takes its time: a stop that came in between withholds what the verdict permits.
  if (parts.stopped() !== undefined) return withholdByStop(transferId, persons.length, actor, parts);
  // A request that waits for approvals is a part too: others are evaluated with it.
  parts.joins.record(joinCaseOf(one, weighed.value));
  parts.transfers.hold(transferId, heldOf({ ...one, parcel }, verdict, matrix));
  if (parts.permits.issue === 'on-approval') {
    parts.transfers.wait(transferId, persons.length);
    return ok({ ...outcome, state: 'awaiting-approval' });
  }
  const leafOf = leaf.value;
  const by = { leaf: leafOf, actor, approvals: [] };
  const clearance = { one: { ...one, parcel }, verdict, persons, isSensitive, countedAt, ...by };
  const cleared = clearTransfer(clearance, parts);
  return cleared.ok ? ok({ ...outcome, state: 'permitted' }) : cleared;
}

function joinCaseOf(one: Case, { facts, persons, counted, isSensitive }: WeighedCase): JoinCase {
  return { ...one, dataset: { ...facts.dataset, kinds: [...facts.dataset.kinds] }, persons, counted, isSensitive };
}
