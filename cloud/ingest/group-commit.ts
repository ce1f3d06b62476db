import type { Zone } from '../../proto/words/data-class.ts';
import type { GroupTally } from '../classification/group-tally.ts';
import type { ObservedContent } from '../classification/observed.ts';
import type { RunningAggregates } from '../classification/running-aggregates.ts';
import type { CellCounts } from '../ports/cell-counts.ts';
import type { ConsentRegister } from '../ports/consent-register.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import type { Ledger, LogPosition } from '../ports/ledger.ts';
import type { UpdateRegister } from '../ports/update-register.ts';
import type { Quarantine, ZoneWriter } from '../ports/zone-store.ts';
import { type Arrival, type GroupAcknowledgement, type SortedGroup, sortOut } from './sort-out.ts';

export interface Stores {
  /** To write, and not to read. */
  readonly zones: Readonly<Record<Exclude<Zone, 'quarantine'>, ZoneWriter>>;
  /** Of the geographic zone: cells under `strict-map`, which are counted and not kept. */
  readonly cells: CellCounts;
  readonly quarantine: Quarantine;
  readonly ledger: Ledger;
  readonly register: DeviceRegister;
  readonly aggregates: RunningAggregates;
  /** What vehicles tell of consents. */
  readonly consents: Pick<ConsentRegister, 'note'>;
  /** What vehicles tell of software updates. */
  readonly updates: Pick<UpdateRegister, 'note'>;
}

/**
 * Makes a group of arrivals durable: zones and quarantine first, the ledger last.
 *
 * A crash in between leaves records that the ledger does not know; they are sent again, and the zones pass over what
 * they hold. So each frame is stored once, and nothing is acknowledged that is not stored.
 *
 * @returns what may be acknowledged
 * @throws the store's error (disk full and the like); then nothing of the group may be acknowledged
 */
export function commitGroup(arrivals: readonly Arrival[], stores: Stores): readonly GroupAcknowledgement[] {
  const tally = stores.aggregates.begin();
  const group = sortOut(arrivals, {
    extents: stores.ledger.extents,
    dropped: stores.ledger.dropped,
    observe: tally.take,
  });
  for (const [zone, records] of group.records) stores.zones[zone].insert(records);
  keepBooks(group, { stores, tally });
  return group.acknowledgements;
}

/** What somebody else sorted out and put into the zones, as far as the books go. */
export interface BookedGroup extends Omit<SortedGroup, 'records' | 'acknowledgements'> {
  readonly observed: readonly (readonly [deviceNumber: number, content: ObservedContent])[];
}

/** As `commitGroup`, for a group that a record log brought. @param upTo - stands in the ledger's own commit */
export function commitBooked(group: BookedGroup, stores: BookStores, upTo: LogPosition): void {
  const tally = stores.aggregates.begin();
  for (const [deviceNumber, content] of group.observed) tally.take(deviceNumber, content);
  keepBooks(group, { stores, tally, upTo });
}

/** Everything of a group but its records in the zones. */
export type BookStores = Omit<Stores, 'zones' | 'register'>;

function keepBooks(
  { cells, at, consents, updates, quarantined, changes, notes, counts }: Omit<BookedGroup, 'observed'>,
  {
    stores,
    tally,
    upTo,
  }: { readonly stores: BookStores; readonly tally: Pick<GroupTally, 'changes'>; readonly upTo?: LogPosition },
): void {
  const { ledger, quarantine } = stores;
  stores.cells.count(cells, at);
  stores.consents.note(consents);
  stores.updates.note(updates);
  if (quarantined.length > 0) quarantine.insert(quarantined);
  const aggregates = tally.changes();
  const before = ledger.totals();
  const totals = {
    framesAdmitted: before.framesAdmitted + counts.framesAdmitted,
    duplicates: before.duplicates + counts.duplicates,
    framesQuarantined: quarantine.count(),
    framesDroppedByVehicles: before.framesDroppedByVehicles + counts.framesDroppedByVehicles,
  };
  ledger.commit({ changes, notes, aggregates, totals, ...(upTo && { upTo }) });
  stores.cells.settle();
  stores.aggregates.settle(aggregates);
}
