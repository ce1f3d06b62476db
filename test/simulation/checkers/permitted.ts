import type { KeyObject } from 'node:crypto';
import { verifyEvidence } from '../../../cloud/audit/verify-evidence.ts';
import { leafHash } from '../../../cloud/log/merkle.ts';
import type { RuleBook } from '../../../cloud/transfer/rule-book.ts';
import { encodeLogLeaf, type LogLeaf } from '../../../proto/codec/transfer-codec.ts';
import { civilYearOf, type Instant } from '../../../proto/words/time.ts';
import { type Desk, TRUTH } from '../desk.ts';
import type { Exporter } from '../exporter.ts';

interface Entry {
  readonly index: number;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly at: number;
  readonly document: Readonly<Record<string, unknown>>;
  /** As it lies in the log. */
  readonly leaf: LogLeaf;
}

/** The log of operations from the disk, as it is now. */
export function entriesOf(desk: Desk): readonly Entry[] {
  return [...desk.log().entries()].map(({ index, leaf }) => ({
    leaf,
    index,
    kind: leaf.kind,
    transferId: leaf.transferId,
    actor: leaf.actor,
    at: leaf.recordedAtMs,
    document: JSON.parse(Buffer.from(leaf.document).toString('utf8')) as Record<string, unknown>,
  }));
}

/** Whatever left had a permit in the log before it left. */
export function sentWithoutPermit(entries: readonly Entry[], { left }: Exporter): readonly string[] {
  const permits = new Map(entries.filter(({ kind }) => kind === 'permit').map((one) => [one.transferId, one]));
  return left
    .filter(({ transferId, at }) => (permits.get(transferId)?.at ?? Number.POSITIVE_INFINITY) > at)
    .map(({ transferId }) => `${transferId} left without a permit on record`);
}

/** No log, no byte; one attempt at a time; and nothing more once the end of a transfer is in the log. */
export function sentOtherwiseThanLogged({ left, log }: Exporter): readonly string[] {
  const begun = new Map<string, number>();
  const ended = new Map<string, number>();
  for (const { leaf } of log().entries()) {
    const { attempt } = JSON.parse(Buffer.from(leaf.document).toString('utf8')) as { readonly attempt?: number };
    if (leaf.kind === 'attempt') begun.set(`${leaf.transferId}/${attempt}`, leaf.recordedAtMs);
    if (leaf.kind === 'delivered' || leaf.kind === 'refused') ended.set(leaf.transferId, leaf.recordedAtMs);
  }
  const newest = new Map<string, number>();
  return left.flatMap(({ transferId, attempt, at }) => {
    const before = newest.get(transferId) ?? 0;
    newest.set(transferId, Math.max(before, attempt));
    return [
      ...((begun.get(`${transferId}/${attempt}`) ?? Number.POSITIVE_INFINITY) > at
        ? [`${transferId} left unlogged`]
        : []),
      ...(attempt < before ? [`${transferId} left by two attempts at once`] : []),
      ...((ended.get(transferId) ?? Number.POSITIVE_INFINITY) < at ? [`${transferId} left after its end`] : []),
    ];
  });
}

/** Transfers of which something left or, as far as the log of the exporter says, may have left. */
function begunBy({ log }: Exporter): ReadonlySet<string> {
  return new Set([...log().entries()].flatMap(({ leaf }) => (leaf.kind === 'attempt' ? [leaf.transferId] : [])));
}

/** Two natural persons, neither of them the one who asked, are in the log before each permit, whatever the register called them. */
export function permittedWithoutFourEyes(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ kind, transferId, index }) => {
    if (kind !== 'permit') return [];
    const own = entries.filter((one) => one.transferId === transferId && one.index < index);
    const asked = own.find((one) => one.kind === 'verdict')?.actor ?? '';
    const approvers = new Set(own.filter((one) => one.kind === 'approval').map(({ actor }) => TRUTH[actor] ?? actor));
    approvers.delete(TRUTH[asked] ?? asked);
    return approvers.size < 2 ? [`${transferId} was permitted on the word of ${approvers.size}`] : [];
  });
}

/** Persons counted in a year are those of everything that left, or still may, under a permit of that year: counted anew by hand. */
export function countedOtherwise(
  entries: readonly Entry[],
  desk: Desk,
  exporter: Exporter,
  years: readonly number[],
): readonly string[] {
  const left = begunBy(exporter);
  const states = new Map(
    desk
      .transfers()
      .list()
      .map(({ transferId, state }) => [transferId, state]),
  );
  const permits = entries.filter(({ kind }) => kind === 'permit');
  return years.flatMap((year) => {
    const expected = new Set<string>();
    for (const { transferId, at } of permits) {
      const isOut = left.has(transferId) || states.get(transferId) === 'permitted';
      if (!isOut || civilYearOf(at as Instant) !== year) continue;
      for (const person of desk.personsOf.get(transferId) ?? []) expected.add(Buffer.from(person).toString('hex'));
    }
    const { before } = desk.transfers().project({ year, kind: 'plain', persons: [] });
    return before === expected.size ? [] : [`${before} persons are counted in ${year}, ${expected.size} went`];
  });
}

/** Under the exemption for few persons never as many went in a year as end it. */
export function overTheThreshold(desk: Desk, threshold: number, years: readonly number[]): readonly string[] {
  return years.flatMap((year) => {
    const { before } = desk.transfers().project({ year, kind: 'plain', persons: [] });
    return before < threshold ? [] : [`${before} persons went in ${year} under an exemption that ends at ${threshold}`];
  });
}

/** The product's own audit of the log, on whatever is on the disk. */
export function auditFindings(entries: readonly Entry[], permitKey: KeyObject, book: RuleBook): readonly string[] {
  const leaves = entries.map(({ index, leaf }) => ({ index, leaf, hash: leafHash(encodeLogLeaf(leaf)) }));
  const keys = { permitKeys: [permitKey], recipientKeys: new Map() };
  return verifyEvidence(leaves, [], keys, [book]).findings.map(({ finding, index }) => `${finding} at ${index}`);
}
