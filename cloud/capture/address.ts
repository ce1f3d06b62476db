import { fail, ok, type Result } from '../../proto/words/result.ts';

/** An IP address as 16 bytes in network order, IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2): one order for both families. */
export type AddressBytes = Uint8Array;

/** First and last address of a range. */
export interface AddressRange {
  readonly low: AddressBytes;
  readonly high: AddressBytes;
}

export const ADDRESS_BYTES = 16;
const V4_OFFSET = 12;
const V4_BITS_OFFSET = 96;

/** IPv4, or IPv6 with or without a zone (`fe80::1%eth0`); undefined for anything else. */
export function parseAddress(text: string): AddressBytes | undefined {
  const [plain = ''] = text.split('%', 1);
  return plain.includes(':') ? parseV6(plain) : mapped(parseV4(plain));
}

/** An IPv4 address in its 4 bytes, an IPv6 address in its 16. */
export function wireBytes(address: AddressBytes): Uint8Array {
  return isV4(address) ? address.subarray(V4_OFFSET) : address;
}

export function isV4(address: AddressBytes): boolean {
  return address.subarray(0, 10).every((byte) => byte === 0) && address[10] === 0xff && address[11] === 0xff;
}

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. Bits beyond the prefix must be zero: a slip is not guessed at. */
export function parseCidr(text: string): Result<AddressRange, 'CIDR'> {
  const [plain = '', prefix, ...more] = text.split('/');
  const low = parseAddress(plain);
  if (low === undefined || more.length > 0 || plain.includes('%')) return fail('CIDR');
  const offset = plain.includes(':') ? 0 : V4_BITS_OFFSET;
  const widest = ADDRESS_BYTES * 8 - offset;
  if (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)) return fail('CIDR');
  const bits = prefix === undefined ? widest : Number(prefix);
  if (bits > widest) return fail('CIDR');
  const high = low.map((byte, at) => byte | hostMask(at, offset + bits));
  const isNetwork = low.every((byte, at) => (byte & hostMask(at, offset + bits)) === 0);
  return isNetwork ? ok({ low, high }) : fail('CIDR');
}

/** Bits of a byte that lie beyond the prefix. */
function hostMask(at: number, prefixBits: number): number {
  const kept = Math.min(Math.max(prefixBits - at * 8, 0), 8);
  return 0xff >> kept;
}

function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const isPlain = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isPlain ? parts.map(Number) : undefined;
}

function mapped(v4: readonly number[] | undefined): AddressBytes | undefined {
  return v4 === undefined ? undefined : Uint8Array.from([...Array<number>(10).fill(0), 0xff, 0xff, ...v4]);
}

function parseV6(text: string): AddressBytes | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map(groupsOf);
  if (head === 'bad' || tail === 'bad') return undefined;
  const gap = V6_GROUPS - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const groups = [...head, ...Array<number>(gap).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

const V6_GROUPS = 8;

/** Groups of 16 bits; the last one may be an IPv4 address and is two of them then. */
function groupsOf(text: string): readonly number[] | 'bad' {
  if (text === '') return [];
  const groups: number[] = [];
  for (const [at, part] of text.split(':').entries()) {
    const v4 = at === text.split(':').length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(((v4[0] ?? 0) << 8) | (v4[1] ?? 0), ((v4[2] ?? 0) << 8) | (v4[3] ?? 0));
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return 'bad';
  }
  return groups;
}
