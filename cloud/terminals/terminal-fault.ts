/** Why bytes are no message, or a message no bytes. Counted by code; none of them holds content. */
export type TerminalFaultCode =
  | 'TERMINAL_START'
  | 'TERMINAL_TOO_LONG'
  | 'TERMINAL_TRUNCATED'
  | 'TERMINAL_CHECKSUM'
  | 'TERMINAL_ESCAPE'
  | 'TERMINAL_LENGTH'
  | 'TERMINAL_LAYOUT'
  | 'TERMINAL_ENCRYPTED'
  | 'TERMINAL_VALUE'
  | 'TERMINAL_HEX'
  | 'TERMINAL_INPUT';

export interface TerminalFault {
  readonly code: TerminalFaultCode;
}

export const fault = (code: TerminalFaultCode): TerminalFault => ({ code });
