import { parseRow, recogniseHeader, type TraceFormat } from '../../proto/traces/trace-format.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, type Instant, startOfDay } from '../../proto/words/time.ts';
import type { ObservedContent } from '../classification/observed.ts';
import { holdsPicturePosition } from '../datasets/picture-position.ts';
import { type LineFault, parseRecordLine, type RecordLine } from './classify-lines.ts';

/** What a file can be besides records of ours: docs/classification.md says how each is taken. */
export const CLASSIFY_FORMATS = ['ndjson', 'trace', 'candump', 'gb32960', 'jt808', 'picture', 'point-cloud'] as const;
export type ClassifyFormat = (typeof CLASSIFY_FORMATS)[number];

/** What a frame of a terminal holds: kinds of the catalogue, and no value. */
export interface TerminalRecord {
  /** The terminal's own name of its vehicle, up to 64 characters. */
  readonly vehicle: string;
  /** Undefined where the frame names no day: then it is taken as of the day whose rows apply. */
  readonly at: Instant | undefined;
  readonly kinds: readonly string[];
}

/**
 * Reads one line with a frame in it; `silent` for a frame without data, `damaged` for one that the platform would refuse for its
 * form, undefined for what is no frame.
 */
export type ReadTerminalLine = (line: string) => TerminalRecord | 'silent' | 'damaged' | undefined;

/** Decoders of terminals that this process was given. */
export type TerminalReaders = Readonly<Partial<Record<ClassifyFormat, ReadTerminalLine>>>;

/** A line of a bus log, read with the files that say what its frames mean. */
export interface BusRecord {
  readonly atMs: number;
  /** Signals by their name on the bus, with the VSS path they become; none for a frame that nobody can read. */
  readonly signals: readonly { readonly name: string; readonly path?: string }[];
}

/** Reads one line of a bus log; `silent` for a frame without data, undefined for what is no frame. */
export type ReadBusLine = (line: string) => BusRecord | 'silent' | undefined;

/** One line of a file, in its order; undefined for one that is no observation. */
export type ReadLine = (line: string) => Result<RecordLine | undefined, LineFault>;

/** Longest line of a bus log or a trace, characters. */
const LINE_CHARACTERS_MAX = 4_096;

/** What is known of a file beside its lines. */
export interface LineContext {
  /** Whether lines without a name are of one vehicle. */
  readonly isOneVehicle: boolean;
  /** Day of what names none. */
  readonly on: CivilDate;
  readonly terminals: TerminalReaders | undefined;
  readonly bus: ReadBusLine | undefined;
}

/**
 * Reads the lines of one file.
 *
 * @returns undefined for a format that is not read line by line, or whose decoder is not here
 */
export function lineReader(
  format: ClassifyFormat,
  { isOneVehicle, on, terminals, bus }: LineContext,
): ReadLine | undefined {
  if (format === 'ndjson') return (line) => parseRecordLine(line, isOneVehicle);
  if (format === 'trace') return traceReader();
  if (format === 'candump') return bus === undefined ? readCandump : busReader(bus);
  const read = terminals?.[format];
  return read === undefined ? undefined : terminalReader(read, startOfDay(on));
}

/** A file of points in time and place; its first line says which of the known layouts it has. */
function traceReader(): ReadLine {
  let layout: TraceFormat | undefined;
  return (line) => {
    const cells = line.length > LINE_CHARACTERS_MAX ? [] : line.trim().split(',');
    if (layout === undefined) {
      layout = recogniseHeader(cells);
      return layout === undefined ? fail('format') : ok(undefined);
    }
    const row = parseRow(layout, cells);
    if (!row.ok) return fail('format');
    const { vehicle, at, altitudeM } = row.value;
    return ok(recordOf(vehicle, ['position', ...(Number.isNaN(altitudeM) ? [] : ['altitude'])], at));
  };
}

/** A log of a bus without the files that say what its frames mean: of a kind that nobody knows, and so tested on everything. */
const readCandump: ReadLine = (line) => {
  const [, seconds, body] = line.length > LINE_CHARACTERS_MAX ? [] : (CANDUMP.exec(line) ?? []);
  if (seconds === undefined) return fail('format');
  // Remote frames ask and hold nothing.
  if (/^#R/.test(body ?? '')) return ok(undefined);
  return ok(recordOf('', [BUS_FRAME], Math.floor(Number(seconds) * 1_000) as Instant));
};

/** As `candump -L` writes a line: seconds, interface, identifier, and what follows it. */
const CANDUMP = /^\((\d{1,10}\.\d{1,9})\) [\w.-]{1,15} [0-9A-Fa-f]{3,8}(#[^\s]{0,131})(?: [RT])?$/;

/** No kind of the catalogue has this name. */
const BUS_FRAME = 'bus-frame';

/** Signals stand under their VSS path as a vehicle would send them, all others under a name that no row of the catalogue has. */
function busReader(read: ReadBusLine): ReadLine {
  return (line) => {
    const frame = line.length > LINE_CHARACTERS_MAX ? undefined : read(line);
    if (frame === undefined) return fail('format');
    if (frame === 'silent') return ok(undefined);
    const observedAt = frame.atMs as Instant;
    if (frame.signals.length === 0) return ok(recordOf('', [BUS_FRAME], observedAt));
    // The catalogue asks for no value, and a placeholder for none is of the same kind.
    const signals = frame.signals.map(({ name, path = name }) => ({ path, value: 0 }));
    return ok({ who: '', key: undefined, area: undefined, content: { kind: 'signals', observedAt, signals } });
  };
}

const FRAME_NAMES = ['frame_hex', 'hex'];

/** Longest line with a frame in it, characters: the longest frame in hexadecimal digits, and what else is said of it. */
const FRAME_LINE_CHARACTERS_MAX = 524_288;

/** Finds the frame in each line of one file; undefined where there is none. */
function frameFinder(): (line: string) => string | 'header' | undefined {
  let column: number | undefined;
  return (line) => {
    if (line.length > FRAME_LINE_CHARACTERS_MAX) return undefined;
    if (column !== undefined) return line.split(',')[column]?.trim();
    if (line.startsWith('{')) return frameMember(line);
    const named = line.split(',').findIndex((cell) => FRAME_NAMES.includes(cell.trim()));
    if (named < 0) return line;
    column = named;
    return 'header';
  };
}

function frameMember(line: string): string | undefined {
  try {
    const members = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const found = FRAME_NAMES.map((name) => members[name]).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Frames of terminals: hexadecimal digits alone, or in a member or a column of these names. */
function terminalReader(read: ReadTerminalLine, undated: Instant): ReadLine {
  const frameIn = frameFinder();
  return (line) => {
    const digits = frameIn(line);
    if (digits === 'header') return ok(undefined);
    const frame = digits === undefined ? undefined : read(digits);
    if (frame === undefined) return fail('format');
    if (frame === 'damaged') return fail('damaged');
    return ok(frame === 'silent' ? undefined : recordOf(frame.vehicle, frame.kinds, frame.at ?? undated));
  };
}

export type PicturePlace = 'exterior' | 'cabin' | undefined;

/**
 * A file that is one record. It says no time that could be relied on, so it is taken as of the day whose rows apply.
 *
 * @param place - what a camera looked at; unknown counts as both
 */
export function fileRecord(
  format: 'picture' | 'point-cloud',
  bytes: Uint8Array,
  { on, place }: { readonly on: CivilDate; readonly place: PicturePlace },
): Result<RecordLine, LineFault> {
  const of = format === 'picture' ? pictureKinds(bytes, place) : cloudKinds(bytes);
  return of === undefined ? fail('format') : ok(recordOf('', of, startOfDay(on)));
}

function pictureKinds(bytes: Uint8Array, place: PicturePlace): readonly string[] | undefined {
  if (!startsWith(bytes, [0xff, 0xd8, 0xff]) && !startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return undefined;
  const seen = [...(place === 'cabin' ? [] : ['camera-exterior']), ...(place === 'exterior' ? [] : ['cabin-image'])];
  return holdsPicturePosition(bytes) ? [...seen, 'position'] : seen;
}

/** KITTI has no header, and is whole points of four floats; only a PLY is sure to lie in the frame of its sensor or shape. */
function cloudKinds(bytes: Uint8Array): readonly string[] | undefined {
  if (startsWith(bytes, ascii('LASF'))) return ['point-cloud', 'position'];
  if (startsWith(bytes, ascii('ply\n')) || startsWith(bytes, ascii('ply\r\n'))) return ['point-cloud'];
  return bytes.length > 0 && bytes.length % KITTI_POINT_BYTES === 0 ? ['point-cloud'] : undefined;
}

const KITTI_POINT_BYTES = 16;
const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];
const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

function recordOf(who: string, of: readonly string[], observedAt: Instant): RecordLine {
  const content: ObservedContent = { kind: 'of-kind', of, observedAt };
  return { who, key: undefined, area: undefined, content };
}
