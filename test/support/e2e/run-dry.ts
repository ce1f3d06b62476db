import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Layout } from '../../../bin/up/layout.ts';
import type { FleetStatus } from '../../../edge/status.ts';
import type { RoleProcess } from './roles.ts';
import { ledgerExtents, releasedRows, spoolState, zoneSequences } from './stores.ts';

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 100;

/** Waits for what processes bring about together, and says how far each of them is where that is in vain. */
export async function until(processes: Readonly<Record<string, RoleProcess>>, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += LOOK_EVERY_MS) {
    const told = Object.entries(processes).map(([name, one]) => [name, one.status(), one.errors()]);
    if (waited > PATIENCE_MS) throw new Error(`waited in vain: ${JSON.stringify(told)}`);
    await after(LOOK_EVERY_MS);
  }
}

export interface Fleet extends Readonly<Record<string, RoleProcess>> {
  readonly sim: RoleProcess;
  readonly edge: RoleProcess;
}

/**
 * Ends the drives, and waits until everything sealed is admitted.
 *
 * An empty spool is no end while lines still come: what the agents hold of them is sealed a moment later. So the simulator
 * is gone first, the agents seal what they have by stopping, and are started again only to send it.
 */
export async function runDry(fleet: Fleet, admitted: () => number): Promise<void> {
  const { sim, edge } = fleet;
  await until(fleet, () => sim.status<{ done: boolean }>()?.done === true);
  await sim.stop();
  await edge.stop();
  await edge.start();
  await until(fleet, () => {
    const told = edge.status<FleetStatus>();
    return told !== undefined && told.framesWaiting === 0 && told.framesSealed > 0 && admitted() >= told.framesSealed;
  });
  await edge.stop();
}

/** Everything that was sealed is in the ledger without a gap, and in the zones once, but for trip rows that were released. */
export function expectWhole(layout: Layout, vehicles: readonly string[]): void {
  const extents = ledgerExtents(layout);
  const zones = zoneSequences(layout);
  let [sealed, absent] = [0, 0];
  for (const name of vehicles) {
    const { epoch, next, waiting } = spoolState(layout, name);
    expect(waiting).toEqual([]);
    expect(extents.get(epoch)).toEqual([[0, next]]);
    const stored = zones.get(epoch) ?? new Map<number, number>();
    expect([...stored.values()].filter((times) => times !== 1)).toEqual([]);
    sealed += next;
    absent += next - stored.size;
  }
  expect(sealed).toBeGreaterThan(100);
  // What is not under its own name any more is a trip row that was released without it.
  expect(absent).toBe(releasedRows(layout));
}
