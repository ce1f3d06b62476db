/** An item with the number that stands for it in a store, and whether its figures have been counted from the first record on. */
export interface ItemSlot {
  readonly item: string;
  readonly slot: number;
  /** False once the records that test it have changed, or where there were records before anything counted. */
  readonly isWhole: boolean;
}

/** What one vehicle has sent so far. `items` are 4 words of bits, by slot; `distance` and `duration` stand for lower bounds. */
export interface VehicleRow {
  readonly deviceNumber: number;
  readonly items: readonly number[];
  /** Half kilometres, and units of five minutes, of its trip rows. */
  readonly distance: number;
  readonly duration: number;
  readonly flags: number;
}

/** Yearly items of one vehicle and Shanghai year, as bits by their place among the yearly slots. */
export interface VehicleYearRow {
  readonly deviceNumber: number;
  readonly year: number;
  readonly slots: readonly number[];
}

/** Bits for the 32 Shanghai days from `chunk` x 32 days after 1970-01-01 on. */
export interface DayRow {
  readonly chunk: number;
  readonly seen: number;
  readonly running: number;
  readonly exterior: number;
}

export interface VehicleDayRow extends DayRow {
  readonly deviceNumber: number;
}

/** Items that had a record of an area on a day; the area without a label is the empty text. */
export interface FlowRow {
  readonly area: string;
  readonly day: number;
  readonly items: readonly number[];
}

/** Pictures and the like of one item. */
export interface ItemCountRow {
  readonly slot: number;
  readonly pictures: number;
  readonly clips: number;
  /** Pictures and clips that no detector of ours looked at. */
  readonly uninspected: number;
  readonly facePx: number;
  readonly platePx: number;
}

export interface AggregateTotals {
  readonly exteriorDays: number;
  /** Names of all classes and field kinds seen. */
  readonly classes: readonly string[];
  readonly kinds: readonly string[];
}

/** What a group of records adds. Rows hold what is so after it, but days: they are added to what is stored. */
export interface AggregateChanges {
  readonly vehicles: readonly VehicleRow[];
  readonly years: readonly VehicleYearRow[];
  readonly days: readonly VehicleDayRow[];
  readonly flows: readonly FlowRow[];
  readonly counts: readonly ItemCountRow[];
  readonly totals: AggregateTotals | undefined;
}

export interface AggregateRows extends Omit<AggregateChanges, 'vehicles' | 'years' | 'days' | 'flows'> {
  readonly vehicles: Iterable<VehicleRow>;
  readonly years: Iterable<VehicleYearRow>;
  readonly flows: Iterable<FlowRow>;
}

/**
 * Running aggregates on disk. They are written in the commit that admits the records they count, so that neither is there
 * without the other; see `LedgerCommit`.
 */
export interface AggregateStore {
  /**
   * Slots of these items, giving out those that are missing; durable once it returns.
   *
   * @param tested - items, and a digest of what tests each of them
   */
  slots(tested: readonly { readonly item: string; readonly digest: string }[]): readonly ItemSlot[];
  load(): AggregateRows;
  /** Days of one vehicle that are durable. */
  daysOf(deviceNumber: number): readonly DayRow[];
}
