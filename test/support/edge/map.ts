import { toDegrees } from '../../../proto/geo/datum.ts';
import { degreesOf, parsePosition, type Wgs84Position } from '../../../proto/words/position.ts';

/** Metres east and north of the corner of a 5 km cell near Lake Tai: whole multiples of 5 000 are cell edges. */
export type Spot = readonly [eastM: number, northM: number];

/** Row and column of the cell that begins at the corner. */
export const CORNER = { zone: 40, row: 691, column: 101 } as const;

export function degreesAt([eastM, northM]: Spot): { readonly latitude: number; readonly longitude: number } {
  const { zone, row, column } = CORNER;
  return toDegrees({ zone, eastingM: column * 5_000 + eastM, northingM: row * 5_000 + northM });
}

export function positionAt(spot: Spot): Wgs84Position {
  const { latitude, longitude } = degreesAt(spot);
  const parsed = parsePosition(latitude, longitude);
  if (!parsed.ok) throw new Error(parsed.fault.code);
  return parsed.value;
}

export function degreesOfPosition(position: Wgs84Position): { readonly latitude: number; readonly longitude: number } {
  return { latitude: degreesOf(position.latitudeMicrodeg), longitude: degreesOf(position.longitudeMicrodeg) };
}
