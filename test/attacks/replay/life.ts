import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import { POSITION_PRESETS } from '../../../proto/codec/control-codec.ts';
import type { CellFrame, TripRow } from '../../../proto/codec/telemetry-codec.ts';
import { centreOf } from '../../../proto/geo/grid.ts';
import { HOUR_MS, type Instant } from '../../../proto/words/time.ts';
import { seededChance } from '../../support/edge/seeded.ts';
import type { Plane, Point } from '../traces/plane.ts';
import type { Subject, SubjectSet } from '../traces/subjects.ts';
import type { Observation, ObservedTrip, Publication, Sighting } from './observed.ts';
import { createVehicle, type Vehicle } from './vehicle.ts';

/** Presets that may publish something, by the names of the codec: one that is added there is attacked here. */
export const PRESETS = Object.keys(POSITION_PRESETS).filter((name) => name !== 'none') as readonly PresetName[];

export type PresetName = keyof typeof POSITION_PRESETS;

export interface ReplayOptions {
  readonly preset: PresetName;
  /** Where the vehicles keep their files. */
  readonly directory: string;
  readonly seed: number;
  /**
   * Moves the world by so many metres before the vehicle sees it, and what it published back: another origin of the grid,
   * while the product has but one.
   */
  readonly shift: Point;
  /** The agent is installed anew in every so many long silences; absent means never. */
  readonly reinstallEvery?: number;
  /** Version of a fence set that the policy demands and no vehicle has. */
  readonly fenceVersionMin?: number;
}

/** Silence after which the TCU's clock still ticks; the vehicle is parked. */
const CLOCK_MS = 11 * 60_000;
/** The agent restarts while parked in one of so many long silences, and once in so many fixes wherever it is. */
const PARKED_RESTART_OF = 4;
const RESTART_FIXES = 40_000;

/** Publishes the traces of a set through the product's stages, a vehicle for each subject. */
export function publishPreset(set: SubjectSet, options: ReplayOptions): Publication {
  const seen = set.subjects.map((subject, index) => live(subject, set.plane, index, options));
  const sizes = new Set(seen.flatMap(({ frames }) => frames.map(({ sizeM }) => sizeM)));
  const hours = seen.flatMap(({ frames }) => frames.map(({ hour }) => hour));
  return {
    name: options.preset,
    sizeM: Math.max(0, ...sizes),
    spanMs: hours.length > 0 && hours.every((hour) => hour % 24 === SHANGHAI_MIDNIGHT_UTC) ? 24 * HOUR_MS : HOUR_MS,
    observations: seen.map(({ observation }) => observation),
  };
}

interface Life {
  readonly observation: Observation;
  readonly frames: readonly CellFrame[];
}

function live(subject: Subject, plane: Plane, index: number, options: ReplayOptions): Life {
  const seed = options.seed * 100_003 + index;
  const vehicle = createVehicle({
    preset: POSITION_PRESETS[options.preset],
    directory: options.directory,
    name: `${options.preset}-${options.seed}-${index}`,
    seed,
    fenceVersionMin: options.fenceVersionMin,
  });
  const chance = seededChance(seed + 1);
  const collector = createCollector(plane, options.shift);
  let silences = 0;
  for (let fix = 0; fix < subject.at.length; fix += 1) {
    const at = (subject.at[fix] ?? 0) as Instant;
    const before = subject.at[fix - 1] ?? at;
    if (at - before > CLOCK_MS) {
      silences += 1;
      tickWhileParked(vehicle, collector, before, chance);
      if (silences % (options.reinstallEvery ?? Number.POSITIVE_INFINITY) === 0) vehicle.reinstall();
    }
    if (fix % RESTART_FIXES === RESTART_FIXES - 1) vehicle.restart();
    const moved = plane.toDegrees({
      x: (subject.x[fix] ?? 0) + options.shift.x,
      y: (subject.y[fix] ?? 0) + options.shift.y,
    });
    collector.add(vehicle.take({ kind: 'fix', at, ...moved }), at);
  }
  tickWhileParked(vehicle, collector, subject.at.at(-1) ?? 0, chance);
  vehicle.close();
  return collector.finish();
}

function tickWhileParked(vehicle: Vehicle, collector: Collector, since: number, chance: () => number): void {
  const at = (since + CLOCK_MS) as Instant;
  collector.add(vehicle.take({ kind: 'clock', at }), at);
  if (chance() * PARKED_RESTART_OF < 1) vehicle.restart();
}

interface Collector {
  readonly add: (frames: readonly SealedFrame[], now: number) => void;
  readonly finish: () => Life;
}

function createCollector(plane: Plane, shift: Point): Collector {
  const trips: ObservedTrip[] = [];
  const rows: TripRow[] = [];
  const all: CellFrame[] = [];
  const sightingOf = (cell: CellFrame): Sighting => {
    const centre = plane.toPlane(centreOf({ datum: 'CGCS2000/grid', ...cell }));
    return { x: centre.x - shift.x, y: centre.y - shift.y, from: cell.hour * HOUR_MS, sizeM: cell.sizeM };
  };
  return {
    add: (sealed, now) => {
      if (sealed.length === 0) return;
      const sightings: Sighting[] = [];
      let tag = '';
      let arrivedAt: number | undefined = now;
      for (const { content, notBefore } of sealed) {
        if (content.kind === 'trip') rows.push(content);
        if (content.kind !== 'cell') continue;
        if (notBefore !== undefined) arrivedAt = undefined;
        tag = Buffer.from(content.subjectTag).toString('hex');
        sightings.push(sightingOf(content));
        all.push(content);
      }
      if (sightings.length > 0) trips.push({ tag, arrivedAt, sightings });
    },
    finish: () => ({ observation: { trips, rows }, frames: all }),
  };
}

/** A day floor in Shanghai stands at this hour of UTC. */
const SHANGHAI_MIDNIGHT_UTC = 16;
