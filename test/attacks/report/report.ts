import { TARGETS, type Target } from './targets.table.ts';

/** A figure of a run, a share from 0 to 1 or a plain number, beside those of the baselines. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly raw?: number | undefined;
  readonly grid?: number | undefined;
  readonly blind?: number | undefined;
  /** Of this run alone, where no table has it. */
  readonly target?: Omit<Target, 'figure'>;
  readonly note?: string;
}

export interface Report {
  readonly section: (title: string) => void;
  readonly add: (figure: Figure) => void;
  /** Targets that were missed, in the order of the run. */
  readonly missed: () => readonly string[];
  /** Figures that have a target in the table and were told. */
  readonly told: () => ReadonlySet<string>;
}

/** Prints every figure beside its target and its baselines. Shares are percent. */
export function createReport(say: (line: string) => void): Report {
  const missed: string[] = [];
  const told = new Set<string>();
  return {
    section: (title) =>
      say(
        `\n${title}\n${' '.repeat(2)}${'figure'.padEnd(NAME)}${['value', 'target', '', 'raw', '1 km grid', 'blind'].map((word) => word.padStart(10)).join('')}`,
      ),
    add: (figure) => {
      const target = figure.target ?? TARGETS.find((one) => one.figure === figure.name);
      told.add(figure.name);
      const verdict = target === undefined ? '' : keeps(figure.value, target) ? 'met' : 'MISSED';
      if (verdict === 'MISSED') missed.push(`${figure.name}: ${percent(figure.value)} against ${boundOf(target)}`);
      const cells = [
        percent(figure.value),
        boundOf(target),
        verdict,
        percent(figure.raw),
        percent(figure.grid),
        percent(figure.blind),
      ];
      const note = figure.note === undefined ? '' : `  ${figure.note}`;
      say(`  ${figure.name.padEnd(NAME)}${cells.map((cell) => cell.padStart(10)).join('')}${note}`);
    },
    missed: () => missed,
    told: () => told,
  };
}

const NAME = 54;

/** A figure that is not a number keeps no target. */
export function keeps(value: number, { atMost, atLeast }: Omit<Target, 'figure'>): boolean {
  if (Number.isNaN(value)) return false;
  return (atMost === undefined || value <= atMost + ROUNDING) && (atLeast === undefined || value >= atLeast - ROUNDING);
}

const ROUNDING = 1e-9;

function boundOf(target: Omit<Target, 'figure'> | undefined): string {
  if (target?.atMost !== undefined) return `<= ${percent(target.atMost)}`;
  return target?.atLeast === undefined ? '' : `>= ${percent(target.atLeast)}`;
}

function percent(value: number | undefined): string {
  return value === undefined ? '' : Number.isNaN(value) ? 'none' : (100 * value).toFixed(1);
}
