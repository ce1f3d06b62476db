/** One line of a report. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
export const count = (value: number): string => Math.floor(value).toLocaleString('en');
/** Cut, not rounded: a ratio is never told better than it was. */
export const ratio = (value: number): string => (Math.floor(value * 1_000) / 1_000).toFixed(3);
