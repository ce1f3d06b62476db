import { distanceM, onStreets, type PlanePoint } from './city.ts';
import type { Place } from './household.ts';
import type { Prng } from './prng.ts';
import type { Region } from './region.ts';
import { findWay, junctionNear } from './roads/find-way.ts';
import { ROAD_CLASSES, type Road } from './roads/road-classes.table.ts';

/** The corners of a way, first and last point included; at least one point. */
export type Route = readonly RoutePoint[];

export interface RoutePoint extends PlanePoint {
  /** The road that leads here from the point before; where nothing is said, that of the drive. */
  readonly by?: Road;
}

/** From door to door over the road network, by one of the ways that this driver is used to. */
export function planRoute({ city, roads }: Region, from: Place, to: Place, prng: Prng): Route {
  const way = findWay(roads, [junctionNear(roads, from), junctionNear(roads, to)], prng.whole(1, HABITS));
  const pointOf = (junction: number) => {
    const { alongM, acrossM } = roads.junctions[junction] ?? from;
    return onStreets(city, alongM, acrossM);
  };
  const street = ROAD_CLASSES.street;
  const corners: Route = [
    onStreets(city, from.alongM, from.acrossM),
    { ...pointOf(way.start), by: street },
    ...way.links.map(({ to: junction, by }) => ({ ...pointOf(junction), by: ROAD_CLASSES[by] })),
    { ...onStreets(city, to.alongM, to.acrossM), by: street },
  ];
  return corners.filter((corner, index) => {
    const before = corners[index - 1];
    return before === undefined || distanceM(before, corner) >= LEG_M_MIN;
  });
}

const HABITS = 3;
const LEG_M_MIN = 1;
