import type { DataClass } from '../../proto/words/data-class.ts';
import type { ItemSlot } from '../ports/aggregate-store.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import { type AggregateQuestion, aggregateEvidence } from './aggregate-evidence.ts';
import { type BoundRules, classBits, EXTERIOR, kindBits, type Traits } from './bound-rules.ts';
import type { ClassReason, Subject } from './classification.ts';
import type { Evidence } from './evidence.ts';
import { hasSlot } from './item-set.ts';
import type { Outcome } from './outcome.ts';
import type { RunningAggregates } from './running-aggregates.ts';

/** Everything that the aggregates have counted, such as all that an installation holds or the records of one file. */
export function aggregateSubject(aggregates: RunningAggregates, question: AggregateQuestion): Subject {
  const { state } = aggregates;
  // Where not every record was counted, any item may have been tested.
  const isTested = ({ slot, isWhole }: ItemSlot): boolean => !isWhole || (state.vehicles[slot] ?? 0) > 0;
  const isWhole = state.slots.every((slot) => slot.isWhole);
  return {
    classes: state.totals.classes,
    kinds: state.totals.kinds,
    items: state.slots.filter(isTested).map(({ item }) => item),
    reasons: [],
    isSeries: state.of.series > 0 ? 'hit' : isWhole ? 'no-hit' : 'unknown',
    evidence: aggregateEvidence(aggregates, question),
  };
}

/** What a dataset holds by its definition, before any of it is read. */
export interface Outline {
  readonly classes: Iterable<DataClass>;
  readonly kinds: readonly FieldKind[];
  readonly items: readonly string[];
  readonly reasons: readonly ClassReason[];
  /** Whether rows stand under a pseudonym of a vehicle and are finer than one a signal and Shanghai day. */
  readonly isSeries: Outcome;
}

/**
 * A dataset that is taken from what the aggregates have counted: whatever it holds of an item, they have that much or more,
 * and no splitting of it lowers a figure.
 */
export function outlineSubject(outline: Outline, aggregates: RunningAggregates, question: AggregateQuestion): Subject {
  return {
    classes: classBits(outline.classes),
    kinds: kindBits(outline.kinds),
    items: outline.items,
    reasons: outline.reasons,
    isSeries: outline.isSeries,
    evidence: withoutFusion(aggregateEvidence(aggregates, question), outline.kinds),
  };
}

/** Only data that holds imagery or radar can be joined to it. */
function withoutFusion(evidence: Evidence, kinds: readonly FieldKind[]): Evidence {
  if (kinds.some((kind) => EXTERIOR.includes(kind))) return evidence;
  return {
    ...evidence,
    finding: (item, finding) => (finding === 'fused' ? 'no-hit' : evidence.finding(item, finding)),
  };
}

/** One reason for each class and row, in the order of the rows' paths. */
export function reasonsOf(traits: Iterable<Traits>): readonly ClassReason[] {
  const rows = [...new Set([...traits].map(({ row }) => row))].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return rows.flatMap(({ path, classes, reason, cite }) =>
    classes.map((one) => ({ class: one, from: path, reason, cite })),
  );
}

/** Ids of the items of a set. */
export function itemsIn({ slotOf }: BoundRules, items: Uint32Array): readonly string[] {
  return [...slotOf]
    .filter(([, slot]) => hasSlot(items, slot))
    .map(([item]) => item)
    .toSorted();
}
