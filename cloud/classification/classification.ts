import type { DataClass } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import { jsonDigest, rowDigest } from '../transfer/digest.ts';
import type { DatedRow, Position, ReadingId } from '../transfer/rule.ts';
import { classBits, classesIn, kindsIn, type RowsOfDay } from './bound-rules.ts';
import { evaluateItem, type ItemResult } from './evaluate-item.ts';
import type { Evidence } from './evidence.ts';
import type { ItemRow } from './item.ts';
import { allOf, anyOf, exceeds, type Outcome } from './outcome.ts';
import { RISES, type RiseRow } from './rises.table.ts';

/** What is classified, gathered from records, from aggregates or from the definition of a dataset. */
export interface Subject {
  /** Bits of classes and field kinds, as of the rows of the catalogue. */
  readonly classes: number;
  readonly kinds: number;
  /** Ids of items to test. */
  readonly items: readonly string[];
  /** Why it has its classes, by path or kind; empty where nobody kept that. */
  readonly reasons: readonly ClassReason[];
  /** Whether two records of one day stand under a tag of one vehicle. */
  readonly isSeries: Outcome;
  readonly evidence: Evidence;
}

export interface ClassReason {
  readonly class: DataClass;
  /** A path, the id of a kind, of a rise, or of an item. */
  readonly from: string;
  readonly reason: Bilingual;
  readonly cite: string;
}

/** A row that a classification rests on; the digest is that of the rules. */
export interface RowUsed {
  readonly id: string;
  readonly digest: string;
}

/** What a dataset or everything held is, and why. */
export interface Classification {
  readonly classification: 1;
  /** Day whose rows were taken, Asia/Shanghai. */
  readonly on: CivilDate;
  readonly classes: readonly DataClass[];
  readonly kinds: readonly FieldKind[];
  /** `unknown` withholds: an item could not be evaluated, and nothing else is important. */
  readonly important: 'present' | 'absent' | 'unknown';
  readonly sensitive: 'present' | 'absent' | 'unknown';
  readonly reasons: readonly ClassReason[];
  readonly items: readonly ItemResult[];
  readonly rises: readonly { readonly rise: string; readonly outcome: Outcome }[];
  /** Items of the text in force that nobody has read; they are evaluated for nothing. */
  readonly unread: readonly string[];
  readonly rows: readonly RowUsed[];
}

/** Positions of open readings that a legal sign-off has switched. */
export type Readings = Partial<Readonly<Record<ReadingId, Position>>>;

/** Classifies. Pure: the same subject and rows give the same classification for ever. */
export function classify(subject: Subject, on: CivilDate, rows: RowsOfDay, readings: Readings = {}): Classification {
  const tested = rows.items.filter(({ id }) => subject.items.includes(id)).toSorted(byId);
  const results = tested.map((item) => evaluateItem(item, rows.clauseOf, subject.evidence));
  const rises = RISES.filter((row) => isTaken(row, on, readings)).map((row) => ({
    row,
    outcome: riseOutcome(row, subject),
  }));
  const risen = rises.filter(({ outcome }) => outcome === 'hit').map(({ row }) => row);
  const hits = results.filter(({ outcome }) => outcome === 'hit');
  const classes =
    subject.classes |
    risen.reduce((bits, row) => bits | classBits(row.classes), 0) |
    (hits.length > 0 ? classBits(['important']) : 0);
  const kinds = new Set([...kindsIn(subject.kinds), ...risen.flatMap((row) => row.kinds)]);
  const couldBe = (one: DataClass): Outcome =>
    anyOf([
      (classes & classBits([one])) === 0 ? 'no-hit' : 'hit',
      ...rises.filter(({ row }) => row.classes.includes(one)).map(({ outcome }) => outcome),
      ...(one === 'important' ? results.map(({ outcome }) => outcome) : []),
    ]);
  return {
    classification: 1,
    on,
    classes: classesIn(classes),
    kinds: [...kinds].toSorted(),
    important: PRESENCE[couldBe('important')],
    sensitive: PRESENCE[couldBe('sensitive')],
    reasons: [...subject.reasons, ...risen.flatMap(riseReasons), ...itemReasons(hits, tested)],
    items: results,
    rises: rises.map(({ row, outcome }) => ({ rise: row.id, outcome })),
    unread: rows.items
      .filter(({ number }) => number === undefined)
      .map(({ id }) => id)
      .toSorted(),
    rows: rowsUsed([...tested, ...clausesOf(tested, rows), ...rises.map(({ row }) => row)]),
  };
}

/** Names a classification in a verdict: 64 lower-case hexadecimal digits. */
export function classificationDigest(classification: Classification): string {
  return jsonDigest(classification);
}

const PRESENCE = { hit: 'present', unknown: 'unknown', 'no-hit': 'absent' } as const;

function isTaken({ from, until, reading }: RiseRow, on: CivilDate, readings: Readings): boolean {
  if (on < from || (until !== undefined && on >= until)) return false;
  return reading === undefined || (readings[reading.id] ?? 'taken') === reading.position;
}

const PERSONAL = classBits(['personal', 'sensitive']);
const POSITIONS: readonly FieldKind[] = ['COORD', 'TRACK'];

/** A rise is one of personal information; nothing that is none rises by it. */
function riseOutcome({ when }: RiseRow, { classes, kinds, isSeries, evidence, items }: Subject): Outcome {
  if ((classes & PERSONAL) === 0) return 'no-hit';
  if ('personsOver' in when) {
    const persons = items.map((item) => evidence.figure(item, 'vehicles'));
    return anyOf(persons.map((reached) => exceeds(reached, when.personsOver)));
  }
  if (when.series === 'of-any') return isSeries;
  const hasPositions = kindsIn(kinds).some((kind) => POSITIONS.includes(kind));
  return allOf([hasPositions ? 'hit' : 'no-hit', isSeries]);
}

function riseReasons({ id, classes, reason, citation }: RiseRow): readonly ClassReason[] {
  return classes.map((one) => ({ class: one, from: id, reason, cite: `${citation.instrument} ${citation.article}` }));
}

function itemReasons(hits: readonly ItemResult[], tested: readonly ItemRow[]): readonly ClassReason[] {
  return hits.flatMap(({ item }) => {
    const row = tested.find(({ id }) => id === item);
    if (row === undefined) return [];
    const { title, citation } = row;
    return [
      { class: 'important', from: item, reason: title, cite: `${citation.instrument} ${citation.article}` } as const,
    ];
  });
}

function clausesOf(items: readonly ItemRow[], rows: RowsOfDay): readonly DatedRow[] {
  const ids = new Set(items.flatMap(({ precondition, anyOf: others }) => [...precondition, ...others]));
  return [...ids].flatMap((id) => rows.clauseOf(id) ?? []);
}

function rowsUsed(rows: readonly DatedRow[]): readonly RowUsed[] {
  return rows.map((row) => ({ id: row.id, digest: digestOf(row) })).toSorted(byId);
}

/** Rows never change while they are loaded, and a digest costs more than all else that is done with one. */
const digests = new WeakMap<DatedRow, string>();

function digestOf(row: DatedRow): string {
  const digest = digests.get(row) ?? rowDigest(row);
  digests.set(row, digest);
  return digest;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
