import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { fault, type TerminalFault } from '../terminal-fault.ts';

/** One message of JT/T 808 between its flags, without escapes (4.4). */
export interface JtFrame {
  readonly id: number;
  /** Bits 0-9 length of the body, 10-12 encryption, 13 sub-package, 14 edition of 2019, 15 reserved. */
  readonly properties: number;
  /** The protocol version of the header of 2019. */
  readonly version: number | undefined;
  /** Twelve digits, or twenty in the edition of 2019. A claim, like a VIN. */
  readonly phone: string;
  readonly serial: number;
  readonly part: { readonly total: number; readonly index: number } | undefined;
  /** As it came, encrypted or not; of whatever length, even where the properties say another. */
  readonly body: Buffer;
  readonly checksum: number;
  readonly isChecksumGood: boolean;
  readonly isLengthGood: boolean;
}

export const FLAG = 0x7e;
const ESCAPE = 0x7d;
const IS_2019 = 0x4000;
export const IS_PART = 0x2000;
export const ENCRYPTION_BITS = 0x1c00;
const LENGTH_BITS = 0x03ff;
/** Header of 2019 with a part, a body of ten bits of length, and the checksum. */
export const JT_FRAME_BYTES_MAX = 21 + LENGTH_BITS + 1;
/** Every byte may be escaped; two flags. */
export const JT_ESCAPED_BYTES_MAX = 2 * JT_FRAME_BYTES_MAX + 2;
const HEADER_2013 = 12;
const HEADER_2019 = 17;
const PART_BYTES = 4;

/** Reads one frame with its flags. A bad checksum or length is said in the frame, not refused here. */
export function readJtFrame(bytes: Buffer): Result<JtFrame, TerminalFault> {
  if (bytes.length > JT_ESCAPED_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  if (bytes[0] !== FLAG) return fail(fault('TERMINAL_START'));
  if (bytes.length < 2 || bytes[bytes.length - 1] !== FLAG) return fail(fault('TERMINAL_TRUNCATED'));
  return readBetweenFlags(bytes.subarray(1, -1));
}

/** @param escaped - what stands between two flags */
export function readBetweenFlags(escaped: Buffer): Result<JtFrame, TerminalFault> {
  if (escaped.length > JT_ESCAPED_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  const plain = unescaped(escaped);
  if (plain === undefined) return fail(fault('TERMINAL_ESCAPE'));
  if (plain.length > JT_FRAME_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  if (plain.length < HEADER_2013 + 1) return fail(fault('TERMINAL_TRUNCATED'));
  const properties = plain.readUInt16BE(2);
  const is2019 = (properties & IS_2019) !== 0;
  const isPart = (properties & IS_PART) !== 0;
  const bodyAt = (is2019 ? HEADER_2019 : HEADER_2013) + (isPart ? PART_BYTES : 0);
  if (plain.length < bodyAt + 1) return fail(fault('TERMINAL_TRUNCATED'));
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = is2019 ? 15 : 10;
  const last = plain.length - 1;
  const checksum = plain[last] ?? 0;
  const body = plain.subarray(bodyAt, last);
  return ok({
    id: plain.readUInt16BE(0),
    properties,
    version: is2019 ? plain[4] : undefined,
    phone: plain.toString('hex', phoneAt, serialAt),
    serial: plain.readUInt16BE(serialAt),
    part: isPart ? { total: plain.readUInt16BE(serialAt + 2), index: plain.readUInt16BE(serialAt + 4) } : undefined,
    body,
    checksum,
    isChecksumGood: xorAll(plain, last) === checksum,
    isLengthGood: body.length === (properties & LENGTH_BITS),
  });
}

function xorAll(bytes: Buffer, to: number): number {
  let sum = 0;
  for (let at = 0; at < to; at += 1) sum ^= bytes[at] ?? 0;
  return sum;
}

/** @returns undefined for a flag or an escape of nothing in the middle */
export function unescaped(bytes: Buffer): Buffer | undefined {
  let at = 0;
  for (; at < bytes.length && bytes[at] !== ESCAPE; at += 1) if (bytes[at] === FLAG) return undefined;
  if (at === bytes.length) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = bytes.copy(out, 0, 0, at);
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === FLAG) return undefined;
    if (byte !== ESCAPE) {
      out[length] = byte;
    } else {
      at += 1;
      const escaped = bytes[at];
      if (escaped !== 1 && escaped !== 2) return undefined;
      out[length] = escaped === 1 ? ESCAPE : FLAG;
    }
    length += 1;
  }
  return out.subarray(0, length);
}

export function escaped(bytes: Buffer): Buffer {
  const out: number[] = [FLAG];
  for (const byte of bytes) {
    if (byte === FLAG) out.push(ESCAPE, 2);
    else if (byte === ESCAPE) out.push(ESCAPE, 1);
    else out.push(byte);
  }
  out.push(FLAG);
  return Buffer.from(out);
}

/** @returns the bytes with flags and escapes; checksum and length are made, or kept where they were bad on purpose */
export function writeJtFrame(frame: JtFrame): Result<Buffer, TerminalFault> {
  const { id, version, phone, serial, part, body } = frame;
  const digits = phone.length === (version === undefined ? 12 : 20) && /^[0-9a-f]*$/.test(phone);
  if (!digits) return fail(fault('TERMINAL_VALUE'));
  if (frame.isLengthGood && body.length > LENGTH_BITS) return fail(fault('TERMINAL_TOO_LONG'));
  const properties = frame.isLengthGood ? (frame.properties & ~LENGTH_BITS) | body.length : frame.properties;
  const plain = Buffer.concat([
    word(id),
    word(properties),
    version === undefined ? NONE : Buffer.from([version]),
    Buffer.from(phone, 'hex'),
    word(serial),
    part === undefined ? NONE : Buffer.concat([word(part.total), word(part.index)]),
    body,
  ]);
  const checksum = frame.isChecksumGood ? xorAll(plain, plain.length) : frame.checksum;
  return ok(escaped(Buffer.concat([plain, Buffer.from([checksum])])));
}

const NONE: Buffer = Buffer.alloc(0);
const word = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);

/** The properties of a frame of ours: a body in the clear. */
export const propertiesOf = (is2019: boolean, isPart: boolean): number =>
  (is2019 ? IS_2019 : 0) | (isPart ? IS_PART : 0);
