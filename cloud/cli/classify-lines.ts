import { z } from 'zod';
import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { HOUR_MS, type Instant, parseCivilDate, parseInstant } from '../../proto/words/time.ts';
import type { ObservedContent } from '../classification/observed.ts';

/** One record of a file; docs/classification.md explains every key. */
export interface RecordLine {
  /** Whose it is: a device number, or a name of a subject. */
  readonly who: string;
  /** Makes it one record however often it stands in the file. */
  readonly key: { readonly epoch: number; readonly sequence: number } | undefined;
  readonly area: string | undefined;
  readonly content: ObservedContent;
}

/** Why a line is no record. It names no content of it. */
export type LineFault = 'json' | 'keys' | 'whose' | 'format' | 'damaged';

/** Longest line, characters: a picture of 2 MB in base64 and its envelope. */
export const LINE_CHARACTERS_MAX = 3_000_000;

const MINUTE_MS = 60_000;

const at = z.string().transform((text, context): Instant => {
  const parsed = parseInstant(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: 'RFC 3339 with an offset' });
  return z.NEVER;
});
const whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().min(1).max(64);
const SIDE_PX_MAX = 100_000;
const BOXES_MAX = 1_024;
const pixels = z.array(z.number().min(0).max(SIDE_PX_MAX)).max(BOXES_MAX).optional();
const ignored = z.unknown().optional();

const who = {
  device: whole.optional(),
  subject: name.optional(),
  vehicle: name.optional(),
  epoch: whole.optional(),
  sequence: whole.optional(),
  area: name.optional(),
};

const value = z.union([z.number(), z.boolean(), z.string().max(256)]);

const Signals = z.strictObject({
  ...who,
  kind: z.literal('signals'),
  at,
  signals: z.record(z.string().max(128), value),
});
const Cell = z.strictObject({
  ...{ ...who, kind: z.literal('cell'), at, sizeM: whole, zone: whole, row: whole, column: whole },
});
const Trip = z.strictObject({
  ...{ ...who, kind: z.literal('trip') },
  localDate: z.string().refine((text) => parseCivilDate(text).ok),
  distanceClass: z.int().min(0).max(20),
  durationClass: z.int().min(0).max(20),
});
const Image = z.strictObject({
  ...{ ...who, kind: z.literal('image'), at, camera: name, place: z.enum(['exterior', 'cabin']).optional() },
  ...{ treatment: z.enum(['mosaic', 'redact']).optional(), faces: pixels, plates: pixels },
  ...{ dataBase64: ignored, width: ignored, height: ignored, regions: ignored },
});
const Points = z.strictObject({
  ...{ ...who, kind: z.enum(['points', 'point-cloud']), at, georeferenced: z.boolean().optional() },
  ...{ sensor: ignored, pointsBase64: ignored, rings: ignored, voxels: ignored, voxelMm: ignored },
});
const Objects = z.strictObject({
  ...who,
  kind: z.literal('objects'),
  at,
  sensor: ignored,
  objects: ignored,
  counts: ignored,
});
const Fix = z.strictObject({
  ...{
    ...who,
    kind: z.literal('fix'),
    at,
    latitude: ignored,
    longitude: ignored,
    altitudeM: ignored,
    headingDeg: ignored,
  },
});
const Clock = z.strictObject({ ...who, kind: z.literal('clock'), at });
/** Anything else is of a kind of the catalogue, or of one that nobody knows. */
const Other = z.strictObject({ ...who, kind: name, at, faces: pixels, plates: pixels });

type Parsed<T extends z.ZodType> = z.output<T>;

/**
 * Parses one line.
 *
 * @param isOneVehicle - whether lines without a name are of one vehicle, as raw frames are
 * @returns undefined for a line that is no observation
 */
export function parseRecordLine(text: string, isOneVehicle: boolean): Result<RecordLine | undefined, LineFault> {
  const json = text.length > LINE_CHARACTERS_MAX ? undefined : readJson(text);
  if (typeof json !== 'object' || json === null) return fail('json');
  const { kind } = json as { kind?: unknown };
  const reader =
    typeof kind === 'string' && Object.hasOwn(READERS, kind) ? READERS[kind as keyof typeof READERS] : other;
  const read = reader(json);
  if (read === undefined) return fail('keys');
  if (read.content === undefined) return ok(undefined);
  const { device, subject, vehicle, epoch, sequence, area } = read.who;
  const names = [device === undefined ? undefined : `device ${device}`, subject, vehicle].filter(
    (one) => one !== undefined,
  );
  const [whose = isOneVehicle ? '' : undefined] = names;
  if (whose === undefined || names.length > 1) return fail('whose');
  if ((epoch === undefined) !== (sequence === undefined)) return fail('keys');
  const key = epoch === undefined || sequence === undefined ? undefined : { epoch, sequence };
  return ok({ who: whose, key, area, content: read.content });
}

interface Read {
  readonly who: Partial<Parsed<typeof Clock>>;
  readonly content: ObservedContent | undefined;
}

type Reader = (json: unknown) => Read | undefined;

function reader<T extends z.ZodType<Partial<Parsed<typeof Clock>> | object>>(
  schema: T,
  content: (line: Parsed<T>) => ObservedContent | undefined,
): Reader {
  return (json) => {
    const parsed = schema.safeParse(json);
    return parsed.success ? { who: parsed.data as Read['who'], content: content(parsed.data) } : undefined;
  };
}

const other = reader(Other, ({ kind, at: observedAt, faces, plates }) => ({
  ...{ kind: 'of-kind', of: [kind], observedAt },
  ...inspection(faces, plates),
}));

const READERS = {
  signals: reader(Signals, ({ at: observedAt, signals }) => {
    return {
      kind: 'signals',
      observedAt,
      signals: Object.entries(signals).map(([path, one]) => ({ path, value: one })),
    };
  }),
  cell: reader(Cell, ({ at: observedAt, sizeM, zone, row, column }) => {
    return { kind: 'cell', hour: Math.floor(observedAt / HOUR_MS), sizeM, zone, row, column };
  }),
  trip: reader(Trip, ({ localDate, distanceClass, durationClass }) => {
    return { kind: 'trip', localDate: Number(localDate.replaceAll('-', '')), distanceClass, durationClass };
  }),
  image: reader(Image, imageContent),
  points: reader(Points, pointsContent),
  'point-cloud': reader(Points, pointsContent),
  objects: reader(Objects, ({ at: observedAt, objects }) => {
    if (objects !== undefined) return { kind: 'of-kind', of: ['radar-objects'], observedAt };
    return { kind: 'objects', minute: Math.floor(observedAt / MINUTE_MS) };
  }),
  fix: reader(Fix, ({ at: observedAt, altitudeM, headingDeg }) => {
    const of = [
      'position',
      ...(altitudeM === undefined ? [] : ['altitude']),
      ...(headingDeg === undefined ? [] : ['inertial']),
    ];
    return { kind: 'of-kind', of, observedAt };
  }),
  clock: reader(Clock, () => undefined),
} as const;

/** A picture that its vehicle treated says how; every other is the camera's own. */
function imageContent({
  at: observedAt,
  camera,
  place,
  treatment,
  faces,
  plates,
}: Parsed<typeof Image>): ObservedContent {
  const seen = inspection(faces, plates);
  if (treatment === undefined) return { kind: 'of-kind', of: PLACES[place ?? placeOf(camera)], observedAt, ...seen };
  const label = camera === 'cabin' || place === 'cabin' ? CAMERA_LABELS.cabin : CAMERA_LABELS.other;
  return { kind: 'image', minute: Math.floor(observedAt / MINUTE_MS), camera: label, ...seen };
}

/** Where nobody says what a camera looks at, it may be either. */
const PLACES = {
  exterior: ['camera-exterior'],
  cabin: ['cabin-image'],
  unknown: ['camera-exterior', 'cabin-image'],
} as const;

const placeOf = (camera: string): keyof typeof PLACES => (camera === 'cabin' ? 'cabin' : 'unknown');

function pointsContent({ kind, at: observedAt, georeferenced }: Parsed<typeof Points>): ObservedContent {
  if (kind === 'points') return { kind: 'points', minute: Math.floor(observedAt / MINUTE_MS) };
  // Points that lie on the globe are positions, each of them.
  return { kind: 'of-kind', of: georeferenced === false ? ['point-cloud'] : ['point-cloud', 'position'], observedAt };
}

/** A detector looked only where both lists stand: one that looked for faces says nothing of plates. */
function inspection(faces: readonly number[] | undefined, plates: readonly number[] | undefined) {
  return faces === undefined || plates === undefined ? {} : { inspection: { faces, plates } };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
