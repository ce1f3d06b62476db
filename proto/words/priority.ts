/**
 * How soon something has to reach the cloud, the most urgent first. Each priority is a queue of its own on the vehicle: a
 * backlog of one never stands before another, and a full spool gives up the last first.
 */
export const PRIORITIES = ['emergency', 'safety', 'diagnostics', 'statistics'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** The priority of everything that a policy says nothing of. */
export const LEAST_PRIORITY: Priority = 'statistics';
