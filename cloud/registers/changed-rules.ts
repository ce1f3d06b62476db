import type { CivilDate } from '../../proto/words/time.ts';
import { rowDigest } from '../transfer/digest.ts';
import type { DatedRow } from '../transfer/rule.ts';
import { type RuleBook, rulesOn } from '../transfer/rule-book.ts';

/**
 * Rules of law that are otherwise on a day than they were on an earlier one, by id: those on personal information, and those
 * that are named. Our own decisions are no law, so what an impact assessment relied on does not hang on them.
 */
export function changedRules(
  book: RuleBook,
  since: CivilDate,
  on: CivilDate,
  named: readonly string[],
): readonly string[] {
  const rowsOf = (day: CivilDate): ReadonlyMap<string, string> => {
    const { rules, onFile } = rulesOn(book, day);
    const relied = [
      ...rules.filter(
        ({ id, concern, status }) => named.includes(id) || (concern === 'personal-information' && status !== 'product'),
      ),
      ...onFile.filter(({ id }) => named.includes(id)),
    ];
    return new Map(relied.map((row: DatedRow) => [row.id, rowDigest(row)]));
  };
  const [then, now] = [rowsOf(since), rowsOf(on)];
  const ids = new Set([...then.keys(), ...now.keys(), ...named]);
  // A rule that was never there is none to rely on.
  return [...ids].filter((id) => then.get(id) !== now.get(id) || !now.has(id)).toSorted();
}
