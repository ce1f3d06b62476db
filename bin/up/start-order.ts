import { setTimeout as wait } from 'node:timers/promises';
import type { CloudStatus } from '../../cloud/status.ts';
import { assert } from '../../proto/words/result.ts';
import { cloudChild, edgeChild, exporterChild, receiverChild, simChild } from './children.ts';
import type { Crew } from './crew.ts';
import type { Layout } from './layout.ts';
import { paceOf } from './pace.ts';
import type { BegunFleet } from './prepare-fleet.ts';

export interface Start {
  readonly layout: Layout;
  readonly options: { readonly seed: string; readonly traces: readonly string[] };
  readonly crew: Crew;
  readonly isOver: () => boolean;
  readonly begun: BegunFleet;
}

/** How often it is looked whether what somebody waits for is there. */
export const READY_TICK_MS = 50;
const READY_MS_MAX = 60_000;

/** Vehicles with a process of their own, so that something is seen before the many have started. */
export const FIRST_VEHICLES = 4;

/** What it takes until there is a number to look at: the cloud, a few vehicles, and who drives them. */
export async function startFirst({ layout, options, crew, begun }: Start): Promise<void> {
  const { names, begunAt } = begun;
  crew.start(cloudChild(layout));
  await enrol(crew, begun, Math.min(FIRST_VEHICLES, names.length));
  await ready(crew, 'cloud');
  if (names.length === 0) return;
  const few = names.slice(0, FIRST_VEHICLES);
  crew.start(edgeChild(layout, 'edge', few, portOf(crew)));
  await ready(crew, 'edge');
  const { seed, traces } = options;
  const pace = traces.length === 0 ? paceOf(names.length, few.length, begunAt) : undefined;
  crew.start(simChild(layout, { vehicles: names.length, seed, traces, pace }));
}

/** The border, the keys of all other vehicles, and their agents. */
export async function startRest({ layout, crew, isOver, begun }: Start): Promise<void> {
  const { kind, names } = begun;
  if (!isOver() && kind !== 'empty') {
    crew.start(receiverChild(layout));
    await ready(crew, 'receiver');
  }
  if (!isOver()) crew.start(exporterChild(layout));
  await enrol(crew, begun, names.length);
  const many = names.slice(FIRST_VEHICLES);
  if (!isOver() && many.length > 0) crew.start(edgeChild(layout, 'edge-fleet', many, portOf(crew)));
}

async function enrol(crew: Crew, begun: BegunFleet, count: number): Promise<void> {
  const enrolled = await begun.enrol(count);
  if (enrolled.ok) return;
  crew.fail(enrolled.fault);
  throw new Error('vehicles could not be enrolled');
}

async function ready(crew: Crew, role: string): Promise<void> {
  for (let waited = 0; crew.child(role)?.status() === undefined; waited += READY_TICK_MS) {
    if (crew.failure() !== undefined) throw new Error('a role ended while starting');
    if (waited > READY_MS_MAX) throw new Error(`${role} does not report`);
    await wait(READY_TICK_MS);
  }
}

function portOf(crew: Crew): number {
  const status = crew.child('cloud')?.status() as CloudStatus | undefined;
  assert(status !== undefined, 'the cloud is ready');
  return status.port;
}
