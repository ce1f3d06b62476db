import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { fault, type TerminalFault } from '../terminal-fault.ts';
import type { Edition } from './commands.table.ts';

/** One message in its envelope (6.2, table 2); what the data unit says is read by `readUnit`. */
export interface GbFrame {
  readonly edition: Edition;
  readonly command: number;
  /** 0xFE: a command; else the result an answer gives. */
  readonly answer: number;
  /** What the header says. It is a claim: the VIN of a record comes from the register. */
  readonly vin: string;
  readonly encryption: number;
  /** As it came, encrypted or not. It shares memory with the bytes it was read from. */
  readonly unit: Buffer;
  /** XOR of everything from the command to the end of the data unit, as the frame has it. */
  readonly checksum: number;
  readonly isChecksumGood: boolean;
}

/** Start, command, answer, VIN, encryption and length. */
export const GB_HEADER_BYTES = 24;
/** The length field has two bytes; 65,531 is the highest the standard allows. */
export const GB_UNIT_BYTES_MAX = 65_531;
export const GB_FRAME_BYTES_MAX = GB_HEADER_BYTES + GB_UNIT_BYTES_MAX + 1;
/** The answer byte of a command. */
export const IS_COMMAND = 0xfe;

const START_2016 = 0x23;
const START_2025 = 0x24;
const VIN_AT = 4;
const VIN_BYTES = 17;
const ENCRYPTION_AT = 21;

/** Reads one whole frame; bytes before or after it are a fault. A bad checksum is said in the frame, not refused here. */
export function readGbFrame(bytes: Buffer): Result<GbFrame, TerminalFault> {
  if (bytes.length > GB_FRAME_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  const length = gbFrameLength(bytes, 0);
  if (!length.ok) return length;
  if (length.value === undefined || bytes.length < length.value) return fail(fault('TERMINAL_TRUNCATED'));
  return bytes.length > length.value ? fail(fault('TERMINAL_LENGTH')) : ok(frameAt(bytes, 0, length.value));
}

/**
 * How long the frame at `at` is.
 *
 * @returns undefined while its length has not arrived
 */
export function gbFrameLength(bytes: Buffer, at: number): Result<number | undefined, TerminalFault> {
  if (!canStart(bytes, at)) return fail(fault('TERMINAL_START'));
  if (bytes.length - at < GB_HEADER_BYTES) return ok(undefined);
  const length = bytes.readUInt16BE(at + GB_HEADER_BYTES - 2);
  if (length > GB_UNIT_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  return ok(GB_HEADER_BYTES + length + 1);
}

/** Whether a frame may begin here, as far as bytes are there. */
export function canStart(bytes: Buffer, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1];
  return (first === START_2016 || first === START_2025) && (second === undefined || second === first);
}

/** @param length - of the whole frame, which is there */
export function frameAt(bytes: Buffer, at: number, length: number): GbFrame {
  const last = at + length - 1;
  const checksum = bytes[last] ?? 0;
  return {
    edition: bytes[at] === START_2025 ? 2025 : 2016,
    command: bytes[at + 2] ?? 0,
    answer: bytes[at + 3] ?? 0,
    vin: bytes.toString('latin1', at + VIN_AT, at + VIN_AT + VIN_BYTES),
    encryption: bytes[at + ENCRYPTION_AT] ?? 0,
    unit: bytes.subarray(at + GB_HEADER_BYTES, last),
    checksum,
    isChecksumGood: xorOf(bytes, at + 2, last) === checksum,
  };
}

/** Four bytes a turn: the sum over a frame is a good part of reading it. */
export function xorOf(bytes: Buffer, from: number, to: number): number {
  const words = new DataView(bytes.buffer, bytes.byteOffset + from, to - from);
  const whole = words.byteLength & ~3;
  let four = 0;
  for (let at = 0; at < whole; at += 4) four ^= words.getInt32(at);
  let sum = (four ^ (four >> 8) ^ (four >> 16) ^ (four >> 24)) & 0xff;
  for (let at = whole; at < words.byteLength; at += 1) sum ^= words.getUint8(at);
  return sum;
}

/** @returns the bytes of a frame; its checksum is made, or kept where it was bad on purpose */
export function writeGbFrame(frame: GbFrame): Result<Buffer, TerminalFault> {
  const { edition, command, answer, vin, encryption, unit } = frame;
  if (unit.length > GB_UNIT_BYTES_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  const name = Buffer.from(vin, 'latin1');
  if (name.length !== VIN_BYTES || name.toString('latin1') !== vin) return fail(fault('TERMINAL_VALUE'));
  const start = edition === 2025 ? START_2025 : START_2016;
  const length = Buffer.from([unit.length >> 8, unit.length & 0xff]);
  const body = Buffer.concat([
    Buffer.from([start, start, command, answer]),
    name,
    Buffer.from([encryption]),
    length,
    unit,
  ]);
  const checksum = frame.isChecksumGood ? xorOf(body, 2, body.length) : frame.checksum;
  return ok(Buffer.concat([body, Buffer.from([checksum])]));
}
