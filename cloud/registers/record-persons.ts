import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { PersonLink, PersonLinks } from '../ports/person-links.ts';

/** Kind of an import of person links in the operations log. */
export const PERSONS_LOG_KIND = 'persons';

export interface PersonBooks {
  readonly operations: AppendOnly;
  readonly links: PersonLinks;
  /** SHA-256 over the links, hexadecimal. */
  readonly digestOf: (links: readonly PersonLink[]) => string;
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
}

/** An import of so many vehicles is told where it makes a tenth of them or more count with another. */
const TOLD_VEHICLES_MIN = 10;
const TOLD_SHARE = 0.9;

export interface PersonsRecorded {
  readonly vehicles: number;
  readonly persons: number;
  readonly links: number;
  readonly digest: string;
}

/**
 * Links persons to vehicles: first in the operations log, as counts and one digest, then in the store. After a crash in
 * between the same import is made again; what is linked already stays.
 *
 * Faults: the log's; then nothing was linked.
 */
export function recordPersons(
  links: readonly PersonLink[],
  by: string,
  { operations, links: store, digestOf, alert }: PersonBooks,
): Result<PersonsRecorded, Fault> {
  const count = (key: 'vehicle' | 'person') =>
    new Set(links.map((one) => Buffer.from(one[key]).toString('latin1'))).size;
  const document = {
    vehicles: count('vehicle'),
    persons: count('person'),
    links: links.length,
    digest: digestOf(links),
  };
  const logged = operations.append([{ kind: PERSONS_LOG_KIND, transferId: '', actor: by, document }]);
  if (!logged.ok) return logged;
  store.add(links);
  const { vehicles, persons } = document;
  // Whoever makes lists can make fewer persons of many vehicles, and thresholds are counted in persons.
  if (vehicles >= TOLD_VEHICLES_MIN && persons <= vehicles * TOLD_SHARE)
    alert({ code: 'PERSONS_MERGED', by, vehicles, persons });
  return ok(document);
}
