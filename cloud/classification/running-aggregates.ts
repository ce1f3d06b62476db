import { createHash } from 'node:crypto';
import type { AggregateChanges, AggregateStore } from '../ports/aggregate-store.ts';
import { type BoundRules, bindRules, type ClassificationRules, itemsTested } from './bound-rules.ts';
import { type AreaOf, beginGroup, type GroupTally } from './group-tally.ts';
import { loadState, type RunningState, settle } from './running-state.ts';
import { createWeigher, type Weigher } from './weigh-record.ts';

/** Running aggregates of everything that was admitted, and the same of one dataset. */
export interface RunningAggregates {
  readonly rules: BoundRules;
  /** What one record is. */
  readonly weigh: Weigher;
  /** Counts a group of records, one group at a time. One that is not settled leaves nothing behind. */
  readonly begin: () => GroupTally;
  /** Takes a group in once it is durable. */
  readonly settle: (changes: AggregateChanges) => void;
  readonly state: RunningState;
}

/** An area without a label; see docs/classification.md. */
export const NO_AREA = '';

/** Reads the aggregates of a store; a million vehicles take seconds. */
export function openAggregates(
  rules: ClassificationRules,
  store: AggregateStore,
  areaOf: AreaOf = () => NO_AREA,
): RunningAggregates {
  const slots = store.slots(testedItems(rules));
  const bound = bindRules(rules, new Map(slots.map(({ item, slot }) => [item, slot])));
  const state = loadState(bound, store, slots);
  const weigh = createWeigher(bound);
  return {
    rules: bound,
    weigh,
    begin: () => beginGroup(state, weigh, areaOf),
    settle: (changes) => {
      settle(state, changes);
    },
    state,
  };
}

type TestedItems = Parameters<AggregateStore['slots']>[0];

/** Rules never change while they are loaded. */
const known = new WeakMap<ClassificationRules, TestedItems>();

/** Each item with a digest of the rows of the catalogue that test it. */
function testedItems(rules: ClassificationRules): TestedItems {
  const items = known.get(rules) ?? listTested(rules);
  known.set(rules, items);
  return items;
}

function listTested(rules: ClassificationRules): TestedItems {
  const paths = new Map<string, string[]>(rules.items.map(({ id }) => [id, []]));
  const tested = itemsTested(rules);
  for (const row of rules.catalogue.rows) for (const item of tested(row)) paths.get(item)?.push(row.path);
  return [...paths].map(([item, names]) => {
    return { item, digest: createHash('sha256').update(names.sort().join('\n')).digest('hex') };
  });
}
