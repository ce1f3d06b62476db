import { z } from 'zod';
import { FENCES_MAX, RING_CORNERS_MAX, type Ring } from '../../proto/codec/fence-codec.ts';
import { parsePosition, type Wgs84Position } from '../../proto/words/position.ts';

/** Places an operator may name for decoys. */
const PLACES_MAX = 1_000_000;

/** Longitude, latitude, as GeoJSON has them (RFC 7946); a height is refused. */
const corner = z.tuple([z.number(), z.number()]);

const Areas = z.strictObject({
  type: z.literal('FeatureCollection'),
  features: z
    .array(
      z.object({
        type: z.literal('Feature'),
        // One outer ring; a hole in a sensitive area would be drawn on the map by what is published in it.
        geometry: z.strictObject({
          type: z.literal('Polygon'),
          coordinates: z.tuple([
            z
              .array(corner)
              .min(4)
              .max(RING_CORNERS_MAX + 1),
          ]),
        }),
      }),
    )
    .min(1)
    .max(FENCES_MAX),
});

/**
 * Reads areas from GeoJSON, WGS-84, polygons of one closed ring each. Properties are not looked at.
 *
 * @throws Error that names a feature by its number, never by what stands in it
 */
export function parseAreas(text: string): readonly Ring[] {
  const parsed = Areas.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`areasFile: ${issue?.path.slice(0, 2).join('.') || '(root)'}: expected GeoJSON polygons`);
  }
  return parsed.data.features.map(({ geometry }, number) => {
    const [ring] = geometry.coordinates;
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1])
      throw new Error(`areasFile: feature ${number}: not closed`);
    return ring.slice(0, -1).map(([longitude, latitude]) => {
      const position = parsePosition(latitude, longitude);
      if (!position.ok) throw new Error(`areasFile: feature ${number}: ${position.fault.code}`);
      return position.value;
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text, which is secret.
    throw new Error('areasFile: no JSON');
  }
}

/**
 * Reads places from CSV: a header `lat,lon`, then decimal degrees, WGS-84.
 *
 * @throws Error that names a line by its number
 */
export function parsePlaces(text: string): readonly Wgs84Position[] {
  const [header, ...lines] = text.split(/\r?\n/);
  if (header !== 'lat,lon') throw new Error('placesFile: expected the header `lat,lon`');
  const rows = lines.filter((line) => line !== '');
  if (rows.length > PLACES_MAX) throw new Error(`placesFile: more than ${PLACES_MAX} lines`);
  return rows.map((line, index) => {
    const [latitude, longitude, ...more] = line.split(',');
    const position = parsePosition(Number(latitude || Number.NaN), Number(longitude || Number.NaN));
    if (!position.ok || more.length > 0) throw new Error(`placesFile: line ${index + 2}: no position`);
    return position.value;
  });
}
