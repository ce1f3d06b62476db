import { assert, isNonEmpty, type NonEmpty } from '../proto/words/result.ts';
import { type City, foundCity } from './city.ts';
import { type District, layDistricts } from './roads/districts.ts';
import { layRoads, type RoadNetwork } from './roads/road-network.ts';
import { type SensitiveArea, sensitiveAreas } from './sensitive-areas.ts';

/** Everything of a seed that vehicles share: a city and two towns that do not exist, and the roads between. */
export interface Region {
  readonly city: City;
  readonly districts: readonly District[];
  readonly areas: NonEmpty<SensitiveArea>;
  readonly roads: RoadNetwork;
}

export function foundRegion(seed: string): Region {
  const city = foundCity(seed);
  const districts = layDistricts(seed);
  const areas = sensitiveAreas(seed, city);
  assert(isNonEmpty(areas), 'a fictional city has sensitive areas');
  return { city, districts, areas, roads: layRoads(seed, districts) };
}
