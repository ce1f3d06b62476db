import { assert } from '../../proto/words/result.ts';
import type { OnFileEntry, OnFileKind, TransferFacts } from './facts.ts';
import type { Positions } from './legal-facts.ts';
import { type Standing, standingOf } from './on-file.ts';
import type { Demand, DemandRow } from './rule.ts';
import type { RulesInForce } from './rule-book.ts';
import { setAsideOf } from './set-aside.ts';
import type { Missing, Reliance } from './verdict.ts';

/** All that one transfer is judged by. */
export interface Bench {
  readonly facts: TransferFacts;
  readonly law: RulesInForce;
  readonly positions: Positions;
}

/** A demand is met by a document that counts, or by nothing; then the documents that do not count say why. */
export type Meeting =
  | { readonly met: true; readonly reliance?: Reliance }
  | { readonly met: false; readonly considered: Missing['considered'] };

/**
 * Looks for a document on file that meets a demand: the lightest kind first, then the one that lasts longest. One more
 * document can therefore never make an unmet demand of a met one.
 */
export function meetDemand(demand: Demand, { facts, law, positions }: Bench): Meeting {
  if (demand === 'nothing') return { met: true };
  const { metBy } = demandRow(demand, law);
  const examined = facts.onFile
    .filter((entry) => metBy.includes(entry.kind))
    .map((entry) => ({ entry, standing: standingOf(entry, facts, law, positions) }))
    .toSorted((a, b) => byPreference(a, b, metBy));
  for (const { entry, standing } of examined) {
    if (standing.counts) {
      const { until, remark } = standing;
      const reliance = { demand, kind: entry.kind, id: entry.id, until, ...(remark === undefined ? {} : { remark }) };
      return { met: true, reliance };
    }
  }
  const considered = examined.flatMap(({ entry, standing }) =>
    standing.counts ? [] : [{ id: entry.id, kind: entry.kind, problems: standing.problems }],
  );
  return { met: false, considered: [...considered, ...setAsideOf(facts, metBy)] };
}

export function demandRow(demand: Demand, law: RulesInForce): DemandRow {
  const row = law.demands.find(({ id }) => id === demand);
  assert(row !== undefined, `demand ${demand} has a row`);
  return row;
}

interface Examined {
  readonly entry: OnFileEntry;
  readonly standing: Standing;
}

function byPreference(a: Examined, b: Examined, metBy: readonly OnFileKind[]): number {
  const byKind = metBy.indexOf(a.entry.kind) - metBy.indexOf(b.entry.kind);
  if (byKind !== 0) return byKind;
  const [endA, endB] = [endOf(a.standing), endOf(b.standing)];
  if (endA !== endB) return endA > endB ? -1 : 1;
  return a.entry.id < b.entry.id ? -1 : 1;
}

function endOf(standing: Standing): string {
  return standing.counts ? standing.until : '';
}
