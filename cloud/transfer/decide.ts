import { assert, isNonEmpty } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { asOne, isDecidedAsOne, joinedFinding } from './as-one.ts';
import { earliestDay } from './civil-days.ts';
import { type ConcernFinding, type ConcernPermits, type ConcernWithholds, weighConcern } from './concern.ts';
import { factsDigest } from './digest.ts';
import type { TransferFacts } from './facts.ts';
import { positionsOf } from './legal-facts.ts';
import type { Bench } from './meet-demand.ts';
import { notesOf } from './notes.ts';
import { CONCERNS, type Grant } from './rule.ts';
import { type RuleBook, rulesOn } from './rule-book.ts';
import type { Missing, Permit, Reliance, Route, Verdict, Withhold, WithholdCause } from './verdict.ts';

/**
 * Decides one transfer. Pure: it reads no clock and no store; the same facts and rules give the same verdict for ever.
 *
 * Every concern has to permit, and the verdict holds what all of them miss, not only the first. A rule that cannot be
 * answered withholds, and so does a route that no rule provides for. Where the facts name transfers that this one is joined
 * with, the set is decided as one, and that verdict is never milder than the transfer's own.
 *
 * @param facts - one transfer on one day (Asia/Shanghai), counts taken with it
 * @param book - the rules of every day; those of the transfer's day are used
 * @see docs/transfer-facts.md for the facts and the concerns
 */
export function decide(facts: TransferFacts, book: RuleBook): Verdict {
  // Of the facts as they were given, whichever of the two decides.
  const digest = factsDigest(facts);
  const own = decideOne(facts, book, digest);
  const { joined } = facts;
  if (joined === undefined) return own;
  const decides = isDecidedAsOne(own, joined);
  const verdict = decides ? decideOne(asOne(facts, joined), book, digest) : own;
  return { ...verdict, joined: joinedFinding(joined, decides) };
}

function decideOne(facts: TransferFacts, book: RuleBook, digest: string): Verdict {
  const law = rulesOn(book, facts.on);
  const bench: DigestedBench = { facts, law, positions: positionsOf(facts), digest };
  const findings = CONCERNS.map((concern) => ({ concern, ...weighConcern(concern, bench) }));
  const route = findings.find(({ concern }) => concern === 'route');
  assert(route !== undefined, 'the route is a concern');
  const withholding = findings.filter((finding): finding is typeof finding & ConcernWithholds => !finding.permits);
  if (withholding.length > 0) return withhold(withholding, routeOf(route), bench);
  const permitting = findings.filter((finding): finding is typeof finding & ConcernPermits => finding.permits);
  return permit(permitting, route, bench);
}

interface DigestedBench extends Bench {
  /** Of the facts. */
  readonly digest: string;
}

function withhold(findings: readonly ConcernWithholds[], route: Route, bench: DigestedBench): Withhold {
  const rules = findings.flatMap((finding) => finding.rules);
  const missing = tellOnce(findings.flatMap((finding) => finding.missing));
  assert(isNonEmpty(rules) && isNonEmpty(missing), 'a transfer is withheld for a reason');
  const because = CAUSES.find((cause) => findings.some(({ causes }) => causes.includes(cause)));
  assert(because !== undefined, 'a transfer is withheld for a cause');
  return { decision: 'withhold', because, route, rules, missing, ...backing(bench) };
}

function permit(findings: readonly ConcernPermits[], routeFinding: ConcernFinding, bench: DigestedBench): Permit {
  const route = routeOf(routeFinding);
  const rules = findings.flatMap((finding) => finding.rules);
  assert(isNonEmpty(rules), 'a transfer is permitted by a rule');
  const reliedOn = distinct(findings.flatMap((finding) => finding.reliedOn));
  const under = underOf(route, reliedOn);
  const standsUntil = earliest(reliedOn, bench);
  return { decision: 'permit', under, route, rules, reliedOn, standsUntil, missing: [], ...backing(bench) };
}

/** A fact that several concerns want to know is missing once. */
function tellOnce(all: readonly Missing[]): readonly Missing[] {
  const told = new Map<unknown, Missing>();
  for (const one of all) {
    const key = one.what.startsWith('fact:') ? one.what : one;
    const earlier = told.get(key);
    told.set(key, earlier === undefined ? one : { ...earlier, rules: [...earlier.rules, ...one.rules] });
  }
  return [...told.values()];
}

function backing(bench: DigestedBench): Pick<Permit, 'notes' | 'factsDigest' | 'rulesDigest'> {
  return { notes: notesOf(bench), factsDigest: bench.digest, rulesDigest: bench.law.digest };
}

function routeOf({ settled }: ConcernFinding): Route {
  // Where several rules leave the route free, the exemption that was claimed and proved is the one it goes under.
  const rule = settled.find(({ displaces }) => displaces !== undefined) ?? settled[0];
  if (rule === undefined) return 'undetermined';
  if (rule.grants !== undefined) return rule.grants;
  if (rule.demands === 'security-assessment' || rule.demands === 'contract-or-certification') return rule.demands;
  return 'no-rule-in-force';
}

function isGrant(route: Route): route is Grant {
  return route === 'free-flow' || route.startsWith('exemption-');
}

function underOf(route: Route, reliedOn: readonly Reliance[]): Permit['under'] {
  if (isGrant(route)) return route;
  const kind = reliedOn.find(({ demand }) => demand === route)?.kind;
  const isMechanism = kind === 'standard-contract' || kind === 'certification' || kind === 'security-assessment';
  assert(isMechanism, 'a transfer under a mechanism relies on one');
  return kind;
}

/** Two rules may rest on the same document. */
function distinct(reliedOn: readonly Reliance[]): readonly Reliance[] {
  return reliedOn.filter(
    (one, index) => reliedOn.findIndex(({ id, demand }) => id === one.id && demand === one.demand) === index,
  );
}

function earliest(reliedOn: readonly Reliance[], { facts, law }: Bench): CivilDate {
  const yearEnds = `${facts.counts.year + 1}-01-01` as CivilDate;
  // A sign-off that ends may take a reading back with it.
  const signed = facts.signOffs.flatMap(({ until }) => (until === undefined || until <= facts.on ? [] : [until]));
  const ends = [...reliedOn.map(({ until }) => until), ...signed, ...(law.until === undefined ? [] : [law.until])];
  return earliestDay(yearEnds, ends);
}

/** Gravest first. */
const CAUSES: readonly WithholdCause[] = ['never-exportable', 'fact-unknown', 'no-rule-in-force', 'demand-unmet'];
