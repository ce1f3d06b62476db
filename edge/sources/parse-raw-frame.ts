import { z } from 'zod';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import { type Instant, parseInstant } from '../../proto/words/time.ts';

/** Longest line a source may write, bytes: a 2 MB picture in base64 and its envelope. */
export const LINE_BYTES_MAX = 3_000_000;

/** Signals one frame may hold before the allow-list. */
const SIGNALS_MAX = 2_048;

const at = z
  .string()
  .max(40)
  .transform((text, context): Instant => {
    const parsed = parseInstant(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: 'expected RFC 3339 with an offset' });
    return z.NEVER;
  });

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
    camera: z.string().max(64),
    dataBase64: z.string().max(LINE_BYTES_MAX),
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
  if (countSignals(json) > SIGNALS_MAX) return undefined;
  const parsed = Line.safeParse(json);
  if (!parsed.success) return undefined;
  const frame = parsed.data;
  if (frame.kind !== 'fix') return frame;
  // JSON has no NaN: a receiver without a fix writes null, which no position is.
  return {
    kind: 'fix',
    at: frame.at,
    latitude: frame.latitude ?? Number.NaN,
    longitude: frame.longitude ?? Number.NaN,
  };
}

function countSignals(json: unknown): number {
  if (typeof json !== 'object' || json === null || !('signals' in json)) return 0;
  return typeof json.signals === 'object' && json.signals !== null ? Object.keys(json.signals).length : 0;
}
