import type { Instant } from '../../../proto/words/time.ts';

/** A data frame of a CAN or CAN FD bus. */
export interface CanFrame {
  readonly at: Instant;
  /** Name of the interface that saw it: `can0`. */
  readonly interface: string;
  /** 11 bits, or 29 when `isExtended`. */
  readonly id: number;
  readonly isExtended: boolean;
  /** 0 to 8 bytes, of CAN FD up to 64. */
  readonly bytes: Uint8Array;
}

/** Longest line of candump, bytes: a CAN FD frame has 128 digits, its envelope at most 64. */
export const CANDUMP_LINE_BYTES_MAX = 256;

/**
 * Parses a line as `candump -L` and `candump -l` write it: `(1436509052.249713) vcan0 044#2A366C2BBA`, with `##` and a
 * digit of flags for CAN FD. A direction (`R`, `T`) and a raw length (`_9`) may follow.
 *
 * @returns `no-data` for remote and error frames, which carry no signals; undefined for what is no such line
 */
export function parseCandumpLine(line: string): CanFrame | 'no-data' | undefined {
  const [, seconds, fraction = '', name = '', id = '', rest = ''] = LINE.exec(line) ?? [];
  if (seconds === undefined) return undefined;
  const isExtended = id.length === 8;
  const number = Number.parseInt(id, 16);
  if (isExtended && number >= ERROR_FLAG) return number < 2 * ERROR_FLAG ? 'no-data' : undefined;
  if (!isExtended && number > STANDARD_ID_MAX) return undefined;
  if (REMOTE.test(rest)) return 'no-data';
  const digits = digitsOf(rest);
  if (digits === undefined) return undefined;
  const at = (Number(seconds) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3))) as Instant;
  return { at, interface: name, id: number, isExtended, bytes: Buffer.from(digits, 'hex') };
}

function digitsOf(rest: string): string | undefined {
  const [, classic] = CLASSIC.exec(rest) ?? [];
  if (classic !== undefined) return classic;
  const [, flexible] = FLEXIBLE.exec(rest) ?? [];
  return flexible;
}

const LINE = /^\((\d{1,10})\.(\d{1,9})\) ([A-Za-z0-9_.-]{1,15}) ([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})(#\S{0,131})(?: [RT])?$/;
const REMOTE = /^#R[0-8]?$/;
const CLASSIC = /^#((?:[0-9A-Fa-f]{2}){0,8})(?:_[9A-Fa-f])?$/;
const FLEXIBLE = /^##[0-9A-Fa-f]((?:[0-9A-Fa-f]{2}){0,64})$/;

const STANDARD_ID_MAX = 0x7ff;

/** CAN_ERR_FLAG of linux/can.h; everything below it is an identifier of 29 bits. */
const ERROR_FLAG = 0x2000_0000;
