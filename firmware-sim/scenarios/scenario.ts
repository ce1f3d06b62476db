import type { Bilingual } from '../../proto/words/fault.ts';
import type { FigureName } from './figures.table.ts';

/** What a figure has to be; a figure that was never taken meets nothing. */
export type Expectation =
  | { readonly figure: FigureName; readonly is: number | string }
  | { readonly figure: FigureName; readonly atLeast: number }
  | { readonly figure: FigureName; readonly atMost: number };

/** Days, or vehicles where the scenario is one of a fleet. */
export interface Size {
  readonly short: number;
  readonly long: number;
}

/** A situation that the rules speak of, and what the product has to make of it. */
export interface Scenario {
  readonly id: string;
  readonly title: Bilingual;
  /** What happens, in one sentence. */
  readonly about: Bilingual;
  readonly seed: string;
  readonly size: Size;
  /** Parts of the product without which the scenario has to fail: stages of the vehicle, `recheck`, rows of rules. */
  readonly guards: readonly string[];
  readonly expects: readonly Expectation[];
}

/** Whether a figure is as it has to be. Pure. */
export function isMet(expectation: Expectation, value: number | string | undefined): boolean {
  if (value === undefined) return false;
  if ('is' in expectation) return value === expectation.is;
  if (typeof value !== 'number') return false;
  return 'atLeast' in expectation ? value >= expectation.atLeast : value <= expectation.atMost;
}

/** What was expected, for a person: `= 0`, `>= 1`. */
export function demandOf(expectation: Expectation): string {
  if ('is' in expectation) return `= ${expectation.is}`;
  return 'atLeast' in expectation ? `>= ${expectation.atLeast}` : `<= ${expectation.atMost}`;
}
