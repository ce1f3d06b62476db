import { assert } from '../proto/words/result.ts';
import type { Vin } from '../proto/words/vin.ts';
import { vinOfVehicle } from './vehicle-vin.ts';

/** One simulated vehicle, before anything moves. */
export interface VehiclePlan {
  /** `v0001`, `v0002` ...: the name of its socket; says nothing of the VIN. */
  readonly name: string;
  readonly vin: Vin;
  readonly drive: DriveSource;
}

export type DriveSource = SyntheticSource | TraceSource;

export interface SyntheticSource {
  readonly kind: 'synthetic';
}

/** One real trace; `trace` is its place in the list the plan was made from. */
export interface TraceSource {
  readonly kind: 'trace';
  readonly trace: number;
  /** File name and ordinal in the file, see `Trace`. */
  readonly source: string;
}

export interface FleetRequest {
  /** How many; synthetic fleets default to 20, replayed ones to every trace there is, and never more than that. */
  readonly vehicles: number | undefined;
  readonly seed: string;
  readonly traces: readonly { readonly source: string }[];
}

export const VEHICLES_MAX = 100_000;
export const SYNTHETIC_VEHICLES_DEFAULT = 20;

/**
 * Names the vehicles of a fleet. Pure: whoever knows the request (the simulator, and whoever issues the certificates)
 * gets the same names and VINs in the same order. Vehicle n is the same in a fleet of any size.
 */
export function planFleet(request: FleetRequest): readonly VehiclePlan[] {
  const count = countOf(request);
  assert(Number.isInteger(count) && count >= 1 && count <= VEHICLES_MAX, 'a fleet has 1 to VEHICLES_MAX vehicles');
  return Array.from({ length: count }, (_, index) => ({
    name: `v${String(index + 1).padStart(NAME_DIGITS, '0')}`,
    vin: vinOfVehicle(request.seed, index + 1),
    drive: sourceOf(request, index),
  }));
}

function countOf({ vehicles, traces }: FleetRequest): number {
  if (traces.length === 0) return vehicles ?? SYNTHETIC_VEHICLES_DEFAULT;
  return Math.min(vehicles ?? traces.length, traces.length);
}

function sourceOf({ traces }: FleetRequest, index: number): DriveSource {
  const trace = traces[index];
  return trace === undefined ? { kind: 'synthetic' } : { kind: 'trace', trace: index, source: trace.source };
}

const NAME_DIGITS = 4;
