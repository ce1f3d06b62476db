import { fail, type Result } from '../../proto/words/result.ts';
import { decodeGb, encodeGb, type GbView } from './gb32960/view.ts';
import { decodeJt, encodeJt, type JtView } from './jt808/view.ts';
import { fromHex } from './scalars.ts';
import { fault, type TerminalFault } from './terminal-fault.ts';

export type TerminalView = GbView | JtView;

/** Reads one frame of either protocol; its first byte says which. */
export function decodeFrame(bytes: Buffer, older: 2011 | 2013 = 2013): Result<TerminalView, TerminalFault> {
  return bytes[0] === FLAG_OF_JT ? decodeJt(bytes, older) : decodeGb(bytes);
}

const FLAG_OF_JT = 0x7e;
/** The longest frame of either protocol, in hexadecimal. */
export const HEX_CHARACTERS_MAX = 2 * 65_556;

/** @param hex - with or without blanks between bytes */
export function decodeHex(hex: string, older?: 2011 | 2013): Result<TerminalView, TerminalFault> {
  if (hex.length > 2 * HEX_CHARACTERS_MAX) return fail(fault('TERMINAL_TOO_LONG'));
  const bytes = fromHex(hex.replace(/\s/g, ''));
  return bytes === undefined ? fail(fault('TERMINAL_HEX')) : decodeFrame(bytes, older);
}

export function encodeView(view: TerminalView): Result<Buffer, TerminalFault> {
  return 'vin' in view ? encodeGb(view) : encodeJt(view);
}
