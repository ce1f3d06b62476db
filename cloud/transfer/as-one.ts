import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { PersonCount, TransferFacts } from './facts.ts';
import { gravestOf } from './join-parts.ts';
import type { JoinedFinding, Verdict } from './verdict.ts';

type Joined = NonNullable<TransferFacts['joined']>;

/**
 * Whether the joined set decides (G26 III(2)): where the transfer itself would go under a mechanism or exemption 5, and where
 * the join makes something that no part is. A transfer under the evidence of an exemption rests on that evidence.
 */
export function isDecidedAsOne(own: Verdict, { rises }: Joined): boolean {
  if (own.decision === 'withhold') return false;
  if (own.under === 'free-flow') return rises.length > 0;
  return !own.under.startsWith('exemption-') || own.under === 'exemption-5';
}

/** The facts of the joined set in place of those of the one transfer; nothing of them is milder. */
export function asOne(facts: TransferFacts, joined: Joined): TransferFacts {
  const { counts, dataset } = facts;
  // Persons whose data the join itself makes sensitive were not counted as such before.
  const fresh = joined.rises.includes('sensitive') || joined.rises.includes('TRACK') ? joined.persons : 0;
  const kinds = [...new Set([...dataset.kinds, ...joined.dataset.kinds])].toSorted();
  return {
    ...facts,
    dataset: { ...dataset, ...gravestOf([dataset, joined.dataset]), kinds },
    counts: {
      ...counts,
      persons: raised(counts.persons, joined.persons, 0),
      sensitivePersons: raised(counts.sensitivePersons, joined.sensitivePersons, fresh),
    },
  } as TransferFacts;
}

function raised(count: PersonCount, together: number | 'unknown', fresh: number | 'unknown'): PersonCount {
  if (count === 'unknown' || together === 'unknown' || fresh === 'unknown') return 'unknown';
  const transfer = Math.max(count.transfer, together, fresh);
  return { before: count.before, transfer, projected: Math.max(count.projected, transfer) + fresh };
}

/** What a verdict says of the set. */
export function joinedFinding({ transfers, parts, persons, rises }: Joined, decides: boolean): JoinedFinding {
  const made =
    rises.length === 0 ? ['', ''] : [`; together they make: ${rises.join(', ')}`, `；合并后形成：${rises.join('、')}`];
  const text: Bilingual = bilingual(
    `evaluated as one with ${parts} transfer(s) of the year for the same purpose to the same group of recipients, ${persons} distinct persons${made[0]}`,
    `与本年度同一目的、同一接收方集团的 ${parts} 次出境合并评估，去重后共 ${persons} 人${made[1]}`,
  );
  return {
    transfers,
    parts,
    decides,
    text,
    citation: { instrument: 'G26', article: 'III(2)', articleZh: '三（二）' },
    confidence: 'seed',
  };
}
