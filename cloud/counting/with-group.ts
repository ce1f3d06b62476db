import type { PersonKind } from './tallies.ts';

/** Persons that other members of a group have counted in a year. */
export interface GroupCounts {
  readonly persons: number;
  readonly sensitivePersons: number;
}

export interface Counted {
  readonly before: number;
  readonly transfer: number;
  readonly projected: number;
}

/**
 * The count of a group: ours and what its other members count, added, since nobody knows who is in both. It is never less
 * than ours, so it is the greater duty of the two.
 */
export function withGroup(own: Counted, members: GroupCounts | 'unknown', kind: PersonKind): Counted | 'unknown' {
  if (members === 'unknown') return 'unknown';
  const others = kind === 'plain' ? members.persons : members.sensitivePersons;
  return { before: own.before + others, transfer: own.transfer, projected: own.projected + others };
}
