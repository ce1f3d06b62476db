/** Longest watch: a month. */
const SECONDS_MAX = 2_678_400;

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** Seconds of `90s`, `15m`, `2h`; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,7})([smh])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  return seconds >= 1 && seconds <= SECONDS_MAX ? seconds : undefined;
}
