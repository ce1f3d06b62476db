import { BlockList, isIP } from 'node:net';

/** Addresses in CIDR notation, IPv4 and IPv6; an IPv4 address within IPv6 counts as the IPv4 one. */
export interface AddressList {
  readonly has: (address: string) => boolean;
}

/** Undefined for a text that is no block. */
export function parseCidr(
  text: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined || length === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const bits = Number(length);
  const most = version === 4 ? 32 : 128;
  return bits <= most ? { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** @param blocks - each has been through `parseCidr`; one that is none covers nothing */
export function addressList(blocks: readonly string[]): AddressList {
  const list = new BlockList();
  for (const text of blocks) {
    const block = parseCidr(text);
    if (block !== undefined) list.addSubnet(block.address, block.bits, block.family);
  }
  return {
    has: (text) => {
      const address = text.toLowerCase().startsWith(WITHIN_IPV6) ? text.slice(WITHIN_IPV6.length) : text;
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

const WITHIN_IPV6 = '::ffff:';
