import type { Microdeg, Wgs84Position } from '../../proto/words/position.ts';
import type { PlaceMemory } from '../ports/place-memory.ts';
import { findPlace, PLACES_MAX, type Place } from '../trips/places.ts';
import type { AgentDatabase } from './sqlite-state.ts';

interface PlaceRow {
  readonly latitude: number;
  readonly longitude: number;
  readonly margin_m: number;
}

/**
 * Places with their secret margins in the agent's file.
 *
 * @param drawMargin - a margin for a new place, thousandths of the largest; called once a place, ever
 */
export function sqlitePlaces(database: AgentDatabase, drawMargin: (position: Wgs84Position) => number): PlaceMemory {
  const insert = database.prepare('INSERT INTO place (latitude, longitude, margin_m) VALUES (?, ?, ?)');
  const rows = database.prepare('SELECT latitude, longitude, margin_m FROM place').all() as PlaceRow[];
  const places: Place[] = rows.map((row) => ({
    position: {
      datum: 'WGS-84',
      latitudeMicrodeg: row.latitude as Microdeg,
      longitudeMicrodeg: row.longitude as Microdeg,
    },
    marginM: row.margin_m,
  }));

  const remember = (position: Wgs84Position): number | undefined => {
    if (places.length >= PLACES_MAX) return undefined;
    const marginM = Math.floor(drawMargin(position));
    try {
      insert.run(position.latitudeMicrodeg, position.longitudeMicrodeg, marginM);
    } catch {
      return undefined;
    }
    places.push({ position, marginM });
    return marginM;
  };

  return { marginAt: (position) => findPlace(places, position)?.marginM ?? remember(position) };
}
