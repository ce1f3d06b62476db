import type { RunningState } from '../../../cloud/classification/running-state.ts';

/** Items with a vehicle, in the order of their names. */
export function itemSlots({
  slots,
  vehicles,
}: RunningState): readonly { readonly item: string; readonly slot: number }[] {
  return slots.filter(({ slot }) => (vehicles[slot] ?? 0) > 0).toSorted((a, b) => (a.item < b.item ? -1 : 1));
}
