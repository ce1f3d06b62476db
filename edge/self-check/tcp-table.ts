/** One end of a TCP connection of this machine, as Linux lists it. */
export interface TcpEntry {
  readonly peer: Peer;
  readonly inode: string;
}

/** Whom a connection leads to; an IPv4 address mapped into IPv6 is told as IPv4. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** Lines looked at; a machine with more connections is not a TCU. */
export const TCP_ENTRIES_MAX = 100_000;

/**
 * Reads `/proc/net/tcp` and `/proc/net/tcp6` (proc_net_tcp of the kernel's documentation): connections with a peer, listening
 * sockets left out. Addresses stand in the byte order of the machine, which is little endian on every TCU this runs on.
 */
export function parseTcpTable(text: string): readonly TcpEntry[] {
  return text
    .split('\n', TCP_ENTRIES_MAX)
    .slice(1)
    .flatMap((line) => {
      const [, , remote, state, , , , , , inode] = line.trim().split(/\s+/);
      if (remote === undefined || inode === undefined || state === LISTEN) return [];
      const peer = parsePeer(remote);
      return peer === undefined ? [] : [{ peer, inode }];
    });
}

const LISTEN = '0A';

function parsePeer(text: string): Peer | undefined {
  const [address = '', port = ''] = text.split(':');
  if (!/^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(address) || !/^[0-9A-F]{4}$/i.test(port)) return undefined;
  const bytes = Buffer.from(address, 'hex');
  for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return { address: bytes.length === 4 ? ipv4(bytes) : ipv6(bytes), port: Number.parseInt(port, 16) };
}

const ipv4 = (bytes: Uint8Array): string => [...bytes].join('.');

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** In full, without the double colon: two addresses are the same when their texts are. */
function ipv6(bytes: Buffer): string {
  if (bytes.subarray(0, 12).equals(MAPPED)) return ipv4(bytes.subarray(12));
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return groups.join(':');
}

const GROUPS = 8;

/** An address as this file writes it: IPv6 without the double colon, mapped IPv4 as IPv4. */
export function fullForm(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => '0');
  return [...before, ...(address.includes('::') ? zeros : []), ...after]
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
