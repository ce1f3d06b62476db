import type { AggregateChanges, AggregateStore, DayRow } from '../ports/aggregate-store.ts';

/** Aggregates of one dataset or file, which nobody keeps. */
export interface MemoryStore extends AggregateStore {
  readonly write: (changes: AggregateChanges) => void;
}

export function memoryStore(): MemoryStore {
  const days = new Map<number, Map<number, DayRow>>();
  return {
    slots: (tested) => tested.map(({ item }, slot) => ({ item, slot, isWhole: true })),
    load: () => ({ vehicles: [], years: [], flows: [], counts: [], totals: undefined }),
    daysOf: (deviceNumber) => [...(days.get(deviceNumber)?.values() ?? [])],
    write: (changes) => {
      for (const { deviceNumber, ...row } of changes.days) {
        const chunks = days.get(deviceNumber) ?? new Map<number, DayRow>();
        const before = chunks.get(row.chunk);
        days.set(deviceNumber, chunks.set(row.chunk, before === undefined ? row : joined(before, row)));
      }
    },
  };
}

function joined(one: DayRow, other: DayRow): DayRow {
  return {
    chunk: one.chunk,
    seen: (one.seen | other.seen) >>> 0,
    running: (one.running | other.running) >>> 0,
    exterior: (one.exterior | other.exterior) >>> 0,
  };
}
