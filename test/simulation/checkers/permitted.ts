import type { KeyObject } from 'node:crypto';
import { verifyEvidence } from '../../../cloud/audit/verify-evidence.ts';
import { leafHash } from '../../../cloud/log/merkle.ts';
import type { RuleBook } from '../../../cloud/transfer/rule-book.ts';
import {
  decodePermit,
  decodeSignedEnvelope,
  encodeLogLeaf,
  type LogLeaf,
  type Permit,
} from '../../../proto/codec/transfer-codec.ts';
import { civilYearOf, type Instant } from '../../../proto/words/time.ts';
import { TRUTH } from '../accounts.ts';
import type { Desk } from '../desk.ts';
import type { Exporter } from '../exporter.ts';

interface Entry {
  readonly index: number;
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  /** By the clock of its machine. */
  readonly at: number;
  /** By the clock of the world, which no machine has. */
  readonly writtenAt: number;
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
    writtenAt: desk.writtenAt(index),
    document: JSON.parse(Buffer.from(leaf.document).toString('utf8')) as Record<string, unknown>,
  }));
}

/** Whatever left had a permit in the log before it left. */
export function sentWithoutPermit(entries: readonly Entry[], { left }: Exporter): readonly string[] {
  const permits = new Map(entries.filter(({ kind }) => kind === 'permit').map((one) => [one.transferId, one]));
  return left
    .filter(({ transferId, at }) => (permits.get(transferId)?.writtenAt ?? Number.POSITIVE_INFINITY) > at)
    .map(({ transferId }) => `${transferId} left without a permit on record`);
}

/** No log, no byte; one attempt at a time; and nothing more once the end of a transfer is in the log. */
export function sentOtherwiseThanLogged({ left, log, writtenAt }: Exporter): readonly string[] {
  const begun = new Map<string, number>();
  const ended = new Map<string, number>();
  for (const { index, leaf } of log().entries()) {
    const { attempt } = JSON.parse(Buffer.from(leaf.document).toString('utf8')) as { readonly attempt?: number };
    if (leaf.kind === 'attempt') begun.set(`${leaf.transferId}/${attempt}`, writtenAt(index));
    if (leaf.kind === 'delivered' || leaf.kind === 'refused') ended.set(leaf.transferId, writtenAt(index));
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

/** Nothing leaves once its permit is over, by the latest time that its machine ever wrote down; and no permit outlasts the year of its count. */
export function sentOutOfTime(entries: readonly Entry[], { left, log, writtenAt }: Exporter): readonly string[] {
  const seen = [...log().entries()].map(({ index, leaf }) => ({ at: writtenAt(index), clock: leaf.recordedAtMs }));
  const permits = new Map(entries.flatMap((one) => (one.kind === 'permit' ? [[one.transferId, permitIn(one)]] : [])));
  const late = left.flatMap(({ transferId, at, clock }) => {
    const latest = seen.reduce((max, one) => (one.at < at ? Math.max(max, one.clock) : max), clock as number);
    const expiresAtMs = permits.get(transferId)?.expiresAtMs ?? 0;
    return latest >= expiresAtMs ? [`${transferId} left after its permit was over`] : [];
  });
  const long = [...permits].flatMap(([transferId, { notBeforeMs, expiresAtMs }]) =>
    civilYearOf((expiresAtMs - 1) as Instant) > civilYearOf(notBeforeMs as Instant)
      ? [`the permit of ${transferId} outlasts the year that its persons are counted in`]
      : [],
  );
  return [...late, ...long];
}

function permitIn({ document }: Entry): Permit {
  const envelope = decodeSignedEnvelope(Buffer.from(String(document['envelope']), 'base64'));
  const permit = envelope.ok ? decodePermit(envelope.value.body) : envelope;
  if (!permit.ok) throw new Error(permit.fault.code);
  return permit.value;
}

/** What is called delivered the recipient has taken whole. */
export function deliveredToNobody({ log, recipient }: Exporter): readonly string[] {
  return [...log().entries()].flatMap(({ leaf: { kind, transferId } }) =>
    kind === 'delivered' && !recipient.took.has(transferId) ? [`${transferId} was delivered to nobody`] : [],
  );
}

/** Two natural persons before exports go on. */
export function resumedWithoutFourEyes(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ kind, index, document }) => {
    if (kind !== 'emergency-resumed') return [];
    const words = entries.filter((one) => one.kind === 'emergency-resume' && one.index < index);
    const persons = new Set(
      words.filter((one) => one.document['stop'] === document['stop']).map(({ actor }) => TRUTH[actor] ?? actor),
    );
    return persons.size < 2 ? [`exports went on upon the word of ${persons.size}`] : [];
  });
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
  const permits = entries.filter(({ kind }) => kind === 'permit').map(permitIn);
  return years.flatMap((year) => {
    const went = new Set<string>();
    const mayHaveGone = new Set<string>();
    for (const { transferId, notBeforeMs } of permits) {
      if (civilYearOf(notBeforeMs as Instant) !== year) continue;
      const isOut = left.has(transferId) || states.get(transferId) === 'permitted';
      for (const person of desk.personsOf.get(transferId) ?? []) {
        const name = Buffer.from(person).toString('hex');
        if (isOut) went.add(name);
        // Of a parcel that somebody took away nobody can say what left before.
        if (isOut || desk.vanished.has(transferId)) mayHaveGone.add(name);
      }
    }
    const { before } = desk.transfers().project({ year, kind: 'plain', persons: [] });
    const isRight = before >= went.size && before <= mayHaveGone.size;
    return isRight ? [] : [`${before} persons are counted in ${year}, ${went.size} went`];
  });
}

/** Under the exemption for few persons never as many went in a year as end it. */
export function overTheThreshold(desk: Desk, thresholds: Readonly<Record<number, number>>): readonly string[] {
  return Object.entries(thresholds).flatMap(([name, threshold]) => {
    const year = Number(name);
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
