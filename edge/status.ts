import type { AgentStatus } from './run-agent.ts';

/** What the agents of one process report together; counts and no content. */
export interface FleetStatus {
  readonly role: 'edge';
  readonly vehicles: number;
  readonly connected: number;
  readonly framesSealed: number;
  readonly framesWaiting: number;
  readonly framesHeld: number;
  readonly spoolBytes: number;
  /** Of the vehicle with the least room; undefined until it can be told. */
  readonly offlineDays: number | undefined;
  /** What was removed before upload, by cause. */
  readonly removed: Readonly<Record<string, number>>;
  /** Consents that were withdrawn, or ended, since the start. */
  readonly consentsEnded: number;
}

export function addUp(agents: readonly AgentStatus[]): FleetStatus {
  const sum = (pick: (agent: AgentStatus) => number): number => agents.reduce((total, agent) => total + pick(agent), 0);
  const removed: Record<string, number> = {};
  for (const agent of agents) {
    for (const [cause, count] of Object.entries(agent.removed)) removed[cause] = (removed[cause] ?? 0) + count;
  }
  return {
    role: 'edge',
    vehicles: agents.length,
    connected: sum((agent) => (agent.connected ? 1 : 0)),
    framesSealed: sum((agent) => agent.framesSealed),
    framesWaiting: sum((agent) => agent.framesWaiting),
    framesHeld: sum((agent) => agent.framesHeld),
    spoolBytes: sum((agent) => agent.bytes),
    offlineDays: least(agents.map((agent) => agent.offlineDays)),
    removed,
    consentsEnded: sum((agent) => agent.consentsEnded),
  };
}

function least(days: readonly (number | undefined)[]): number | undefined {
  const known = days.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
