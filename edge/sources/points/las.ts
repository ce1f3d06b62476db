import { collectPoints, viewOf } from './collect.ts';
import type { ReadPoints } from './point-file.ts';

/**
 * An uncompressed LAS file, ASPRS 1.2 to 1.4, point formats 0 to 10.
 *
 * It counts as projected when a variable length record says which projection, before the points or (1.4) behind them, or
 * the header says that there is one. A record that reaches beyond the file makes it no LAS file.
 */
export function parseLas(bytes: Uint8Array): ReadPoints | undefined {
  const header = headerOf(bytes);
  const collector = header === undefined ? undefined : collectPoints(header.count);
  if (header === undefined || collector === undefined) return undefined;
  const { view, start, recordBytes, count, scale, offset } = header;
  if (start + recordBytes * count > bytes.length) return undefined;
  const hasProjection = header.saysProjection || namesProjection(bytes, header);
  if (hasProjection === undefined) return undefined;
  for (let index = 0, at = start; index < count; index += 1, at += recordBytes) {
    collector.add(
      view.getInt32(at, true) * scale[0] + offset[0],
      view.getInt32(at + 4, true) * scale[1] + offset[1],
      view.getInt32(at + 8, true) * scale[2] + offset[2],
    );
  }
  return { points: collector.points(), hasProjection };
}

type Triple = readonly [x: number, y: number, z: number];

interface LasHeader {
  readonly view: DataView;
  readonly headerBytes: number;
  /** Of the first point. */
  readonly start: number;
  readonly recordBytes: number;
  readonly count: number;
  readonly scale: Triple;
  readonly offset: Triple;
  readonly records: number;
  /** Of the records behind the points, and how many. */
  readonly extended: { readonly start: number; readonly count: number };
  readonly saysProjection: boolean;
}

const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 227, 3: 235, 4: 375 };
const POINT_FORMAT_MAX = 10;
const POINT_BYTES_MIN = 20;

/** Set in `global encoding` when the projection is in WKT. */
const WKT_BIT = 0x10;

function headerOf(bytes: Uint8Array): LasHeader | undefined {
  if (bytes.length < 227 || Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'LASF') return undefined;
  const view = viewOf(bytes);
  const minor = view.getUint8(25);
  const leastBytes = HEADER_BYTES[minor];
  const headerBytes = view.getUint16(94, true);
  if (view.getUint8(24) !== 1 || leastBytes === undefined || headerBytes < leastBytes) return undefined;
  const start = view.getUint32(96, true);
  // The two highest bits of the point format mark a compressed file.
  if (bytes.length < headerBytes || start < headerBytes || view.getUint8(104) > POINT_FORMAT_MAX) return undefined;
  const recordBytes = view.getUint16(105, true);
  if (recordBytes < POINT_BYTES_MIN) return undefined;
  const counted = view.getUint32(107, true);
  const triple = (at: number): Triple => [
    view.getFloat64(at, true),
    view.getFloat64(at + 8, true),
    view.getFloat64(at + 16, true),
  ];
  return {
    ...{ view, headerBytes, start, recordBytes },
    count: minor === 4 && counted === 0 ? Number(view.getBigUint64(247, true)) : counted,
    scale: triple(131),
    offset: triple(155),
    records: view.getUint32(100, true),
    extended:
      minor === 4
        ? { start: Number(view.getBigUint64(235, true)), count: view.getUint32(243, true) }
        : { start: 0, count: 0 },
    saysProjection: (view.getUint16(6, true) & WKT_BIT) !== 0,
  };
}

/** Records of variable length one file may have. */
const RECORDS_MAX = 1_024;

function namesProjection(bytes: Uint8Array, { view, headerBytes, records, extended }: LasHeader): boolean | undefined {
  const before = findProjection(bytes, headerBytes, records, (at) => 54 + view.getUint16(at + 20, true), 54);
  if (before !== false || extended.count === 0) return before;
  return findProjection(
    bytes,
    extended.start,
    extended.count,
    (at) => 60 + Number(view.getBigUint64(at + 20, true)),
    60,
  );
}

/** undefined when the records do not lie within the file. */
function findProjection(
  bytes: Uint8Array,
  start: number,
  count: number,
  sizeAt: (at: number) => number,
  headBytes: number,
): boolean | undefined {
  if (count > RECORDS_MAX) return undefined;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (!Number.isSafeInteger(at) || at + headBytes > bytes.length) return undefined;
    const user = Buffer.from(bytes.subarray(at + 2, at + 18)).toString('latin1');
    if (user.startsWith('LASF_Projection')) return true;
    at += sizeAt(at);
  }
  return at > bytes.length ? undefined : false;
}
