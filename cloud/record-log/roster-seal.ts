import { type Redacted, redacted } from '../../proto/words/redacted.ts';
import { parseVin, type Vin } from '../../proto/words/vin.ts';
import type { RosterRow } from '../ports/roster.ts';
import type { TransitOpener, TransitSealer } from './transit.ts';

/** VINs on their way to workers of other machines, so that a database that is read by somebody else links no device to a vehicle. */
export interface RosterSeal {
  readonly seal: (of: Sealed, vin: Redacted<Vin>) => Uint8Array;
  /** Undefined for what nobody of ours sealed, or for another device. */
  readonly open: (of: Sealed, sealed: Uint8Array) => Redacted<Vin> | undefined;
}

/** Whose VIN it is: the name follows from the key, so nobody puts a key of theirs beside it. */
type Sealed = Pick<RosterRow, 'number' | 'device'>;

export function createRosterSeal(sealer: TransitSealer, opener: TransitOpener): RosterSeal {
  return {
    seal: ({ number, device }, vin) => sealer.seal(Buffer.from(`${number} ${device} ${vin.reveal()}`)),
    open: ({ number, device }, sealed) => {
      const [of, whose, text = ''] = opener.open(sealed)?.toString().split(' ') ?? [];
      const vin = parseVin(text);
      return of === String(number) && whose === device && vin.ok ? redacted(vin.value) : undefined;
    },
  };
}
