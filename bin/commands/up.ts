import { type Command, InvalidArgumentError, Option } from 'commander';
import { servingSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly data: string;
  readonly vehicles?: number;
  readonly seed: string;
  readonly traces?: string[];
  readonly for?: number;
  readonly json?: boolean;
  readonly empty?: boolean;
}

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('everything on one machine: fleet, agents, cloud, exporter and a recipient (docs/up.md)')
    .option('--data <directory>', 'where everything is kept; a second start goes on with it', 'data')
    .option('--vehicles <count>', 'how many vehicles (default: 200, or one for each trace)', count)
    .option('--seed <text>', 'same seed, same fleet', 'tongguan')
    .option('--traces <file...>', 'replay real traces instead of synthetic drives (formats: docs/raw-frames.md)')
    .addOption(
      new Option(
        '--empty',
        'no vehicles, recipients or registers: a real start, to be set up in the browser',
      ).conflicts(['vehicles', 'traces']),
    )
    .option('--for <time>', 'run so long and stop, e.g. 20s or 5m', duration)
    .option('--json', 'one JSON object at the end on standard output')
    .action((flags: Flags) =>
      run(async () => {
        const { up } = await import('../up/up.ts');
        const { data, vehicles, seed, traces = [], for: forMs, json = false, empty = false } = flags;
        return up({ data, vehicles, seed, traces, forMs, json, empty }, servingSurroundings('up'));
      }),
    );
}

const VEHICLES_MAX = 2_000;

function count(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= VEHICLES_MAX) return value;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${VEHICLES_MAX}.`);
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `20s`, `5m` or `1h`. */
function duration(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (amount !== undefined && unitMs !== undefined && Number(amount) > 0) return Number(amount) * unitMs;
  throw new InvalidArgumentError('expected a number with s, m or h, such as 20s.');
}
