import type { Instant } from '../../proto/words/time.ts';
import type { BookedGroup } from '../ingest/group-commit.ts';
import type { GroupCounts } from '../ingest/sort-out.ts';

type Books = Omit<BookedGroup, 'quarantined'>;

/** Groups that came one after the other, as one. */
export function joinGroups(groups: readonly Books[]): Books {
  const sum = (of: (counts: GroupCounts) => number): number =>
    groups.reduce((total, { counts }) => total + of(counts), 0);
  return {
    cells: groups.flatMap(({ cells }) => cells),
    consents: groups.flatMap(({ consents }) => consents),
    updates: groups.flatMap(({ updates }) => updates),
    notes: groups.flatMap(({ notes }) => notes),
    // The last of a device and epoch has those before it in itself.
    changes: [...new Map(groups.flatMap(({ changes }) => changes).map((one) => [nameOf(one), one])).values()],
    counts: {
      framesAdmitted: sum(({ framesAdmitted }) => framesAdmitted),
      duplicates: sum(({ duplicates }) => duplicates),
      framesDroppedByVehicles: sum(({ framesDroppedByVehicles }) => framesDroppedByVehicles),
    },
    at: Math.max(0, ...groups.map(({ at }) => at)) as Instant,
    observed: groups.flatMap(({ observed }) => observed),
  };
}

const nameOf = ({ deviceNumber, epoch }: { readonly deviceNumber: number; readonly epoch: number }): string =>
  `${deviceNumber}/${epoch}`;
