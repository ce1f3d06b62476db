/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. Times are in ms, which is what a process knows.
 */

export const LINK_ETHERNET = 1;
/** `TLSK`: a key log as NSS and OpenSSL write it. */
const SECRETS_TLS_KEY_LOG = 0x544c534b;

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6, secrets: 10 } as const;
const OPTION = { end: 0, comment: 1, ifName: 2, userApplication: 4, timeResolution: 9 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SECTION_LENGTH_UNKNOWN = 0xffffffffffffffffn;
const MILLISECONDS = 3;

/** Bytes before the frame of an enhanced packet block. */
export const PACKET_HEAD_BYTES = 28;

/** The head of the file. @param comment - says what the file is and how it came to be */
export function sectionHeader(comment: string, application: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  body.writeBigUInt64LE(SECTION_LENGTH_UNKNOWN, 8);
  return block(BLOCK.section, body, [
    [OPTION.comment, Buffer.from(comment)],
    [OPTION.userApplication, Buffer.from(application)],
  ]);
}

/** The one interface of the file, with Ethernet frames of any length. */
export function interfaceDescription(name: string, comment: string): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(LINK_ETHERNET, 0);
  return block(BLOCK.interface, body, [
    [OPTION.comment, Buffer.from(comment)],
    [OPTION.ifName, Buffer.from(name)],
    [OPTION.timeResolution, Buffer.from([MILLISECONDS])],
  ]);
}

/** Secrets of TLS; has to come before the packets that they open. @param lines - of a key log, without ends of lines */
export function decryptionSecrets(lines: readonly string[]): Buffer {
  const secrets = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const body = Buffer.alloc(8 + padded(secrets.length));
  body.writeUInt32LE(SECRETS_TLS_KEY_LOG, 0);
  body.writeUInt32LE(secrets.length, 4);
  body.set(secrets, 8);
  return block(BLOCK.secrets, body, []);
}

/** Bytes of the block of one packet without a comment. */
export function packetBlockBytes(frameBytes: number): number {
  return PACKET_HEAD_BYTES + padded(frameBytes) + 4;
}

/**
 * Writes the block around a frame that lies at `at + PACKET_HEAD_BYTES` already.
 *
 * @param atMs - ms since 1970 UTC
 * @returns bytes of the block, padding and both lengths included
 */
export function closePacketBlock(target: Buffer, at: number, packet: PacketPlace): number {
  const { frameBytes, atMs, comment } = packet;
  const options = comment === undefined ? NO_OPTIONS : optionBytes([[OPTION.comment, Buffer.from(comment)]]);
  const end = at + PACKET_HEAD_BYTES + frameBytes;
  const filled = at + PACKET_HEAD_BYTES + padded(frameBytes);
  const length = packetBlockBytes(frameBytes) + options.length;
  target.writeUInt32LE(BLOCK.packet, at);
  target.writeUInt32LE(length, at + 4);
  target.writeUInt32LE(0, at + 8);
  target.writeUInt32LE(Math.floor(atMs / 2 ** 32), at + 12);
  target.writeUInt32LE(atMs % 2 ** 32, at + 16);
  target.writeUInt32LE(frameBytes, at + 20);
  target.writeUInt32LE(frameBytes, at + 24);
  target.fill(0, end, filled);
  target.set(options, filled);
  target.writeUInt32LE(length, filled + options.length);
  return length;
}

export interface PacketPlace {
  readonly frameBytes: number;
  readonly atMs: number;
  readonly comment?: string;
}

type Option = readonly [code: number, value: Uint8Array];

function block(type: number, body: Uint8Array, options: readonly Option[]): Buffer {
  const listed = optionBytes(options);
  const length = 12 + padded(body.length) + listed.length;
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(length, 4);
  bytes.set(body, 8);
  bytes.set(listed, 8 + padded(body.length));
  bytes.writeUInt32LE(length, length - 4);
  return bytes;
}

const NO_OPTIONS = Buffer.alloc(0);

/** Options with their padding and the option that ends them; nothing where there are none. */
function optionBytes(options: readonly Option[]): Buffer {
  if (options.length === 0) return NO_OPTIONS;
  const parts = options.map(([code, value]) => {
    const part = Buffer.alloc(4 + padded(value.length));
    part.writeUInt16LE(code, 0);
    part.writeUInt16LE(value.length, 2);
    part.set(value, 4);
    return part;
  });
  return Buffer.concat([...parts, Buffer.alloc(4, OPTION.end)]);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
