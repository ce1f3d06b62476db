import { EXIT } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import { loadTraces } from '../traces.ts';
import {
  FIGURES,
  MEASURES,
  type Measure,
  middleOf,
  outside,
  type Ranges,
  rangesOf,
  TRIPS_MIN,
} from './distributions.ts';
import { REAL_RANGES } from './real-ranges.table.ts';
import { distributionsOfTraces, sampleFleet } from './sample-fleet.ts';

export interface DistributionFlags {
  readonly traces?: readonly string[];
  readonly vehicles: number;
  readonly days: number;
  readonly seed: string;
  readonly trips?: number;
  readonly json?: boolean;
}

export interface DistributionIo {
  readonly clock: Clock;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * `tongguan sim distributions [--traces FILE...]`: how trips are spread. Of traces the ranges over their vehicles; without
 * traces a synthetic fleet's middle vehicle beside the ranges of real ones.
 *
 * @returns exit status: 0 done, 1 a fault, or figures outside of the ranges
 */
export async function showDistributions(flags: DistributionFlags, io: DistributionIo): Promise<number> {
  return flags.traces === undefined ? showFleet(flags, io) : showTraces(flags.traces, flags, io);
}

async function showTraces(
  files: readonly string[],
  { trips = TRIPS_MIN, json }: DistributionFlags,
  io: DistributionIo,
): Promise<number> {
  const tell = (fault: Parameters<typeof renderFault>[1]) => io.err(renderFault('sim distributions', fault));
  const loaded = await loadTraces(files, io.clock.now(), { onBrokenLine: tell, onAssumption: () => undefined });
  if (!loaded.ok) {
    tell(loaded.fault);
    return EXIT.fault;
  }
  const vehicles = distributionsOfTraces(loaded.value.traces, trips);
  const ranges = rangesOf(vehicles);
  if (json === true) io.out(JSON.stringify({ vehicles: vehicles.length, ranges }));
  else for (const line of linesOf(ranges)) io.out(line);
  io.err(`sim distributions: ${vehicles.length} vehicles with ${trips} trips or more`);
  return EXIT.done;
}

function showFleet({ seed, vehicles, days, json }: DistributionFlags, io: DistributionIo): number {
  const found = distributionsOfTraces(sampleFleet({ seed, vehicles, days, start: FLEET_START }));
  const figures = middleOf(found);
  const off = outside(figures, REAL_RANGES);
  if (json === true) io.out(JSON.stringify({ vehicles: found.length, figures, ranges: REAL_RANGES, outside: off }));
  else {
    for (const line of linesOf(REAL_RANGES, (measure, figure) => ` ${figures[measure][figure]}`)) io.out(line);
    for (const line of off) io.err(`sim distributions: ${line}`);
  }
  return off.length === 0 ? EXIT.done : EXIT.fault;
}

/** A Monday in spring: neither a holiday nor the end of a year. */
const FLEET_START = Date.parse('2026-03-02T00:00:00+08:00') as Instant;

/** A table in the manner of docs: `| lengthKm | 0.9 to 3.1 | ... |`. */
function linesOf(ranges: Ranges, beside: (measure: Measure, figure: (typeof FIGURES)[number]) => string = () => '') {
  const rows = (Object.keys(MEASURES) as Measure[]).map((measure) => {
    const cells = FIGURES.map((figure) => {
      const [least, most] = ranges[measure][figure];
      const value = beside(measure, figure);
      return value === '' ? `${least} to ${most}` : `${least} to ${most}:${value}`;
    });
    return `| ${measure} | ${cells.join(' | ')} |`;
  });
  return [`| | ${FIGURES.join(' | ')} |`, '|---|---|---|---|', ...rows];
}
