/** A grid of values: multiples of so many millionths of a unit. */
export type Quantum = number;

const MILLION = 1_000_000;

/**
 * The largest multiple that is not above a value: floored and never rounded, so that a value tells nothing of which half it
 * came from. Multiples are the doubles nearest to their decimal fractions; a value on the grid stays as it is.
 *
 * @param quantum - millionths of the unit, a positive integer
 * @returns undefined for a value that has no such multiple within exact integers
 */
export function quantise(value: number, quantum: Quantum): number | undefined {
  const nearest = Math.round((value / quantum) * MILLION);
  const found = multipleOf(nearest, quantum);
  const floored = found > value ? multipleOf(nearest - 1, quantum) : found;
  // Half a millionth of a double's own precision may lie between; a multiple too large has none.
  return Number.isSafeInteger(nearest * quantum) && Number.isSafeInteger((nearest - 1) * quantum) ? floored : undefined;
}

/** Whether a value is one that `quantise` gives. */
export function isOnGrid(value: number, quantum: Quantum): boolean {
  return Number.isFinite(value) && quantise(value, quantum) === value;
}

/** Adding 0 turns a negative zero into zero, which has one form on the wire. */
const multipleOf = (times: number, quantum: Quantum): number => (times * quantum) / MILLION + 0;
