import type { GroupCounts } from '../counting/with-group.ts';
import type { Registers } from './change.ts';
import type { RegisterEntry } from './kind.ts';
import { isOpen } from './standing.ts';

/**
 * What the other members add to the counts of a processor (G26 III(2)). Their digests are not known here, so a person of two
 * members counts in both: too many is safe. Of several figures of a member the greatest stands, since a year's count only
 * grows; one that was too great is withdrawn.
 *
 * @returns `unknown` when a member of the profile has given no figure of the year
 */
export function groupCounts(
  registers: Pick<Registers, 'find' | 'list'>,
  processor: string,
  year: number,
): GroupCounts | 'unknown' {
  const entries = registers.list('group-count').filter((entry) => !entry.isWithdrawn && entry.body['year'] === year);
  const told = new Map<string, readonly RegisterEntry[]>();
  for (const entry of entries) {
    const member = String(entry.body['member']);
    if (member !== processor) told.set(member, [...(told.get(member) ?? []), entry]);
  }
  const profile = registers.find('processor', processor);
  // Nobody knows who belongs to the group while a change of it waits.
  if (profile !== undefined && isOpen(profile, ['group'])) return 'unknown';
  const isTold = membersOf(profile).every((one) => one === processor || told.has(one));
  if (!isTold) return 'unknown';
  const figures = [...told.values()];
  const sum = (key: keyof GroupCounts) => figures.reduce((all, of) => all + greatest(of, key), 0);
  return { persons: sum('persons'), sensitivePersons: sum('sensitivePersons') };
}

/** The group of a recipient, by which transfers are joined; its own id where the register has none. */
export function groupOfRecipient(id: string, { find }: Pick<Registers, 'find'>): string {
  return String(find('recipient', id)?.body['group'] ?? id);
}

function greatest(entries: readonly RegisterEntry[], key: keyof GroupCounts): number {
  return Math.max(0, ...entries.map(({ body }) => Number(body[key])));
}

function membersOf(entry: RegisterEntry | undefined): readonly string[] {
  const group = entry?.body['group'] as { readonly members?: readonly string[] } | undefined;
  return group?.members ?? [];
}
