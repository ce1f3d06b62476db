import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { PresetName } from '../replay/life.ts';
import { createVehicle } from '../replay/vehicle.ts';
import { metres, type Plane, type Point } from '../traces/plane.ts';
import type { Subject } from '../traces/subjects.ts';
import { STAY, staysOf } from '../truth/stays.ts';

/** One report of a parked car at a time. */
export type Report = (place: Point, chance: () => number) => Point | undefined;

export interface Averaged {
  /** Share of places guessed within 200 m, from the first report and from all of them. */
  readonly within200First: number;
  readonly within200All: number;
  readonly medianErrorAllM: number;
  /** Reports that left, per place. */
  readonly reports: number;
}

export const REPORTS = 10_000;
const NEAR_M = 200;

/** Offsets of parked receivers from where they stand, as the traces have them. */
export function jitterOf(subjects: readonly Subject[]): readonly Point[] {
  return subjects.flatMap((subject) =>
    staysOf(subject, STAY).flatMap(({ x, y, first, last }) => {
      const step = Math.max(1, Math.floor((last - first) / 20));
      const offsets: Point[] = [];
      for (let fix = first; fix <= last; fix += step) {
        offsets.push({ x: (subject.x[fix] ?? 0) - x, y: (subject.y[fix] ?? 0) - y });
      }
      return offsets;
    }),
  );
}

/** Reports every place so often and takes the mean of what was published. */
export function average(places: readonly Point[], report: Report, chance: () => number): Averaged {
  const firsts: number[] = [];
  const alls: number[] = [];
  let reports = 0;
  for (const place of places) {
    let [x, y, count] = [0, 0, 0];
    for (let index = 0; index < REPORTS; index += 1) {
      const reported = report(place, chance);
      if (reported === undefined) continue;
      if (count === 0) firsts.push(metres(reported, place));
      x += reported.x;
      y += reported.y;
      count += 1;
    }
    reports += count;
    if (count > 0) alls.push(metres({ x: x / count, y: y / count }, place));
  }
  const near = (errors: readonly number[]): number => errors.filter((error) => error <= NEAR_M).length / places.length;
  return {
    within200First: near(firsts),
    within200All: near(alls),
    medianErrorAllM: [...alls].sort((a, b) => a - b)[alls.length >> 1] ?? Number.NaN,
    reports: reports / places.length,
  };
}

/** Fresh noise of the Laplace kind in the plane (gamma of shape 2 for the distance), mean error in metres. */
export function freshNoise(jitter: readonly Point[], meanM: number): Report {
  return (place, chance) => {
    const seen = jittered(place, jitter, chance);
    const angle = 2 * Math.PI * chance();
    const distanceM = (-meanM / 2) * (Math.log(1 - chance()) + Math.log(1 - chance()));
    return { x: seen.x + distanceM * Math.cos(angle), y: seen.y + distanceM * Math.sin(angle) };
  };
}

export function plainCell(jitter: readonly Point[], sizeM: number): Report {
  return (place, chance) => {
    const { x, y } = jittered(place, jitter, chance);
    return { x: (Math.floor(x / sizeM) + 0.5) * sizeM, y: (Math.floor(y / sizeM) + 0.5) * sizeM };
  };
}

function jittered({ x, y }: Point, jitter: readonly Point[], chance: () => number): Point {
  const offset = jitter[Math.floor(chance() * jitter.length)];
  return { x: x + (offset?.x ?? 0), y: y + (offset?.y ?? 0) };
}

const REPORT_MS = 60_000;
const RESTART_REPORTS = 100;
const REINSTALL_REPORTS = 2_500;

export interface ParkedOptions {
  readonly preset: PresetName;
  readonly directory: string;
  readonly plane: Plane;
  readonly jitter: readonly Point[];
  readonly seed: number;
}

/** Frames that leave a parked car in as many reports, over restarts and reinstallations: none, or it is not parked to the product. */
export function parkedFrames(places: readonly Point[], options: ParkedOptions, chance: () => number): number {
  let frames = 0;
  for (const [index, place] of places.entries()) {
    const { preset, directory, seed } = options;
    const vehicle = createVehicle({
      preset: POSITION_PRESETS[preset],
      directory,
      name: `parked-${preset}-${index}`,
      seed: seed + index,
    });
    for (let report = 0; report < REPORTS; report += 1) {
      if (report % REINSTALL_REPORTS === REINSTALL_REPORTS - 1) vehicle.reinstall();
      else if (report % RESTART_REPORTS === RESTART_REPORTS - 1) vehicle.restart();
      const at = (PARKED_SINCE + report * REPORT_MS) as Instant;
      const fix = options.plane.toDegrees(jittered(place, options.jitter, chance));
      frames += vehicle.take({ kind: 'fix', at, ...fix }).length;
    }
    vehicle.close();
  }
  return frames;
}

const PARKED_SINCE = Date.UTC(2020, 0, 6);
