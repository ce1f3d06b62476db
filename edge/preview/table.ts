import type { Preview } from './preview.ts';

const WHAT_WIDTH = 66;
const COUNT_WIDTH = 10;

/** What the vehicle knows beside what would leave, and why the rest stays. */
export function previewTable({ lines, removed, frames }: Preview): readonly string[] {
  const causes = Object.entries(removed).sort(([, a], [, b]) => b - a);
  return [
    `${frames.length} frame(s)`,
    '',
    row('what', 'known', 'leaves'),
    ...lines.map(({ what, known, leaves }) => row(what, String(known), String(leaves))),
    '',
    causes.length === 0 ? 'nothing was removed' : 'removed, as the cloud would be told:',
    ...causes.map(([cause, count]) => `${cause.padEnd(WHAT_WIDTH)}${String(count).padStart(COUNT_WIDTH)}`),
  ];
}

const row = (what: string, known: string, leaves: string): string =>
  `${what.padEnd(WHAT_WIDTH)}${known.padStart(COUNT_WIDTH)}${leaves.padStart(COUNT_WIDTH)}`;
