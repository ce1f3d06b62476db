import { findVins } from './vin.ts';

/** When the same call may succeed: at once, later by itself, after somebody has carried out the remedy, or never. */
export type Retry = 'now' | 'later' | 'after-remedy' | 'never';

/** Words for the operator, in both languages of the product. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/**
 * An expected failure. `problem` and `remedy` are one clause each, lower case, inputs in backticks, no line break, and
 * never hold a VIN, a position or a subject tag: faults are printed, logged and counted.
 */
export interface Fault<Code extends string = string> {
  readonly code: Code;
  readonly problem: Bilingual;
  readonly remedy: Bilingual;
  readonly retry: Retry;
}

/** Two lines for a terminal: what is wrong, then what to do about it. */
export function renderFault(program: string, fault: Fault, language: keyof Bilingual = 'en'): string {
  return `${program}: error: ${fault.problem[language]} [${fault.code}]\n${program}: hint: ${fault.remedy[language]}`;
}

/** Short form for tables of faults. */
export function bilingual(en: string, zh: string): Bilingual {
  return { en, zh };
}

/**
 * What a thrown value says of itself, cut to one line so that it can stand inside a fault. System errors quote paths, and
 * an operator may have put a VIN into one (or in place of one), so VINs are taken out.
 */
export function causeText(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const line = text.split('\n', 1)[0] ?? '';
  return findVins(line)
    .reduce((shown, vin) => shown.replaceAll(vin, '<redacted>'), line)
    .slice(0, CAUSE_CHARACTERS_MAX);
}

const CAUSE_CHARACTERS_MAX = 200;
