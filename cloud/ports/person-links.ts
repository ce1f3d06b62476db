/** What a person is to a vehicle. */
export const PERSON_ROLES = ['owner', 'driver'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** One natural person behind one vehicle; both are keyed digests of 16 bytes, and nothing else of either is kept. */
export interface PersonLink {
  readonly vehicle: Uint8Array;
  readonly person: Uint8Array;
  readonly role: PersonRole;
}

/** Natural persons behind vehicles. Links are added and never taken away, so that no count that stands is lowered. */
export interface PersonLinks {
  /**
   * Distinct persons linked to a vehicle; none where nobody was linked. In the place of somebody who is behind more vehicles than a person has stands the vehicle, so that each of them counts: too many is safe, and too few is not.
   */
  of(vehicle: Uint8Array): readonly Uint8Array[];
  /** The same persons, whatever they are behind. */
  named(vehicle: Uint8Array): readonly Uint8Array[];
  /** Distinct vehicles that a person is behind. */
  vehiclesOf(person: Uint8Array): readonly Uint8Array[];
  /** Durable once it returns; gives how many were new. */
  add(links: readonly PersonLink[]): number;
  close(): void;
}
