import type { KeyObject } from 'node:crypto';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, civilDateOf, civilYearOf, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { Vin } from '../../proto/words/vin.ts';
import type { Classification } from '../classification/classification.ts';
import { withGroup } from '../counting/with-group.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import { contentsOf, type DatasetContents, type Requestable } from '../datasets/contents.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Border } from '../ports/border.ts';
import type { Publications } from '../ports/publications.ts';
import type { CountRequest, TransferRegister } from '../ports/transfer-register.ts';
import { assembleFacts, type CountedPersons } from './assemble-facts.ts';
import { decide } from './decide.ts';
import type { FactSources } from './fact-sources.ts';
import { type FactsInput, parseFacts, type TransferFacts } from './facts.ts';
import type { RuleBook } from './rule-book.ts';
import { sealPermit } from './seal-permit.ts';
import type { Permit, Verdict } from './verdict.ts';

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
  readonly operations: AppendOnly;
  readonly transfers: TransferRegister;
  readonly publications: Pick<Publications, 'publish'>;
  readonly border: Border;
  /** A dataset of the configuration, or files that were imported, by their id. */
  readonly dataset: (id: string) => Requestable | undefined;
  readonly recipients: readonly RegisteredRecipient[];
  readonly processor: FactsInput['processor'];
  readonly legalBasis: FactsInput['legalBasis'];
  readonly onFile: FactsInput['onFile'];
  /** Legal sign-offs that switch an open reading for every transfer. */
  readonly signOffs: FactsInput['signOffs'];
  readonly permits: { readonly key: KeyObject; readonly hours: number; readonly issue: 'on-verdict' | 'never' };
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
}

/**
 * The one door: builds what is asked for, decides, writes the verdict down, and only then clears the parcel for the
 * exporter. The build takes its time; from the counts to the reservation nothing waits, so no two requests can take the
 * same last place.
 *
 * Faults: nothing was cleared, and what was staged is gone.
 */
export async function requestTransfer(
  request: TransferRequest,
  parts: ExportGateParts,
): Promise<Result<TransferOutcome, Fault>> {
  if (!request.dataset.purposes.includes(request.purpose)) return fail(otherPurpose());
  const at = parts.clock.now();
  const transferId = parts.newTransferId(at);
  const contents = contentsOf(request.dataset);
  const { dataset, recipient, purpose } = request;
  const row = { transferId, requestedAt: at, datasetId: dataset.id, recipientId: recipient.id, purpose, persons: 0 };
  parts.transfers.add({ ...row, state: 'requested' });
  const isBuilt = contents.barred.length === 0;
  const parcel = isBuilt ? await parts.build(request, transferId, contents, at) : ok(undefined);
  const outcome = parcel.ok ? judge({ request, transferId, contents, at, parcel: parcel.value }, parts) : parcel;
  if (outcome.ok && outcome.value.verdict.decision === 'permit' && parts.border.isCleared(transferId)) return outcome;
  parts.border.discard(transferId);
  if (!outcome.ok) parts.transfers.close(transferId, 'failed', 'released');
  return outcome;
}

interface Case {
  readonly request: TransferRequest;
  readonly transferId: string;
  readonly contents: DatasetContents;
  readonly at: Instant;
  readonly parcel: Parcel | undefined;
}

function judge(one: Case, parts: ExportGateParts): Result<TransferOutcome, Fault> {
  const persons = one.parcel?.persons ?? parts.personsOf(parts.vinsOf(one.request.dataset));
  // A pool of many vehicles counts nobody; a dataset that was not built, or files, may hold anybody.
  const isUncounted = one.parcel === undefined ? persons.length === 0 : one.contents.isUnsettled;
  const counted = isUncounted ? 'unknown' : countOf(one, 'plain', persons, parts);
  const classification = parts.classify(one.request.dataset, one.contents, one.at, counted);
  // What may be sensitive is counted as if it were.
  const isSensitive = one.contents.classes.has('sensitive') || classification.sensitive !== 'absent';
  const facts = factsOf(one, { persons, counted, classification, isSensitive }, parts);
  if (!facts.ok) return facts;
  const verdict = decide(facts.value, parts.rules);
  const outcome = { transferId: one.transferId, verdict, persons: persons.length, rows: one.parcel?.rows ?? 0 };
  const logged = parts.operations.append([
    {
      kind: 'verdict',
      transferId: one.transferId,
      actor: one.request.requestedBy,
      document: {
        facts: facts.value,
        verdict,
        manifestSha256: hexOf(one.parcel?.manifestSha256),
        scale: scaleOf(one),
        classification,
      },
    },
  ]);
  if (!logged.ok) return logged;
  const mayClear = verdict.decision === 'permit' && parts.permits.issue === 'on-verdict';
  if (!mayClear || one.parcel === undefined) {
    parts.transfers.withhold(one.transferId, persons.length);
    return ok(outcome);
  }
  const leaf = { index: logged.value.firstIndex, hash: logged.value.leafHashes[0] };
  const { dataset } = facts.value;
  parts.joins.record({ ...one, dataset: { ...dataset, kinds: [...dataset.kinds] }, persons, counted, isSensitive });
  const cleared = clear({ ...one, parcel: one.parcel, under: verdict.under, isSensitive }, persons, leaf, parts);
  return cleared.ok ? ok(outcome) : cleared;
}

interface Weighed {
  readonly persons: readonly Uint8Array[];
  readonly counted: CountedPersons | 'unknown';
  readonly classification: Classification;
  readonly isSensitive: boolean;
}

/** Persons of a year with these. */
function countOf(
  one: Case,
  kind: CountRequest['kind'],
  persons: readonly Uint8Array[],
  { transfers, groupCounts, countScope }: ExportGateParts,
): CountedPersons | 'unknown' {
  const year = civilYearOf(one.at);
  const own = { ...transfers.project({ year, kind, persons }, countScope), transfer: persons.length };
  return withGroup(own, groupCounts(year), kind);
}

function factsOf(
  one: Case,
  { persons, counted, classification, isSensitive }: Weighed,
  parts: ExportGateParts,
): Result<TransferFacts, Fault> {
  const { recipient, dataset, purpose, claims = [] } = one.request;
  const { evidence, attested } = parts.filed(one.request, one.at);
  const assembled = assembleFacts({
    at: one.at,
    processor: parts.processor,
    recipient: { id: recipient.id, country: recipient.country, isRegistered: recipient.purposes.includes(purpose) },
    purpose,
    dataset: { id: dataset.id, title: dataset.title, treeSha256: one.parcel?.treeSha256 },
    attested,
    claims,
    contents: one.contents,
    classification,
    legalBasis: parts.legalBasis,
    onFile: [...parts.onFile, ...evidence],
    signOffs: parts.signOffs.filter(({ on }) => on <= civilDateOf(one.at)),
    persons: counted,
    sensitivePersons: counted === 'unknown' ? 'unknown' : countOf(one, 'sensitive', isSensitive ? persons : [], parts),
  });
  const joined = parts.joins.with({ ...one, dataset: assembled.dataset, persons, counted, isSensitive });
  const facts = parseFacts(joined === undefined ? assembled : { ...assembled, joined });
  return facts.ok ? facts : fail(facts.fault[0] ?? noFacts());
}

function clear(
  one: Case & { readonly parcel: Parcel; readonly under: Permit['under']; readonly isSensitive: boolean },
  persons: readonly Uint8Array[],
  leaf: { readonly index: number; readonly hash: Uint8Array | undefined },
  parts: ExportGateParts,
): Result<void, Fault> {
  assert(leaf.hash !== undefined, 'an appended entry has a leaf hash');
  const { under } = one;
  const { recipient, dataset, purpose, requestedBy } = one.request;
  const envelope = sealPermit(
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
      expiresAtMs: one.at + parts.permits.hours * HOUR_MS,
      verdictLeafIndex: leaf.index,
      verdictLeafHash: leaf.hash,
    },
    parts.permits.key,
  );
  // Before the permit: figures that nobody receives in the end are no harm, figures that nobody wrote down are.
  if (!parts.publications.publish(one.parcel.families, one.transferId)) return fail(publishedOtherwise());
  parts.transfers.permit(one.transferId, {
    year: civilYearOf(one.at),
    route: under,
    isExempt: under.startsWith('exemption-'),
    persons: one.isSensitive ? { plain: persons, sensitive: persons } : { plain: persons },
  });
  const document = { envelope: Buffer.from(envelope).toString('base64'), verdictLeafIndex: leaf.index };
  const logged = parts.operations.append([
    { kind: 'permit', transferId: one.transferId, actor: requestedBy, document },
  ]);
  if (!logged.ok) return logged;
  // From here on `resumeTransfers` would clear it after a crash: a permit in staging is a permit in the log.
  const staged = parts.border.stageBytes(one.transferId, 'permit.bin', envelope);
  return staged.ok ? parts.border.clear(one.transferId) : staged;
}

/** What a report needs of a parcel that is long gone; nothing of its content. */
function scaleOf({ parcel, contents }: Case): object {
  const classes = contents.isUnsettled ? 'unknown' : [...contents.classes];
  return parcel === undefined
    ? { classes }
    : {
        classes,
        rows: parcel.rows,
        bytes: parcel.bytes,
        persons: parcel.persons.length,
        cells: parcel.families.length,
      };
}

const hexOf = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : Buffer.from(bytes).toString('hex');

function noFacts(): Fault {
  return {
    code: 'FACTS_INCOMPLETE',
    problem: bilingual('the facts of the transfer could not be put together', '无法形成本次出境的事实'),
    remedy: bilingual('run `tongguan config check`', '请运行 `tongguan config check`'),
    retry: 'after-remedy',
  };
}

function otherPurpose(): Fault<'DATASET_PURPOSE'> {
  return {
    code: 'DATASET_PURPOSE',
    problem: bilingual('the dataset was not defined for this purpose', '数据集的定义不包含该目的'),
    remedy: bilingual(
      'ask for one of the purposes of its definition, or define a dataset for this one',
      '请使用定义中的目的，或为该目的另行定义数据集',
    ),
    retry: 'after-remedy',
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
