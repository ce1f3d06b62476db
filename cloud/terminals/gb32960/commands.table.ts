import { ascii, type Certainty, type Field, group, list, octets, time, u8, u16 } from '../field.ts';

export type Edition = 2016 | 2025;

/** One command of the protocol: its name, and what its data unit holds. */
export interface CommandRow {
  readonly id: number;
  readonly name: string;
  readonly editions: readonly Edition[];
  readonly clause: string;
  readonly certainty: Certainty;
  /** Of the command itself; the data unit of an answer is a time, or nothing. `realtime` has a form of its own. */
  readonly fields: readonly Field[] | 'realtime';
}

export const ENCRYPTIONS: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'rsa',
  3: 'aes-128',
  4: 'sm2',
  5: 'sm4',
  254: 'abnormal',
  255: 'invalid',
};

/** 6.3.2, table 4. The last three are of 2025. */
export const ANSWERS: Readonly<Record<number, string>> = {
  1: 'ok',
  2: 'error',
  3: 'vin-duplicate',
  4: 'vin-unknown',
  5: 'signature-invalid',
  6: 'structure-invalid',
  7: 'decryption-failed',
  254: 'command',
};

const at = time('at', 'binary');
const serial = u16('serial');
const encryption = u8('encryption', { codes: ENCRYPTIONS });
const both = [2016, 2025] as const;
const signature = group(
  'signature',
  u8('algorithm', { codes: { 1: 'sm2', 2: 'rsa', 3: 'ecc' } }),
  octets('r', { prefix: 2 }),
  octets('s', { prefix: 2 }),
);

/** 7.2.2, table 8 of 2025: what follows the byte 0xFF. */
export const SIGNATURE_FIELDS = signature.of;

/** GB/T 32960.3, 6.3.1 table 3 and clause 7. */
// biome-ignore format: one command a block
export const COMMANDS: readonly CommandRow[] = [
  { id: 0x01, name: 'login', editions: [2016], clause: '7.1, table 6', certainty: 'standard', fields: [
    at, serial, ascii('iccid', 20), u8('packCount'), u8('codeLength'), list('packCodes', { field: 'packCount' }, ascii('code', { field: 'codeLength' })),
  ] },
  { id: 0x01, name: 'login', editions: [2025], clause: '7.1, table 6', certainty: 'two-implementations', fields: [
    at, serial, ascii('iccid', 20), list('packsOfSystems', { prefix: 1 }, u8('packs')), list('packCodes', 'rest', ascii('code', 24)),
  ] },
  { id: 0x02, name: 'realtime', editions: both, clause: '7.2', certainty: 'standard', fields: 'realtime' },
  { id: 0x03, name: 'reissue', editions: both, clause: '7.2', certainty: 'standard', fields: 'realtime' },
  { id: 0x04, name: 'logout', editions: both, clause: '7.3', certainty: 'standard', fields: [at, serial] },
  { id: 0x05, name: 'platform-login', editions: both, clause: '7.4', certainty: 'standard', fields: [
    at, serial, ascii('user', 12), ascii('password', 20), encryption,
  ] },
  { id: 0x06, name: 'platform-logout', editions: both, clause: '7.5', certainty: 'standard', fields: [at, serial] },
  { id: 0x07, name: 'heartbeat', editions: both, clause: 'B.3.5', certainty: 'standard', fields: [] },
  { id: 0x08, name: 'time-sync', editions: both, clause: 'B.3.5', certainty: 'standard', fields: [] },
  { id: 0x09, name: 'activation', editions: [2025], clause: 'B.3.5.5, table B.3', certainty: 'uncertain', fields: [
    octets('octets', 'rest'),
  ] },
  { id: 0x0a, name: 'activation-answer', editions: [2025], clause: 'B.3.5.6, table B.4', certainty: 'uncertain', fields: [
    octets('octets', 'rest'),
  ] },
  { id: 0x0b, name: 'data-key', editions: [2025], clause: '7.6, table 31', certainty: 'uncertain', fields: [
    octets('octets', 'rest'),
  ] },
  // Downlink; bodies as they come.
  { id: 0x80, name: 'query', editions: both, clause: '6.3.1', certainty: 'uncertain', fields: [octets('octets', 'rest')] },
  { id: 0x81, name: 'set', editions: both, clause: '6.3.1', certainty: 'uncertain', fields: [octets('octets', 'rest')] },
  { id: 0x82, name: 'control', editions: both, clause: '6.3.1', certainty: 'uncertain', fields: [octets('octets', 'rest')] },
];
