import { z } from 'zod';
import { instantOfText } from '../../proto/config/instant-text.ts';
import { CAMERA_PLACES, type RawFrame } from '../../proto/words/raw-frame.ts';
import { parseBase64 } from './base64.ts';
import { IMAGE_BYTES_MAX, imageFormatOf } from './image-format.ts';
import { looksGlobal, parsePoints, SENSOR_RANGE_M_MAX } from './points/points.ts';

/** Longest line a source may write, bytes: a 2 MB picture in base64 and its envelope. */
export const LINE_BYTES_MAX = 3_000_000;

/** Signals one frame may hold before the allow-list. */
const SIGNALS_MAX = 2_048;

/** Objects one frame may hold; a radar tracks a few hundred. */
const OBJECTS_MAX = 1_024;

const at = instantOfText;

/** Of a camera, a sensor, a class of objects. */
const name = z.string().max(64);

/** In a sensor's frame; farther away it would be a place. */
const metres = z.number().min(-SENSOR_RANGE_M_MAX).max(SENSOR_RANGE_M_MAX);

const value = z.union([z.number(), z.boolean(), z.string().max(256)]);

const Line = z.discriminatedUnion('kind', [
  // Whether the numbers make a position is asked later, so that the agent can say which kind of nonsense came in.
  z.strictObject({
    kind: z.literal('fix'),
    at,
    latitude: z.number().or(z.null()),
    longitude: z.number().or(z.null()),
    altitudeM: z.number().optional(),
    headingDeg: z.number().optional(),
  }),
  z.strictObject({
    kind: z.literal('signals'),
    at,
    signals: z.record(z.string().max(128), value),
  }),
  z.strictObject({
    kind: z.literal('image'),
    at,
    camera: name,
    // A writer that does not say what the camera looks at gets the stricter rules.
    place: z.enum(CAMERA_PLACES).default('cabin'),
    dataBase64: z.string().max(LINE_BYTES_MAX),
  }),
  z.strictObject({
    kind: z.literal('point-cloud'),
    at,
    sensor: name,
    georeferenced: z.boolean(),
    pointsBase64: z.string().max(LINE_BYTES_MAX),
  }),
  z.strictObject({
    kind: z.literal('objects'),
    at,
    sensor: name,
    objects: z.array(z.strictObject({ class: name, xM: metres, yM: metres })).max(OBJECTS_MAX),
  }),
  z.strictObject({ kind: z.literal('clock'), at }),
]);

/**
 * Parses one line of the raw-frame protocol (docs/raw-frames.md). Unknown keys and kinds are refused.
 *
 * @returns undefined for anything else; the line itself is not kept, since it may hold a position
 */
export function parseRawFrame(line: string): RawFrame | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  // Before the parser looks at each of them: a line of nothing but bad signals took it 3 s and 380 MB.
  if (sizeOf(json, 'signals') > SIGNALS_MAX || sizeOf(json, 'objects') > OBJECTS_MAX) return undefined;
  const parsed = Line.safeParse(json);
  return parsed.success ? frameOf(parsed.data) : undefined;
}

function frameOf(line: z.infer<typeof Line>): RawFrame | undefined {
  switch (line.kind) {
    case 'fix':
      // JSON has no NaN: a receiver without a fix writes null, which no position is.
      return {
        kind: 'fix',
        at: line.at,
        latitude: line.latitude ?? Number.NaN,
        longitude: line.longitude ?? Number.NaN,
        // Only ever as classes of a statistic, where a policy asks for them.
        ...(line.altitudeM === undefined ? {} : { altitudeM: line.altitudeM }),
        ...(line.headingDeg === undefined ? {} : { headingDeg: line.headingDeg }),
      };
    case 'image': {
      const bytes = parseBase64(line.dataBase64);
      if (bytes === undefined || bytes.length > IMAGE_BYTES_MAX || imageFormatOf(bytes) === undefined) return undefined;
      return { kind: 'image', at: line.at, camera: line.camera, place: line.place, bytes };
    }
    case 'point-cloud': {
      const points = parsePoints(line.pointsBase64);
      if (points === undefined) return undefined;
      const georeferenced = line.georeferenced || looksGlobal(points);
      return { kind: 'point-cloud', at: line.at, sensor: line.sensor, points, georeferenced };
    }
    default:
      return line;
  }
}

/** Keys of an object, or elements of a list, that stands under a name. */
function sizeOf(json: unknown, name: string): number {
  if (typeof json !== 'object' || json === null) return 0;
  const inner = (json as Readonly<Record<string, unknown>>)[name];
  return typeof inner === 'object' && inner !== null ? Object.keys(inner).length : 0;
}
