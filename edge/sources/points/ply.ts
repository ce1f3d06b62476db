import { collectPoints, viewOf, withoutProjection } from './collect.ts';
import type { ReadPoints } from './point-file.ts';

const HEADER_BYTES_MAX = 65_536;
const PROPERTIES_MAX = 64;

/**
 * The vertices of a PLY file, ASCII or binary little endian. They have to be its first element, and of numbers only; what
 * comes behind them (faces) is not looked at.
 */
export function parsePly(bytes: Uint8Array): ReadPoints | undefined {
  const header = headerOf(bytes);
  const collector = header === undefined ? undefined : collectPoints(header.count);
  if (header === undefined || collector === undefined) return undefined;
  const read = header.isBinary ? readBinary(bytes, header, collector.add) : readAscii(bytes, header, collector.add);
  return read ? withoutProjection(collector) : undefined;
}

interface PlyHeader {
  readonly isBinary: boolean;
  readonly count: number;
  readonly types: readonly PlyType[];
  /** Index of x, y and z among the properties. */
  readonly axes: readonly [x: number, y: number, z: number];
  /** Of the first vertex. */
  readonly start: number;
}

type PlyType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64';
type Add = (x: number, y: number, z: number) => void;

/** Both sets of names that are in use. */
const TYPES: Readonly<Record<string, PlyType>> = {
  ...{ char: 'int8', uchar: 'uint8', short: 'int16', ushort: 'uint16', int: 'int32', uint: 'uint32' },
  ...{ float: 'float32', double: 'float64', int8: 'int8', uint8: 'uint8', int16: 'int16', uint16: 'uint16' },
  ...{ int32: 'int32', uint32: 'uint32', float32: 'float32', float64: 'float64' },
};

const SIZES: Readonly<Record<PlyType, number>> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 },
};

function headerOf(bytes: Uint8Array): PlyHeader | undefined {
  const text = Buffer.from(bytes.subarray(0, HEADER_BYTES_MAX)).toString('latin1');
  const [end] = /\nend_header\r?\n/.exec(text) ?? [];
  if (end === undefined) return undefined;
  const endAt = text.indexOf(end);
  const [magic, format, ...rest] = text
    .slice(0, endAt)
    .split(/\r?\n/)
    .filter((line) => !/^(?:comment|obj_info)\b/.test(line));
  const [, encoding] = /^format (ascii|binary_little_endian) 1\.0$/.exec(format ?? '') ?? [];
  const [, count] = /^element vertex (\d{1,9})$/.exec(rest[0] ?? '') ?? [];
  if (magic !== 'ply' || encoding === undefined || count === undefined) return undefined;
  const own = rest.slice(1);
  const next = own.findIndex((line) => line.startsWith('element '));
  const vertex = verticesOf(next === -1 ? own : own.slice(0, next));
  if (vertex === undefined) return undefined;
  return { ...vertex, isBinary: encoding !== 'ascii', count: Number(count), start: endAt + end.length };
}

function verticesOf(lines: readonly string[]): Pick<PlyHeader, 'types' | 'axes'> | undefined {
  if (lines.length > PROPERTIES_MAX) return undefined;
  const types: PlyType[] = [];
  const names: string[] = [];
  for (const line of lines) {
    const [, type = '', name = ''] = /^property (\w+) (\w+)$/.exec(line) ?? [];
    const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
    if (known === undefined) return undefined;
    types.push(known);
    names.push(name);
  }
  const axes = [names.indexOf('x'), names.indexOf('y'), names.indexOf('z')] as const;
  return axes.includes(-1) ? undefined : { types, axes };
}

function readBinary(bytes: Uint8Array, { types, axes, count, start }: PlyHeader, add: Add): boolean {
  const starts: number[] = [];
  let size = 0;
  for (const type of types) {
    starts.push(size);
    size += SIZES[type];
  }
  if (start + size * count > bytes.length) return false;
  const view = viewOf(bytes);
  const [x, y, z] = axes.map((axis) => ({ at: starts[axis] ?? 0, type: types[axis] ?? 'float32' }));
  if (x === undefined || y === undefined || z === undefined) return false;
  for (let index = 0, at = start; index < count; index += 1, at += size) {
    add(numberAt(view, at + x.at, x.type), numberAt(view, at + y.at, y.type), numberAt(view, at + z.at, z.type));
  }
  return true;
}

function numberAt(view: DataView, at: number, type: PlyType): number {
  switch (type) {
    case 'int8':
      return view.getInt8(at);
    case 'uint8':
      return view.getUint8(at);
    case 'int16':
      return view.getInt16(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'float32':
      return view.getFloat32(at, true);
    case 'float64':
      return view.getFloat64(at, true);
  }
}

/** Longest line of an ASCII vertex, bytes. */
const LINE_BYTES_MAX = 4_096;

function readAscii(bytes: Uint8Array, { types, axes, count, start }: PlyHeader, add: Add): boolean {
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const found = bytes.indexOf(LINE_FEED, at);
    const end = found === -1 ? bytes.length : found;
    if (at >= bytes.length || end - at > LINE_BYTES_MAX) return false;
    const cells = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at)
      .toString('latin1')
      .trim()
      .split(/[ \t]+/);
    if (cells.length !== types.length) return false;
    const [x, y, z] = axes.map((axis) => decimal(cells[axis] ?? ''));
    if (x === undefined || y === undefined || z === undefined) return false;
    add(x, y, z);
    at = end + 1;
  }
  return true;
}

const LINE_FEED = 0x0a;

/** A sensor's "no echo" is written `nan`; everything else has to be a decimal number. */
function decimal(text: string): number | undefined {
  if (/^-?nan$/i.test(text)) return Number.NaN;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
