type Body = Readonly<Record<string, unknown>>;

/** Keys that are otherwise after a change; of a new entry none, since all of it is new. */
export function changedKeys(before: Body | undefined, after: Body | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
