/** What comes of a test. `unknown` counts as a hit wherever something would leave, and never as no hit. */
export type Outcome = 'hit' | 'no-hit' | 'unknown';

/** What is known of a figure: it is this at least and that at most. A figure that was counted whole has both alike. */
export interface Reached {
  readonly least: number;
  readonly most: number;
}

export const NOTHING_KNOWN: Reached = { least: 0, most: Number.POSITIVE_INFINITY };

export const exactly = (value: number): Reached => ({ least: value, most: value });

/** The figure that covers both, such as of a dataset and of everything it was taken from. */
export function covering(one: Reached, other: Reached): Reached {
  return { least: Math.max(one.least, other.least), most: Math.max(one.most, other.most) };
}

/** 以上: the number is among those that are hit. */
export function reaches({ least, most }: Reached, figure: number): Outcome {
  if (least >= figure) return 'hit';
  return most >= figure ? 'unknown' : 'no-hit';
}

/** 超过: the number itself is no hit. */
export function exceeds({ least, most }: Reached, figure: number): Outcome {
  if (least > figure) return 'hit';
  return most > figure ? 'unknown' : 'no-hit';
}

/** One that fails settles it; of none it is a hit. */
export function allOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('no-hit')) return 'no-hit';
  return outcomes.includes('unknown') ? 'unknown' : 'hit';
}

/** One that holds settles it; of none it is no hit. */
export function anyOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('hit')) return 'hit';
  return outcomes.includes('unknown') ? 'unknown' : 'no-hit';
}
