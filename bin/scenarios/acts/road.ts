import { createBattery } from '../../../firmware-sim/battery.ts';
import { type City, foundCity, onStreets } from '../../../firmware-sim/city.ts';
import { later } from '../../../firmware-sim/paced-frame.ts';
import { createPrng, type Prng } from '../../../firmware-sim/prng.ts';
import type { Route } from '../../../firmware-sim/route.ts';
import { airTemperatureC, createSignalsReporter } from '../../../firmware-sim/signals.ts';
import { type Ride, type TripPlan, tripFrames } from '../../../firmware-sim/tcu/trip.ts';
import { vinOfVehicle } from '../../../firmware-sim/vehicle-vin.ts';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, startOfDay } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { type Convoy, type Rider, startConvoy } from '../convoy.ts';
import { type Mainland, openMainland } from '../mainland.ts';
import { type Operator, operatorOf, type PolicyRequest } from '../policies.ts';
import type { World } from '../world.ts';

/** A road scenario under way: an operator, the mainland, and vehicles on their way. */
export interface Road {
  readonly city: City;
  readonly operator: Operator;
  readonly mainland: Mainland;
  readonly convoy: Convoy;
  readonly join: (ordinal: number, preset: Preset, fences?: Uint8Array) => RoadRider;
}

export interface RoadRider extends Rider {
  readonly vin: Vin;
  readonly ride: Ride;
  readonly prng: Prng;
  /** Lengths of the trips of all vehicles, metres, as they truly were. */
  readonly lengths: number[];
}

/** Rows of trips are held back for a day, and whatever came in between waits as long. */
export const HELD_BACK_MS = 30 * HOUR_MS;

/** Opens the mainland, plays, and counts what became of it. */
export async function onTheRoad(
  world: World,
  play: (road: Road) => Promise<void>,
  setting: Pick<PolicyRequest, 'isFenced' | 'paths' | 'sensors' | 'purposes'> = {},
): Promise<void> {
  const operator = operatorOf(world.seed);
  const from = world.clock.now();
  const policies = new Map(PRESETS.map((preset) => [preset, operator.policy({ preset, from, ...setting })]));
  const mainland = openMainland(world, [...policies.values()]);
  const convoy = startConvoy(world, mainland);
  const city = foundCity(world.seed);
  const lengths: number[] = [];
  try {
    await play({
      ...{ city, operator, mainland, convoy },
      join: (ordinal, preset, fences) => {
        const vin = vinOfVehicle(world.seed, ordinal);
        const policy = policies.get(preset) ?? new Uint8Array();
        const setting = { name: `v${ordinal}`, vin, policy, operatorKey: operator.publicKey };
        const rider = convoy.join(fences === undefined ? setting : { ...setting, fences });
        return { ...rider, lengths, vin, ...carOf(world, city, rider.vehicle.name, vin) };
      },
    });
    convoy.count();
    world.set('rows-off', rowsOff(convoy.outgoing.left(), lengths));
  } finally {
    convoy.close();
    mainland.close();
  }
}

const PRESETS = ['strict', 'fleet'] as const;
type Preset = (typeof PRESETS)[number];

function carOf(world: World, city: City, name: string, vin: Vin): { readonly ride: Ride; readonly prng: Prng } {
  const prng = createPrng(`${world.seed}/${name}/car`);
  let odometer = prng.whole(1_000_000, 80_000_000);
  const odometerM = (movedM: number): number => {
    odometer += movedM;
    return odometer;
  };
  const battery = createBattery(prng, airTemperatureC(world.clock.now()));
  return { prng, ride: { city, battery, report: createSignalsReporter(vin), odometerM } };
}

/** Drives a trip through a rider; gives the metres that were truly driven. */
export async function drive(world: World, rider: RoadRider, plan: TripPlan): Promise<number> {
  const frames = tripFrames(rider.ride, plan, rider.prng);
  world.add('trips-driven', 1);
  for (;;) {
    const next = frames.next();
    if (next.done === true) {
      rider.lengths.push(next.value.distanceM);
      world.advance(next.value.arrivedAt);
      return next.value.distanceM;
    }
    await rider.take(next.value);
  }
}

/** All of them park until then, hour by hour. @param isHome - within reach of Wi-Fi */
export async function parkAll(
  world: World,
  riders: readonly Rider[],
  { until, isHome }: { readonly until: Instant; readonly isHome: boolean },
): Promise<void> {
  while (world.clock.now() < until) {
    const next = Math.min(world.clock.now() + HOUR_MS, until) as Instant;
    for (const rider of riders) await rider.park(next, isHome);
  }
}

/** When it is so many o'clock next, in Shanghai. */
export function nextAt({ clock }: World, hours: number): Instant {
  const today = startOfDay(civilDateOf(clock.now())) + hours * HOUR_MS;
  return (today > clock.now() ? today : today + DAY_MS) as Instant;
}

/** A distance and a time as a person says them. */
export const kmOf = (metres: number): string => (metres / 1_000).toFixed(1);
export const minutesSince = ({ clock }: World, at: Instant): number => Math.round((clock.now() - at) / 60_000);

/** Parks until everything that was held back is out, and sends the rest. */
export async function endOfRoad(world: World, rider: Rider): Promise<void> {
  await rider.park(later(world.clock.now(), HELD_BACK_MS));
  await rider.drain();
}

/** Drives round the corner and stays for an hour: a trip publishes cells only where it is known where it began. */
export async function settleIn(world: World, rider: RoadRider, city: City, at: StreetPlace): Promise<void> {
  const route = straight(city, { ...at, alongM: at.alongM - FIRST_DRIVE_M }, FIRST_DRIVE_M);
  await drive(world, rider, { route, departAt: world.clock.now() });
  await rider.park(later(world.clock.now(), HOUR_MS));
}

const FIRST_DRIVE_M = 2_000;

export interface StreetPlace {
  readonly alongM: number;
  readonly acrossM: number;
}

/** A straight line of so many metres from a place in the city. */
export function straight(city: City, { alongM, acrossM }: StreetPlace, lengthM: number): Route {
  return [onStreets(city, alongM, acrossM), onStreets(city, alongM + lengthM, acrossM)];
}

/** Rows that pair up with no trip, by rank of length: a class is off where it is more than one from that of the drive. */
function rowsOff(left: readonly FrameContent[], lengths: readonly number[]): number {
  const told = left.flatMap((frame) => (frame.kind === 'trip' ? [frame.distanceClass] : [])).sort((a, b) => a - b);
  const driven = [...lengths].sort((a, b) => a - b).map((metres) => Math.floor(Math.log2(metres / CLASS_UNIT_M)) + 1);
  const offRank = told.filter((one, rank) => Math.abs(one - (driven[rank] ?? Number.NaN)) > 1).length;
  return offRank + Math.abs(told.length - driven.length);
}

/** Class 1 begins here, and each further one at twice the length. */
const CLASS_UNIT_M = 500;
