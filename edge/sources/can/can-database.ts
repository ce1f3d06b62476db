/** What a DBC file says of the frames of a bus, by `messageKey`. */
export type CanDatabase = ReadonlyMap<number, CanMessage>;

export interface CanMessage {
  readonly name: string;
  readonly id: number;
  readonly isExtended: boolean;
  /** By name. */
  readonly signals: ReadonlyMap<string, CanSignal>;
}

export interface CanSignal {
  readonly name: string;
  readonly layout: BitLayout;
  /** Physical value = raw value x factor + offset. */
  readonly factor: number;
  readonly offset: number;
  /** Names of raw values (VAL_). */
  readonly names: ReadonlyMap<number, string>;
  /** Present only while another signal of the message has one of these raw values. */
  readonly when?: { readonly multiplexor: string; readonly ranges: readonly (readonly [from: number, to: number])[] };
}

/** Where the bits of a signal stand, in the numbering of DBC files. */
export interface BitLayout {
  /** Of the least significant bit in Intel order, of the most significant one in Motorola order. */
  readonly startBit: number;
  /** 1 to 64. */
  readonly length: number;
  readonly order: 'intel' | 'motorola';
  readonly type: 'unsigned' | 'signed' | 'float32' | 'float64';
}

/** Identifiers of 11 and of 29 bits are different spaces. */
export function messageKey(id: number, isExtended: boolean): number {
  return isExtended ? id + 0x8000_0000 : id;
}

/**
 * Reads the raw value of a signal.
 *
 * @returns undefined when the frame is too short for it; a whole number above 2^53 is rounded to the nearest double
 */
export function rawValue(bytes: Uint8Array, { startBit, length, order, type }: BitLayout): number | undefined {
  const positions = order === 'intel' ? intelPosition : motorolaPosition;
  const lowLength = Math.min(length, 32);
  let high = 0;
  let low = 0;
  for (let index = 0; index < length; index += 1) {
    const position = positions(startBit, length, index);
    const byte = bytes[position >> 3];
    if (byte === undefined) return undefined;
    const bit = (byte >> (position & 7)) & 1;
    if (index < length - lowLength) high = high * 2 + bit;
    else low = low * 2 + bit;
  }
  if (type === 'float32' || type === 'float64') return floatOf(high, low, type);
  const isNegative = type === 'signed' && (length > 32 ? high >= 2 ** (length - 33) : low >= 2 ** (length - 1));
  // The sign is taken off before the halves are put together, so that there is one rounding at most.
  if (length > 32) return (isNegative ? high - 2 ** (length - 32) : high) * 2 ** 32 + low;
  return isNegative ? low - 2 ** length : low;
}

/** Positions count 8 x byte + bit, bit 0 being the least significant; the most significant bit of a signal comes first. */
function intelPosition(startBit: number, length: number, index: number): number {
  return startBit + length - 1 - index;
}

function motorolaPosition(startBit: number, _length: number, index: number): number {
  // The same bits counted from the most significant one of the first byte run on without a jump.
  const linear = (startBit & ~7) + 7 - (startBit & 7) + index;
  return (linear & ~7) + 7 - (linear & 7);
}

function floatOf(high: number, low: number, type: 'float32' | 'float64'): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return type === 'float64' ? view.getFloat64(0) : view.getFloat32(4);
}

/** A multiplexor may itself be multiplexed; deeper than this is a file that goes in circles. */
const MULTIPLEX_DEPTH_MAX = 8;

/** Whether a frame carries a signal at all: its multiplexors have the values that it asks for. */
export function isPresent(message: CanMessage, signal: CanSignal, bytes: Uint8Array, depth = 0): boolean {
  if (signal.when === undefined) return true;
  const multiplexor = message.signals.get(signal.when.multiplexor);
  if (multiplexor === undefined || depth === MULTIPLEX_DEPTH_MAX) return false;
  if (!isPresent(message, multiplexor, bytes, depth + 1)) return false;
  const raw = rawValue(bytes, multiplexor.layout);
  return raw !== undefined && signal.when.ranges.some(([from, to]) => raw >= from && raw <= to);
}
