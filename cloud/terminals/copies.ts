import type { Fields, Value } from './value.ts';

type Copy = (blank: Fields) => Record<string, Value>;

/**
 * The engine remembers for each place in the text which shapes were copied there, and copies the first few many times
 * quicker than one more. So each layout takes the next place; past the last they share.
 */
// biome-ignore format: one place a line
const COPIES: readonly Copy[] = [
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
];

let taken = 0;

/** A way of copying records of one shape. */
export function nextCopy(): Copy {
  taken += 1;
  return COPIES[(taken - 1) % COPIES.length] ?? ((blank) => ({ ...blank }));
}
