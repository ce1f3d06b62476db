import type { RawSignals, SignalValue } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { Prng } from '../prng.ts';

/** Somebody who does not exist; the seats are those of VSS. */
export interface Person {
  /** What an account of the maker's names them, as a phone key brings it into the vehicle. */
  readonly subject: string;
}

export function personOf(ordinal: number, prng: Prng): Person {
  return { subject: `user-${ordinal}-${prng.whole(100_000, 999_999)}` };
}

/** Who sits where, as the vehicle writes it when doors are closed. Policies may not let any of it out. */
export function crewFrame(at: Instant, driver: Person, passengers: readonly Person[] = []): RawSignals {
  const signals: Record<string, SignalValue> = { [seat('DriverSide')]: driver.subject };
  for (const [index, { subject }] of passengers.entries())
    signals[seat(index === 0 ? 'PassengerSide' : 'Middle')] = subject;
  return { kind: 'signals', at, signals };
}

const seat = (side: string): string => `Vehicle.Occupant.Row1.${side}.Identifier.Subject`;
