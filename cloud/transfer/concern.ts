import { assert, isNonEmpty, type NonEmpty } from '../../proto/words/result.ts';
import { type Bench, demandRow, type Meeting, meetDemand } from './meet-demand.ts';
import type { Concern, FactPath, Rule } from './rule.ts';
import type { RulesInForce } from './rule-book.ts';
import type { DecidingRule, Missing, Reliance, WithholdCause } from './verdict.ts';
import { standsUnder, weigh } from './weigh.ts';

/** What one concern says of a transfer. */
export type ConcernFinding = ConcernPermits | ConcernWithholds;

export interface ConcernPermits {
  readonly permits: true;
  readonly rules: readonly DecidingRule[];
  readonly reliedOn: readonly Reliance[];
  /** The rules that were settled on; empty where none of the concern applies. */
  readonly settled: readonly Rule[];
}

export interface ConcernWithholds {
  readonly permits: false;
  readonly causes: readonly WithholdCause[];
  readonly rules: NonEmpty<DecidingRule>;
  readonly missing: NonEmpty<Missing>;
  /** The rules that were settled on; empty while one cannot be answered. */
  readonly settled: readonly Rule[];
}

interface Unsure {
  readonly rule: Rule;
  readonly paths: readonly FactPath[];
}

type Judged = { readonly rule: Rule } & Meeting;

/**
 * Weighs one concern. A rule that cannot be answered withholds. Of the rules that hold every demand has to be met;
 * of rules for the route only the strictest, since whoever meets it meets the lighter ones too.
 */
export function weighConcern(concern: Concern, bench: Bench): ConcernFinding {
  const { facts, law, positions } = bench;
  const weighed = law.rules
    .filter((rule) => rule.concern === concern && rule.otherwise !== true && standsUnder(rule.reading, positions))
    .map((rule) => ({ rule, weight: weigh(rule.when, facts, positions) }));
  const applying = weighed.flatMap(({ rule, weight }) => (weight.outcome === 'holds' ? [rule] : []));
  const unsure = weighed.flatMap(({ rule, weight }) =>
    weight.outcome === 'unknown' ? [{ rule, paths: weight.paths }] : [],
  );
  // An exemption with evidence that counts lifts the rules it names, known or not; one without lifts nothing.
  const exempting = applying.filter((rule) => rule.displaces !== undefined && meetDemand(rule.demands, bench).met);
  const lifted = new Set(exempting.flatMap(({ displaces }) => displaces ?? []));
  const holding = applying.filter(
    (rule) => !lifted.has(rule.id) && (rule.displaces === undefined || exempting.includes(rule)),
  );
  const open = unsure.filter(({ rule }) => !lifted.has(rule.id));
  const settled = concern === 'route' ? routeRules(holding, open, law) : holding;
  const judged = settled.map((rule) => ({ rule, ...meetDemand(rule.demands, bench) }));
  return conclude(open, judged, law);
}

function conclude(unsure: readonly Unsure[], judged: readonly Judged[], law: RulesInForce): ConcernFinding {
  const missing = [...missingFacts(unsure, law), ...missingDemands(judged, law)];
  const settled = judged.map(({ rule }) => rule);
  if (!isNonEmpty(missing)) {
    const reliedOn = judged.flatMap((one) => (one.met && one.reliance !== undefined ? [one.reliance] : []));
    return { permits: true, rules: settled.map((rule) => deciding(rule, 'holds')), reliedOn, settled };
  }
  const unmet = judged.filter(({ met }) => !met).map(({ rule }) => rule);
  const rules = [
    ...unsure.map(({ rule }) => deciding(rule, 'unknown')),
    ...unmet.map((rule) => deciding(rule, 'holds')),
  ];
  assert(isNonEmpty(rules), 'what is missing is missed by a rule');
  const causes = [...unmet.map(causeOf), ...(unsure.length > 0 ? (['fact-unknown'] as const) : [])];
  return { permits: false, causes, rules, missing, settled: unsure.length > 0 ? [] : settled };
}

/** The rules of the strictest demand that holds; the rule of last resort where none holds and none might. */
function routeRules(holding: readonly Rule[], unsure: readonly Unsure[], law: RulesInForce): readonly Rule[] {
  if (holding.length === 0 && unsure.length === 0) return law.rules.filter((rule) => rule.otherwise === true);
  const strictnessOf = (rule: Rule) => demandRow(rule.demands, law).strictness ?? Number.POSITIVE_INFINITY;
  const strictest = Math.max(...holding.map(strictnessOf));
  return holding.filter((rule) => strictnessOf(rule) === strictest);
}

function missingFacts(unsure: readonly Unsure[], law: RulesInForce): readonly Missing[] {
  const paths = [...new Set(unsure.flatMap((one) => one.paths))];
  return paths.map((path) => {
    const rules = unsure.filter((one) => one.paths.includes(path)).map(({ rule }) => rule.id);
    const row = law.facts.find(({ id }) => id === path);
    assert(isNonEmpty(rules) && row !== undefined, 'an unknown fact is wanted by a rule and has a name');
    return { what: `fact:${path}`, title: row.title, remedy: row.remedy, rules, considered: [] };
  });
}

/** Several rules may want the same document; it is missing once. What no document can mend is told rule by rule. */
function missingDemands(judged: readonly Judged[], law: RulesInForce): readonly Missing[] {
  const byDemand = new Map<string, Missing>();
  for (const one of judged) {
    if (one.met) continue;
    const { rule, considered } = one;
    const { title, metBy } = demandRow(rule.demands, law);
    const key = metBy.length === 0 ? rule.id : rule.demands;
    const earlier = byDemand.get(key);
    const rules: NonEmpty<string> = earlier === undefined ? [rule.id] : [...earlier.rules, rule.id];
    byDemand.set(key, { what: rule.demands, title, remedy: rule.remedy, considered, ...earlier, rules });
  }
  return [...byDemand.values()];
}

function causeOf(rule: Rule): WithholdCause {
  if (rule.demands === 'never') return 'never-exportable';
  return rule.demands === 'rule-in-force' ? 'no-rule-in-force' : 'demand-unmet';
}

function deciding(rule: Rule, outcome: DecidingRule['outcome']): DecidingRule {
  const { id, concern, demands, citation, confidence, status, reason } = rule;
  return { id, concern, outcome, demand: demands, citation, confidence, status, reason };
}
