import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { decide } from './decide.ts';
import { ROUTE } from './explain.ts';
import { parseFacts, type TransferFacts } from './facts.ts';
import type { RuleBook } from './rule-book.ts';
import type { Verdict } from './verdict.ts';

/** Something else that would clear where the transfer as asked does not. */
export interface NearestWay {
  readonly way: 'fewer-persons' | 'as-aggregates' | 'without-sensitive';
  /** Of `fewer-persons`: this many clear, whoever they are. */
  readonly persons?: number;
  readonly under: Verdict['route'];
  readonly text: Bilingual;
}

/**
 * The nearest lawful ways for a transfer that is withheld: what would clear with the documents on file, without new ones.
 * Each is decided like the transfer itself, by the same rules.
 *
 * @returns empty for what already clears, and where nothing near does
 */
export function nearestWays(facts: TransferFacts, book: RuleBook): readonly NearestWay[] {
  if (decide(facts, book).decision === 'permit') return [];
  const fewer = fewerPersons(facts, book);
  const pooled = clears(asAggregates(facts), book);
  const plain = clears(withoutSensitive(facts), book);
  return [
    ...(fewer === undefined ? [] : [fewer]),
    ...(plain === undefined ? [] : [way('without-sensitive', plain, WITHOUT_SENSITIVE)]),
    ...(pooled === undefined ? [] : [way('as-aggregates', pooled, AS_AGGREGATES)]),
  ];
}

const WITHOUT_SENSITIVE = bilingual(
  'without its sensitive fields it would clear',
  '去除其中的敏感个人信息字段后可予放行',
);

const AS_AGGREGATES = bilingual(
  'as aggregates over many vehicles, which are no personal information, it would clear',
  '改为多车汇总统计（不构成个人信息）后可予放行',
);

function way(name: NearestWay['way'], { route }: Verdict, text: Bilingual): NearestWay {
  return { way: name, under: route, text };
}

/** Fewer persons never make a permit a withhold, so the greatest number that clears is found by halving. */
function fewerPersons(facts: TransferFacts, book: RuleBook): NearestWay | undefined {
  const { persons, sensitivePersons } = facts.counts;
  if (persons === 'unknown' || sensitivePersons === 'unknown') return undefined;
  let [fits, tooMany] = [0, Math.max(persons.transfer, sensitivePersons.transfer)];
  let verdict: Verdict | undefined;
  while (tooMany - fits > 1) {
    const tried = Math.floor((fits + tooMany) / 2);
    const found = clears(ofPersons(facts, tried), book);
    if (found === undefined) tooMany = tried;
    else [fits, verdict] = [tried, found];
  }
  if (verdict === undefined) return undefined;
  const [many, route] = [fits.toLocaleString('en-US'), verdict.route];
  const text = bilingual(
    `${many} persons of it fit under: ${ROUTE[route].en}`,
    `其中 ${many} 人可按以下路径放行：${ROUTE[route].zh}`,
  );
  return { way: 'fewer-persons', persons: fits, under: verdict.route, text };
}

type Count = Exclude<TransferFacts['counts']['persons'], 'unknown'>;

/** Nobody knows which persons would stay, so each is taken for one that was not counted yet. */
function ofPersons(facts: TransferFacts, most: number): object {
  const cut = (count: TransferFacts['counts']['persons']): Count | 'unknown' => {
    if (count === 'unknown') return count;
    const transfer = Math.min(count.transfer, most);
    return { before: count.before, transfer, projected: Math.min(count.projected, count.before + transfer) };
  };
  const { persons, sensitivePersons } = facts.counts;
  return { ...facts, counts: { ...facts.counts, persons: cut(persons), sensitivePersons: cut(sensitivePersons) } };
}

/** Figures over many vehicles: of no person, of no place. What is important data may stay so, and is left as it is. */
function asAggregates(facts: TransferFacts): object {
  const { dataset, counts } = facts;
  const absent = { personal: 'absent', sensitive: 'absent', geographic: 'absent', coordinates: 'absent' };
  return {
    ...facts,
    legalBasis: 'not-applicable',
    dataset: { ...dataset, ...absent, kinds: ['STATISTIC'] },
    counts: { ...counts, persons: nobody(counts.persons), sensitivePersons: nobody(counts.sensitivePersons) },
  };
}

function withoutSensitive(facts: TransferFacts): object {
  const { dataset, counts } = facts;
  return {
    ...facts,
    dataset: { ...dataset, sensitive: 'absent' },
    counts: { ...counts, sensitivePersons: nobody(counts.sensitivePersons) },
  };
}

function nobody(count: TransferFacts['counts']['persons']): Count | 'unknown' {
  return count === 'unknown' ? count : { before: count.before, transfer: 0, projected: count.before };
}

/** What contradicts itself when it is changed so is no way. */
function clears(changed: object, book: RuleBook): Verdict | undefined {
  const facts = parseFacts(changed);
  if (!facts.ok) return undefined;
  const verdict = decide(facts.value, book);
  return verdict.decision === 'permit' ? verdict : undefined;
}
