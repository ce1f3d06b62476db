import type { KeyObject } from 'node:crypto';
import { decodePermit, type LogLeaf, type Permit } from '../../proto/codec/transfer-codec.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { decide } from '../transfer/decide.ts';
import { jsonDigest } from '../transfer/digest.ts';
import { parseFacts, type TransferFacts } from '../transfer/facts.ts';
import { type RuleBook, rulesOn } from '../transfer/rule-book.ts';
import { type ApprovalsOfLog, createApprovalsOfLog } from './approvals-of-log.ts';
import { isReceipt, openEnvelope } from './is-receipt.ts';
import { createResumesOfLog } from './resumes-of-log.ts';
import { createTrafficOfLog, type TrafficFinding } from './traffic-of-log.ts';

/** An entry of a log with its place and its RFC 9162 leaf hash. */
export interface EvidenceLeaf {
  readonly index: number;
  readonly hash: Uint8Array;
  readonly leaf: LogLeaf;
}

export interface EvidenceKeys {
  /** Ed25519 keys that permits are signed with, and were: an envelope names its own. */
  readonly permitKeys: readonly KeyObject[];
  /** P-256 keys of the registered recipients' certificates, and of those before, by recipient id. */
  readonly recipientKeys: ReadonlyMap<string, readonly KeyObject[]>;
}

/** What was found wrong, and where; words for an inspector. */
export interface EvidenceFinding {
  readonly log: 'operations' | 'traffic';
  readonly index: number;
  readonly transferId: string;
  readonly finding: FindingCode;
}

export type FindingCode =
  | 'document-unreadable'
  | 'facts-invalid'
  | 'rules-unknown'
  | 'verdict-differs'
  | 'classification-differs'
  | 'permit-unsigned'
  | 'permit-without-verdict'
  | 'permit-twice'
  | 'permit-without-approvals'
  | 'resumed-without-two-persons'
  | TrafficFinding
  | 'delivered-without-intent'
  | 'delivered-twice'
  | 'receipt-invalid';

export interface EvidenceReport {
  readonly verdicts: number;
  readonly permits: number;
  readonly deliveries: number;
  readonly findings: readonly EvidenceFinding[];
}

/**
 * Derives every verdict again from the facts the log holds, and follows each transfer from verdict to permit to receipt
 * across the logs, with two approvals where it was issued on approvals, each by the book of rules whose digest it names; and that two
 * persons are behind each end of an emergency stop. It looks at content only; that nobody changed the logs is `verifyLog`'s to show.
 */
export function verifyEvidence(
  operations: Iterable<EvidenceLeaf>,
  traffic: Iterable<EvidenceLeaf>,
  keys: EvidenceKeys,
  books: readonly RuleBook[],
): EvidenceReport {
  const findings: EvidenceFinding[] = [];
  const cleared = new Map<string, Permit>();
  const verdicts = new Map<number, VerdictEntry>();
  const approvals = createApprovalsOfLog();
  const resumes = createResumesOfLog();
  for (const one of operations) {
    if (APPROVAL_KINDS.includes(one.leaf.kind)) approvals.take(approvalEntryOf(one));
    const find = finder(findings, 'operations', one);
    if (RESUME_KINDS.includes(one.leaf.kind) && !resumes.take(approvalEntryOf(one)))
      find('resumed-without-two-persons');
    if (one.leaf.kind === 'verdict') verdicts.set(one.index, checkVerdict(one, books, find));
    if (one.leaf.kind === 'permit') checkPermit(one, { verdicts, cleared, approvals, keys: keys.permitKeys }, find);
  }
  const deliveries = checkTraffic(traffic, cleared, keys, findings);
  return { verdicts: verdicts.size, permits: cleared.size, deliveries, findings };
}

/** Kinds of entries by which a permit that was issued on approvals is judged. */
const APPROVAL_KINDS: readonly string[] = ['register', 'verdict', 'approval', 'approval-void', 'rejection'];

/** Kinds by which the end of an emergency stop is judged. */
const RESUME_KINDS: readonly string[] = ['register', 'emergency-stop', 'emergency-resume', 'emergency-resumed'];

function approvalEntryOf({ index, leaf }: EvidenceLeaf): Parameters<ApprovalsOfLog['take']>[0] {
  const { kind, transferId, actor } = leaf;
  return { index, kind, transferId, actor, document: readDocument(leaf) };
}

type Find = (finding: FindingCode) => void;

function finder(findings: EvidenceFinding[], log: EvidenceFinding['log'], { index, leaf }: EvidenceLeaf): Find {
  return (finding) => {
    findings.push({ log, index, transferId: leaf.transferId, finding });
  };
}

interface VerdictEntry {
  readonly hash: Uint8Array;
  readonly transferId: string;
  readonly decision: unknown;
  readonly manifestSha256: unknown;
}

function checkVerdict({ leaf, hash }: EvidenceLeaf, books: readonly RuleBook[], find: Find): VerdictEntry {
  const document = readDocument(leaf);
  const { facts, verdict, manifestSha256, classification } = document ?? {};
  const parsed = parseFacts(facts);
  const rules = parsed.ok ? bookOf(verdict, parsed.value, books) : undefined;
  if (document === undefined) find('document-unreadable');
  else if (!parsed.ok) find('facts-invalid');
  else if (rules === undefined) find('rules-unknown');
  else if (canonicalJson(decide(parsed.value, rules)) !== canonicalJson(verdict)) find('verdict-differs');
  else if (isOtherClassification(parsed.value, classification)) find('classification-differs');
  const { decision } = (verdict ?? {}) as { decision?: unknown };
  return { hash, transferId: leaf.transferId, decision, manifestSha256 };
}

/** Facts name the classification they were taken from; older ones name none. */
function isOtherClassification({ dataset }: TransferFacts, classification: unknown): boolean {
  const named = dataset.classification?.digest;
  return named !== undefined && (classification === undefined || jsonDigest(classification) !== named);
}

/** The book whose rows of that day have the digest that the verdict names. */
function bookOf(verdict: unknown, { on }: TransferFacts, books: readonly RuleBook[]): RuleBook | undefined {
  const { rulesDigest } = (verdict ?? {}) as { rulesDigest?: unknown };
  return books.find((book) => rulesOn(book, on).digest === rulesDigest);
}

interface PermitCheck {
  readonly verdicts: ReadonlyMap<number, VerdictEntry>;
  readonly cleared: Map<string, Permit>;
  readonly approvals: ApprovalsOfLog;
  readonly keys: readonly KeyObject[];
}

function checkPermit(one: EvidenceLeaf, { verdicts, cleared, approvals, keys }: PermitCheck, find: Find): void {
  const { leaf } = one;
  const body = openEnvelope(readDocument(leaf)?.['envelope'], 'permit', keys);
  const permit = body === undefined ? undefined : decodePermit(body);
  if (permit?.ok !== true || permit.value.transferId !== leaf.transferId) find('permit-unsigned');
  else if (!isFounded(permit.value, verdicts.get(permit.value.verdictLeafIndex))) find('permit-without-verdict');
  else if (cleared.has(leaf.transferId)) find('permit-twice');
  else {
    cleared.set(leaf.transferId, permit.value);
    const manifestSha256 = Buffer.from(permit.value.manifestSha256).toString('hex');
    if (!approvals.allow(approvalEntryOf(one), manifestSha256)) find('permit-without-approvals');
  }
}

function isFounded(permit: Permit, verdict: VerdictEntry | undefined): boolean {
  return (
    verdict !== undefined &&
    verdict.decision === 'permit' &&
    verdict.transferId === permit.transferId &&
    verdict.manifestSha256 === Buffer.from(permit.manifestSha256).toString('hex') &&
    Buffer.compare(verdict.hash, permit.verdictLeafHash) === 0
  );
}

function checkTraffic(
  traffic: Iterable<EvidenceLeaf>,
  cleared: ReadonlyMap<string, Permit>,
  { recipientKeys }: EvidenceKeys,
  findings: EvidenceFinding[],
): number {
  const intents = new Set<string>();
  const delivered = new Set<string>();
  const connections = createTrafficOfLog((transferId) => cleared.has(transferId));
  for (const one of traffic) {
    const find = finder(findings, 'traffic', one);
    const { kind, transferId } = one.leaf;
    const permit = cleared.get(transferId);
    for (const finding of connections.take(approvalEntryOf(one))) find(finding);
    if (kind === 'intent') intents.add(transferId);
    if (kind !== 'delivered' || permit === undefined) continue;
    if (!intents.has(transferId)) find('delivered-without-intent');
    if (delivered.has(transferId)) find('delivered-twice');
    delivered.add(transferId);
    if (!isReceipt(readDocument(one.leaf)?.['receipt'], permit, recipientKeys.get(permit.recipientId) ?? []))
      find('receipt-invalid');
  }
  return delivered.size;
}

function readDocument(leaf: LogLeaf): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(leaf.document).toString('utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
