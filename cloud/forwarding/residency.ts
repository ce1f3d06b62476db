import { type AddressList, addressList } from '../access/cidr.ts';

/** Where frames may be forwarded to: addresses of the destination itself, all of them in the mainland. */
export interface Residency {
  readonly destination: AddressList;
  readonly mainland: AddressList;
}

export const residencyOf = (networks: readonly string[], mainland: readonly string[]): Residency => ({
  destination: addressList(networks),
  mainland: addressList(mainland),
});

/** An address that is unknown, or that cannot be looked at, may not. */
export function mayReceive(address: string | undefined, { destination, mainland }: Residency): boolean {
  try {
    return address !== undefined && destination.has(address) && mainland.has(address);
  } catch {
    return false;
  }
}

/**
 * The address to connect to. A name that leads to a single address elsewhere leads nowhere: who answers for it tomorrow is
 * not known today.
 */
export function chosenAddress(addresses: readonly string[], residency: Residency): string | undefined {
  return addresses.every((address) => mayReceive(address, residency)) ? addresses[0] : undefined;
}
