/** Steps of a group commit at which a child may be told to die. */
export const KILL_POINTS = ['before-zone', 'after-zone', 'before-ledger', 'after-ledger'] as const;

export type KillPoint = (typeof KILL_POINTS)[number];
