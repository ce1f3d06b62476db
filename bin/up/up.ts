import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CloudStatus } from '../../cloud/status.ts';
import { EXIT, type RoleSurroundings } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { cloudChild, edgeChild, exporterChild, receiverChild, simChild } from './children.ts';
import type { InstallationKind } from './configs.ts';
import { type Crew, createCrew, EDGES } from './crew.ts';
import { type Layout, layoutOf } from './layout.ts';
import { paceOf } from './pace.ts';
import { type BegunFleet, beginFleet } from './prepare-fleet.ts';
import { fillRegisters, requestTransfers, showTransfers, type Telling } from './show-tour.ts';
import type { Summary } from './summary.ts';
import { VISITOR } from './tour-registers.ts';
import { createScreen, viewOf } from './view.ts';

export interface UpOptions {
  readonly data: string;
  readonly vehicles: number | undefined;
  readonly seed: string;
  readonly traces: readonly string[];
  /** Runs this long, or until asked to stop. */
  readonly forMs: number | undefined;
  readonly json: boolean;
  /** Nothing but the cloud and the border, for a real start. */
  readonly empty: boolean;
}

const TICK_MS = 250;
/** A terminal is drawn anew each tick; anything else gets a line this often. */
const PLAIN_EVERY_MS = 5_000;
const READY_MS_MAX = 60_000;
const DRAIN_MS_MAX = 30_000;
/** Transfers are asked for once vehicles have sent something for this long, or halfway through a short run. */
const REQUEST_AFTER_MS = 8_000;

/**
 * `tongguan up`: a fleet, its agents, the cloud, the exporter and a recipient on one machine.
 *
 * @returns exit status: 0 stopped or time over, 1 a fault, 2 usage
 */
export async function up(options: UpOptions, around: RoleSurroundings): Promise<number> {
  const layout = layoutOf(options.data);
  const startedAt = around.clock.now();
  const kind = options.empty ? 'empty' : options.traces.length > 0 ? 'plain' : 'tour';
  const begun = await beginFleet(layout, { ...options, kind }, around);
  if (!begun.ok) {
    around.err(renderFault('up', begun.fault));
    return begun.fault.code === 'UP_OTHER_FLEET' ? EXIT.usage : EXIT.fault;
  }
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const crew = createCrew(around);
  let stopping = false;
  void around.stopRequested.then(() => {
    stopping = true;
  });
  const isOver = (): boolean => stopping || crew.failure() !== undefined;
  try {
    await startServices({ layout, options, crew }, begun.value);
    await watch({ layout, options, crew, isOver, around, startedAt, kind: begun.value.kind });
  } catch (cause) {
    if (crew.failure() === undefined) throw cause;
  }
  const drained = await windDown(crew);
  const { failure } = crew;
  if (options.json) around.out(JSON.stringify(drained));
  else for (const line of [...viewOf(drained, []), ...crew.explained()]) around.err(line);
  if (layout.sockets.startsWith(layout.root)) rmSync(layout.sockets, { recursive: true, force: true });
  const fault = failure();
  if (fault === undefined) return EXIT.done;
  around.err(renderFault('up', fault));
  return EXIT.fault;
}

/** Cloud and border start while vehicles are enrolled; the agents start when there is a port, and the fleet does not wait for the last. */
async function startServices(
  { layout, options, crew }: { layout: Layout; options: UpOptions; crew: Crew },
  begun: BegunFleet,
): Promise<void> {
  const hasRecipient = begun.kind !== 'empty';
  if (hasRecipient) crew.start(receiverChild(layout));
  crew.start(cloudChild(layout));
  const enrolled = await begun.enrol();
  if (!enrolled.ok) {
    crew.fail(enrolled.fault);
    throw new Error('vehicles could not be enrolled');
  }
  const { names, begunAt } = enrolled.value;
  if (hasRecipient) await ready(crew, 'receiver');
  await ready(crew, 'cloud');
  crew.start(exporterChild(layout));
  if (names.length === 0) return;
  const port = (crew.child('cloud')?.status() as CloudStatus | undefined)?.port ?? 0;
  const [few, many] = [names.slice(0, FIRST_VEHICLES), names.slice(FIRST_VEHICLES)];
  crew.start(edgeChild(layout, 'edge', few, port));
  await ready(crew, 'edge');
  const { seed, traces } = options;
  const pace = traces.length === 0 ? paceOf(names.length, few.length, begunAt) : undefined;
  crew.start(simChild(layout, { vehicles: names.length, seed, traces, pace }));
  if (many.length > 0) crew.start(edgeChild(layout, 'edge-fleet', many, port));
}

/** Vehicles with a process of their own, so that something is seen before the many have started. */
const FIRST_VEHICLES = 4;
async function ready(crew: Crew, role: string): Promise<void> {
  for (let waited = 0; crew.child(role)?.status() === undefined; waited += TICK_MS) {
    if (crew.failure() !== undefined) throw new Error('a role ended while starting');
    if (waited > READY_MS_MAX) throw new Error(`${role} does not report`);
    await wait(TICK_MS);
  }
}

interface Watch {
  readonly layout: Layout;
  readonly options: UpOptions;
  readonly kind: InstallationKind;
  readonly crew: Crew;
  readonly isOver: () => boolean;
  readonly around: RoleSurroundings;
  readonly startedAt: number;
}

async function watch(parts: Watch): Promise<void> {
  const { options, crew, isOver, around, startedAt, kind } = parts;
  const watchedSince = around.clock.now();
  const draw = process.stderr.isTTY ? createScreen((text) => process.stderr.write(text)) : undefined;
  const requestAfterMs = Math.min(REQUEST_AFTER_MS, (options.forMs ?? Number.POSITIVE_INFINITY) / 2);
  let [isLive, requested, toldAt] = [false, kind === 'empty', 0];
  const filled = kind === 'tour' ? fillRegisters(parts.layout, around.clock, tellingOf(parts)) : Promise.resolve();
  // Whoever waits for the first frames does not wait for registers; what went wrong with them is told where they are needed.
  filled.catch(() => undefined);
  if (kind === 'empty') crew.announce(`up: nothing is registered; configuration under ${parts.layout.config('')}`);
  for (;;) {
    const elapsedMs = around.clock.now() - watchedSince;
    if (isOver() || (options.forMs !== undefined && elapsedMs >= options.forMs)) return;
    const summary = crew.summary();
    if (!isLive && summary.framesAdmitted > 0) {
      isLive = true;
      crew.announce(
        `up: first frames in the cloud ${((around.clock.now() - startedAt) / 1_000).toFixed(1)} s after the start`,
      );
    }
    if (!requested && elapsedMs >= requestAfterMs && summary.framesAdmitted > 0) {
      requested = true;
      await filled;
      await showTour(parts);
    }
    if (draw !== undefined) draw(viewOf(summary, crew.recent()));
    else if (elapsedMs - toldAt >= PLAIN_EVERY_MS) {
      toldAt = elapsedMs;
      around.err(plainLine(summary));
    }
    await wait(TICK_MS);
  }
}

function plainLine({ vehicles, framesSealed, framesAdmitted, transfers }: Summary): string {
  return `up: ${vehicles} vehicles, ${framesSealed} frames sealed, ${framesAdmitted} admitted, ${transfers.cleared} transfer(s) cleared, ${transfers.withheld} withheld`;
}

/** A terminal that is drawn over has no room for the whole now; it gets it at the end. */
function tellingOf({ crew, around }: Watch): Telling {
  const explain = (lines: readonly string[]): void => {
    if (process.stderr.isTTY) crew.explain(lines);
    else for (const line of lines) around.err(line);
  };
  return { say: crew.say, explain };
}

async function showTour(parts: Watch): Promise<void> {
  const { layout, kind, crew, around } = parts;
  if (kind === 'plain') return requestTransfers(layout, tellingOf(parts));
  for (const line of await showTransfers(layout, around.clock, tellingOf(parts))) crew.announce(`up: ${line}`);
  crew.announce(`up: in the console, name the first account \`${VISITOR}\`: it may approve what waits`);
}

/** Stops the fleet first, lets what is on its way arrive, and then stops the rest. */
async function windDown(crew: Crew): Promise<Summary> {
  crew.expectEnds();
  await crew.child('sim')?.stop();
  if (crew.failure() === undefined) await settled(crew);
  const reports = crew.summary();
  await crew.child('exporter')?.stop();
  for (const role of EDGES) await crew.child(role)?.stop();
  await crew.child('cloud')?.stop();
  await crew.child('receiver')?.stop();
  // The last report of each role is the one it sends when it stops.
  return crew.summary().logs['traffic'] === undefined ? reports : crew.summary();
}

async function settled(crew: Crew): Promise<void> {
  let calm = 0;
  for (let waited = 0; waited < DRAIN_MS_MAX && calm < CALM_TICKS; waited += TICK_MS) {
    const { framesWaiting, transfers } = crew.summary();
    calm = framesWaiting === 0 && transfers.delivered + transfers.refused >= transfers.cleared ? calm + 1 : 0;
    await wait(TICK_MS);
  }
}

/** Reports come each half second, so this many ticks without change have seen two of each role. */
const CALM_TICKS = 6;
