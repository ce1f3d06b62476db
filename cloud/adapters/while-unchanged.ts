import type { StoreDatabase } from './open-database.ts';

/**
 * Keeps what was made of a file until the file changes, by this connection (`total_changes`) or by another (`data_version`):
 * what pages ask for time and again is made once for each change, not once for each question.
 *
 * @returns gives what is kept under a key, or makes it; as many are kept as there are keys
 */
export function whileUnchanged(database: StoreDatabase): <T>(kept: Map<string, T>, key: string, make: () => T) => T {
  const own = database.prepare('SELECT total_changes()').pluck();
  const stands = new WeakMap<object, string>();
  return (kept, key, make) => {
    const now = `${String(own.get())} ${String(database.pragma('data_version', { simple: true }))}`;
    if (stands.get(kept) !== now) kept.clear();
    stands.set(kept, now);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    kept.set(key, made);
    return made;
  };
}
