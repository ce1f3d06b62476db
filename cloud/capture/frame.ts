import { type AddressBytes, isV4, wireBytes } from './address.ts';
import { FLAGS, type Packet, SEGMENT_PAYLOAD_BYTES, type Side } from './conversation.ts';
import { frameBytesOf, SYN_OPTION_BYTES } from './tally.ts';

/** Both ends of a connection; they are of one family. */
export interface Ends {
  readonly own: { readonly address: AddressBytes; readonly port: number };
  readonly peer: { readonly address: AddressBytes; readonly port: number };
}

/**
 * Writes packets as Ethernet frames with IPv4 or IPv6 and TCP headers, checksums included, to where the caller wants them.
 *
 * @returns writes one packet at an even offset and gives its length
 */
export function createFramer(ends: Ends): (packet: Packet, target: Buffer, at: number) => number {
  const v4 = isV4(ends.own.address);
  const sides = { own: headersOf(ends, 'own', v4), peer: headersOf(ends, 'peer', v4) };
  const ipBytes = v4 ? V4_BYTES : V6_BYTES;
  return (packet, target, at) => {
    const { start, pseudoSum } = sides[packet.from];
    const length = frameBytesOf(packet, v4);
    target.set(start, at);
    const ip = at + ETHERNET_BYTES;
    const tcp = ip + ipBytes;
    const tcpBytes = length - ETHERNET_BYTES - ipBytes;
    if (v4) {
      target.writeUInt16BE(V4_BYTES + tcpBytes, ip + 2);
      target.writeUInt16BE(checksum(sumOf(target, ip, V4_BYTES)), ip + 10);
    } else target.writeUInt16BE(tcpBytes, ip + 4);
    writeTcp(packet, target, tcp, v4);
    target.writeUInt16BE(checksum(pseudoSum + tcpBytes + sumOf(target, tcp, tcpBytes)), tcp + 16);
    return length;
  };
}

const ETHERNET_BYTES = 14;
const V4_BYTES = 20;
const V6_BYTES = 40;
const TCP_BYTES = 20;
const TCP_PROTOCOL = 6;
const HOPS = 64;
const DO_NOT_FRAGMENT = 0x40;
const WINDOW = 0xffff;
/** 2^14 x 65,535: a window that never fills (RFC 7323 allows no wider one). */
const WINDOW_SHIFT = 14;

/** Locally administered; the last byte tells the two sides apart. */
const macOf = (side: Side): readonly number[] => [0x02, 0, 0, 0, 0, side === 'own' ? 1 : 2];

/** What all frames of one direction begin with, and the sum of the pseudo-header but for the length. */
function headersOf(ends: Ends, from: Side, v4: boolean): { readonly start: Buffer; readonly pseudoSum: number } {
  const to: Side = from === 'own' ? 'peer' : 'own';
  const source = wireBytes(ends[from].address);
  const destination = wireBytes(ends[to].address);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(ends[from].port, 0);
  ports.writeUInt16BE(ends[to].port, 2);
  const type = v4 ? [0x08, 0x00] : [0x86, 0xdd];
  const ip = v4
    ? [0x45, 0, 0, 0, 0, 0, DO_NOT_FRAGMENT, 0, HOPS, TCP_PROTOCOL, 0, 0]
    : [0x60, 0, 0, 0, 0, 0, TCP_PROTOCOL, HOPS];
  const start = Buffer.from([...macOf(to), ...macOf(from), ...type, ...ip, ...source, ...destination, ...ports]);
  const addresses = Buffer.from([...source, ...destination]);
  return { start, pseudoSum: sumOf(addresses, 0, addresses.length) + TCP_PROTOCOL };
}

function writeTcp({ flags, seq, ack, payload }: Packet, target: Buffer, tcp: number, v4: boolean): void {
  const isSyn = (flags & FLAGS.syn) !== 0;
  const headerBytes = TCP_BYTES + (isSyn ? SYN_OPTION_BYTES : 0);
  target.writeUInt32BE(seq, tcp + 4);
  target.writeUInt32BE(ack, tcp + 8);
  target[tcp + 12] = (headerBytes / 4) << 4;
  target[tcp + 13] = flags;
  target.writeUInt16BE(WINDOW, tcp + 14);
  target.writeUInt32BE(0, tcp + 16);
  if (isSyn) {
    const size = v4 ? SEGMENT_PAYLOAD_BYTES.v4 : SEGMENT_PAYLOAD_BYTES.v6;
    target.set([2, 4, size >> 8, size & 0xff, 1, 3, 3, WINDOW_SHIFT], tcp + TCP_BYTES);
  }
  target.set(payload, tcp + headerBytes);
}

/** Sum of 16-bit words, the last one filled up with zero. 2^37 words would be needed to lose a bit. */
function sumOf(bytes: Buffer, at: number, length: number): number {
  let sum = 0;
  const even = at + (length & ~1);
  for (let index = at; index < even; index += 2) sum += ((bytes[index] as number) << 8) | (bytes[index + 1] as number);
  return (length & 1) === 0 ? sum : sum + ((bytes[even] as number) << 8);
}

/** The Internet checksum (RFC 1071) from a sum. */
function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
