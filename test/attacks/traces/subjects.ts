import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadTraces, type Trace } from '../../../firmware-sim/traces.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { type Plane, planeAbout } from './plane.ts';

/** One person or vehicle, in columns of equal length, in order of time. */
export interface Subject {
  /** Name of the file without its ending, or the ordinal of the vehicle in it. */
  readonly name: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: Float64Array;
  /** Decimal degrees, WGS-84. */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** Metres in the plane of the set. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** People over weeks, each in a file of its own; or the vehicles of one file over a day. */
export interface SubjectSet {
  readonly subjects: readonly Subject[];
  readonly plane: Plane;
}

export interface TraceSets {
  readonly people: SubjectSet;
  readonly fleet: SubjectSet;
  /** Files that were left out, and why; for the reader of the run. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a directory of traces. People lie in its folder `geolife` when it has one, else in files that hold one trace each;
 * the fleet is every file that holds several.
 *
 * @returns or why there is nothing to attack
 */
export async function readTraceSets(directory: string): Promise<Result<TraceSets, string>> {
  if (!existsSync(directory)) return fail(`no directory ${basename(directory)}: the traces are not in the repository`);
  const own = await readFolder(directory);
  const people = join(directory, 'geolife');
  const inFolder = existsSync(people) ? await readFolder(people) : undefined;
  const single = inFolder ?? own;
  const persons = single.files.filter(({ length }) => length === 1).flat();
  const vehicles = own.files.filter(({ length }) => length > 1).flat();
  if (persons.length === 0) return fail('no file with the trace of one person');
  return ok({
    people: setOf(persons),
    fleet: setOf(vehicles),
    leftOut: [...own.leftOut, ...(inFolder?.leftOut ?? [])],
  });
}

interface Folder {
  readonly files: readonly (readonly Trace[])[];
  readonly leftOut: readonly string[];
}

async function readFolder(folder: string): Promise<Folder> {
  const names = readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name));
  const files: (readonly Trace[])[] = [];
  const leftOut: string[] = [];
  for (const name of names.sort()) {
    const listener = { onBrokenLine: () => undefined, onAssumption: () => undefined };
    const loaded = await loadTraces([join(folder, name)], LATEST, listener);
    if (loaded.ok) files.push(loaded.value.traces);
    else leftOut.push(`${name}: ${loaded.fault.code}`);
  }
  return { files, leftOut };
}

function setOf(traces: readonly Trace[]): SubjectSet {
  const longitudes = Float64Array.from(
    traces.flatMap(({ longitude }) => longitude.filter((_, index) => index % 50 === 0)),
  );
  const plane = planeAbout(longitudes.sort()[longitudes.length >> 1] ?? 0);
  return { plane, subjects: traces.map((trace) => subjectOf(trace, plane)) };
}

export function subjectOf(trace: Pick<Trace, 'source' | 'at' | 'latitude' | 'longitude'>, plane: Plane): Subject {
  const latitude = Float64Array.from(trace.latitude);
  const longitude = Float64Array.from(trace.longitude);
  const points = trace.latitude.map((value, index) =>
    plane.toPlane({ latitude: value, longitude: longitude[index] ?? 0 }),
  );
  return {
    name: trace.source.replace(/\.csv(\.gz)?#1$/, '').replace(/\.csv(\.gz)?/, ''),
    at: Float64Array.from(trace.at),
    latitude,
    longitude,
    x: Float64Array.from(points, ({ x }) => x),
    y: Float64Array.from(points, ({ y }) => y),
  };
}

/** 2030: later than any trace. */
const LATEST = Date.UTC(2030, 0, 1) as Instant;
