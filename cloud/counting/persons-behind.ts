/**
 * Vehicles that one natural person may be behind, for them to count as that one: our figure. Who is behind more is a fleet, a rental, or
 * a list that somebody made so that fewer count.
 */
export const VEHICLES_OF_A_PERSON_MAX = 4;

interface Links {
  readonly named: (vehicle: Uint8Array) => readonly Uint8Array[];
  readonly vehiclesOf: (person: Uint8Array) => readonly Uint8Array[];
}

/**
 * Everything that somebody behind these vehicles may be counted as: they themselves, and where they are behind more vehicles than a
 * person has, each of those. Whose consent is over is found under any of them.
 */
export function allBehind(vehicles: readonly Uint8Array[], { named, vehiclesOf }: Links): readonly Uint8Array[] {
  const persons = personsBehind(vehicles, named);
  const theirs = persons.flatMap((person) => {
    const all = vehiclesOf(person);
    return all.length > VEHICLES_OF_A_PERSON_MAX ? all : [];
  });
  return personsBehind([...persons, ...theirs], () => []);
}

/**
 * The natural persons behind vehicles, distinct: those that were linked, else one for each vehicle (CNT-1, docs/law.md).
 *
 * @param vehicles - keyed digests, which stand for a person where nobody is linked
 * @param linked - persons linked to one vehicle
 */
export function personsBehind(
  vehicles: Iterable<Uint8Array>,
  linked: (vehicle: Uint8Array) => readonly Uint8Array[],
): readonly Uint8Array[] {
  const distinct = new Map<string, Uint8Array>();
  for (const vehicle of vehicles) {
    const persons = linked(vehicle);
    for (const person of persons.length === 0 ? [vehicle] : persons) {
      distinct.set(Buffer.from(person).toString('latin1'), person);
    }
  }
  return [...distinct.values()];
}
