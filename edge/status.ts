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
  return joinFleets(
    agents.map(({ connected, bytes: spoolBytes, ...counts }) => ({
      ...{ role: 'edge', vehicles: 1, connected: connected ? 1 : 0, spoolBytes },
      ...counts,
    })),
  );
}

/** Several processes as one. */
export function joinFleets(fleets: readonly FleetStatus[]): FleetStatus {
  const sum = (pick: (fleet: FleetStatus) => number): number => fleets.reduce((total, fleet) => total + pick(fleet), 0);
  const removed: Record<string, number> = {};
  for (const fleet of fleets) {
    for (const [cause, count] of Object.entries(fleet.removed)) removed[cause] = (removed[cause] ?? 0) + count;
  }
  return {
    role: 'edge',
    vehicles: sum((fleet) => fleet.vehicles),
    connected: sum((fleet) => fleet.connected),
    framesSealed: sum((fleet) => fleet.framesSealed),
    framesWaiting: sum((fleet) => fleet.framesWaiting),
    framesHeld: sum((fleet) => fleet.framesHeld),
    spoolBytes: sum((fleet) => fleet.spoolBytes),
    offlineDays: least(fleets.map((fleet) => fleet.offlineDays)),
    removed,
    consentsEnded: sum((fleet) => fleet.consentsEnded),
  };
}

function least(days: readonly (number | undefined)[]): number | undefined {
  const known = days.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
