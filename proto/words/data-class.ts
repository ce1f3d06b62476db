/**
 * Legal classes of a record, mildest first. A record carries one or more of them; `strictest` orders them.
 * `core` is never exported; see INVARIANTS.md.
 */
export const DATA_CLASSES = ['general', 'personal', 'sensitive', 'geographic', 'important', 'core'] as const;

export type DataClass = (typeof DATA_CLASSES)[number];

/** Where the cloud keeps a record: separate files per zone. */
export const ZONES = ['general', 'personal', 'geographic', 'important', 'quarantine'] as const;

export type Zone = (typeof ZONES)[number];

export function strictest(classes: readonly DataClass[]): DataClass | undefined {
  return DATA_CLASSES.findLast((candidate) => classes.includes(candidate));
}
