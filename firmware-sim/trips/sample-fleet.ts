import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import { planFleet } from '../fleet.ts';
import { later } from '../paced-frame.ts';
import { foundRegion } from '../region.ts';
import { resample } from '../resample.ts';
import { syntheticFrames } from '../synthetic.ts';
import type { Trace } from '../traces.ts';
import { type Distributions, distributionsOf } from './distributions.ts';
import { findTrips } from './find-trips.ts';

export interface FleetSample {
  readonly seed: string;
  readonly vehicles: number;
  readonly days: number;
  readonly start: Instant;
}

/** Receivers differ in how often they report; trips are looked for in points this far apart. */
export const SAMPLE_MS = 10_000;

/** How the trips of each vehicle are spread that has enough of them. */
export function distributionsOfTraces(traces: readonly Trace[], tripsMin?: number): readonly Distributions[] {
  return traces.flatMap((trace) => {
    const found = distributionsOf(findTrips(resample(trace, { everyMs: SAMPLE_MS })), tripsMin);
    return found === undefined ? [] : [found];
  });
}

/** The fixes of synthetic vehicles, as if they had been recorded. */
export function sampleFleet({ seed, vehicles, days, start }: FleetSample): readonly Trace[] {
  const region = foundRegion(seed);
  return planFleet({ vehicles, seed, traces: [] }).map((plan) => {
    const [at, latitude, longitude]: [Instant[], number[], number[]] = [[], [], []];
    const until = later(start, days * DAY_MS);
    for (const { frame } of syntheticFrames(seed, plan, start, region)) {
      if (frame.at > until) break;
      if (frame.kind !== 'fix') continue;
      at.push(frame.at);
      latitude.push(frame.latitude);
      longitude.push(frame.longitude);
    }
    return { source: plan.name, at, latitude, longitude, altitudeM: [] };
  });
}
