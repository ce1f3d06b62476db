import type { RosterSource, RosterStanding, RosterWriter } from '../ports/roster.ts';
import type { RosterSeal } from './roster-seal.ts';

export interface RosterParts {
  readonly register: RosterSource;
  readonly roster: RosterWriter;
  readonly seal: RosterSeal['seal'];
}

/** Devices that are written down in one look; more of them come with the next. */
const ADDED_MAX = 2_000;

interface Known {
  last: number;
  /** Standings that are not as everybody begins, by number. */
  readonly notable: Map<number, RosterStanding>;
}

/**
 * Writes down for processes of other machines what the register holds: devices that were added, and those that stand otherwise
 * than they did. A roster that is of another register, or of a later state of this one, is made anew.
 */
export function createRosterPublisher({ register, roster, seal }: RosterParts): { readonly look: () => void } {
  let known: Known | undefined;

  function begin(): Known {
    const last = roster.last();
    if (last !== undefined && !isOurs(last)) {
      roster.clear();
      return { last: 0, notable: new Map() };
    }
    return { last: last?.number ?? 0, notable: new Map(roster.standings().map((one) => [one.number, one])) };
  }

  function isOurs({ number, device }: NonNullable<ReturnType<RosterWriter['last']>>): boolean {
    const [own] = register.entriesAfter(number - 1, 1);
    return own?.number === number && own.device === device && register.countUpTo(number) === roster.count();
  }

  function write(at: Known): void {
    const entries = register.entriesAfter(at.last, ADDED_MAX);
    const now = new Map(register.notable().map((one) => [one.number, standingOf(one)]));
    const moved = [
      ...[...now.values()].filter((one) => one.number <= at.last && !isSame(one, at.notable.get(one.number))),
      ...[...at.notable.keys()].filter((number) => !now.has(number)).map(asEverybody),
    ];
    if (entries.length === 0 && moved.length === 0) return;
    const added = entries.map((entry) => {
      const { device, publicKey } = entry;
      return { ...standingOf(entry), device, publicKey, sealedVin: seal(entry, entry.vin) };
    });
    roster.write({ added, moved });
    at.last = entries.at(-1)?.number ?? at.last;
    at.notable.clear();
    for (const [number, one] of now) if (number <= at.last) at.notable.set(number, one);
  }

  return {
    look: () => {
      const at = known ?? begin();
      // Whoever hears that a write failed does not know whether it went through: what is there is read again.
      known = undefined;
      write(at);
      known = at;
    },
  };
}

const standingOf = ({ number, trust, revoked }: Omit<RosterStanding, 'isRevoked'> & { readonly revoked: boolean }) => ({
  ...{ number, trust, isRevoked: revoked },
});

const asEverybody = (number: number): RosterStanding => ({ number, isRevoked: false, trust: 'trusted' });

const isSame = (one: RosterStanding, other: RosterStanding | undefined): boolean =>
  other !== undefined && one.isRevoked === other.isRevoked && one.trust === other.trust;
