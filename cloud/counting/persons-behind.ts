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
