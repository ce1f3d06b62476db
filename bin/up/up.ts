import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, type RoleSurroundings } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { InstallationKind } from './configs.ts';
import { type Crew, createCrew, EDGES } from './crew.ts';
import { type Layout, layoutOf } from './layout.ts';
import { paceOf } from './pace.ts';
import { beginFleet } from './prepare-fleet.ts';
import { fillRegisters, requestTransfers, showCampaign, showTransfers, type Telling } from './show-tour.ts';
import { FIRST_VEHICLES, READY_TICK_MS, startFirst, startRest } from './start-order.ts';
import type { Summary } from './summary.ts';
import { wakeParked } from './tour-campaign.ts';
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
const DRAIN_MS_MAX = 30_000;
/** Transfers are asked for once vehicles have sent something for this long, or halfway through a short run. */
const REQUEST_AFTER_MS = 8_000;
/** What nobody waits for starts with the first frame, or without it where none comes. */
const REST_AFTER_MS = 10_000;

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
  const start = { layout, options, crew, isOver, begun: begun.value };
  const rest = once(() => startRest(start));
  try {
    await startFirst(start);
    const { kind: begunAs, names, begunAt } = begun.value;
    await watch({ layout, options, crew, isOver, around, startedAt, kind: begunAs, names, begunAt, rest });
    stopping = true;
    // A directory whose vehicles are not all enrolled would be begun anew by the next start.
    await rest();
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

function once(begin: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => {
    begun ??= begin();
    return begun;
  };
}

interface Watch {
  readonly layout: Layout;
  readonly options: UpOptions;
  readonly kind: InstallationKind;
  /** Of the vehicles. */
  readonly names: readonly string[];
  readonly begunAt: Instant;
  readonly crew: Crew;
  readonly isOver: () => boolean;
  readonly around: RoleSurroundings;
  readonly startedAt: number;
  /** What nobody waits for before the first frame; started once. */
  readonly rest: () => Promise<void>;
}

async function watch(parts: Watch): Promise<void> {
  const { options, crew, isOver, around, startedAt, kind } = parts;
  const forMs = options.forMs ?? Number.POSITIVE_INFINITY;
  const watchedSince = around.clock.now();
  const draw = process.stderr.isTTY ? createScreen((text) => process.stderr.write(text)) : undefined;
  const requestAfterMs = Math.min(REQUEST_AFTER_MS, forMs / 2);
  const restAfterMs = kind === 'empty' ? 0 : Math.min(REST_AFTER_MS, forMs / 4);
  let [isLive, requested, toldAt] = [false, kind === 'empty', 0];
  // Whoever waits for the first frames does not wait for the border, the many vehicles and the registers.
  const furnish = once(async () => {
    await Promise.all([
      parts.rest(),
      kind === 'tour' ? fillRegisters(parts.layout, around.clock, tellingOf(parts)) : undefined,
    ]);
  });
  if (kind === 'empty') crew.announce(`up: nothing is registered; configuration under ${parts.layout.config('')}`);
  for (;;) {
    const elapsedMs = around.clock.now() - watchedSince;
    if (isOver() || elapsedMs >= forMs) return;
    const summary = crew.summary();
    if (!isLive && summary.framesAdmitted > 0) {
      isLive = true;
      crew.announce(
        `up: first frames in the cloud ${((around.clock.now() - startedAt) / 1_000).toFixed(1)} s after the start`,
      );
    }
    // What goes wrong with it is told where it is needed.
    if (isLive || elapsedMs >= restAfterMs) furnish().catch(() => undefined);
    if (!requested && elapsedMs >= requestAfterMs && isLive) {
      requested = true;
      await furnish();
      await showTour(parts);
    }
    if (draw !== undefined) draw(viewOf(summary, crew.recent()));
    else if (elapsedMs - toldAt >= PLAIN_EVERY_MS) {
      toldAt = elapsedMs;
      around.err(plainLine(summary));
    }
    await wait(isLive ? TICK_MS : READY_TICK_MS);
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
  await showCampaign(layout, parts.names, around.clock, tellingOf(parts));
  // Whoever looks is not kept waiting by vehicles that wake up.
  wakeParked(layout, parts.names, drivesFrom(parts), parts.isOver).catch(() => undefined);
  for (const line of await showTransfers(layout, around.clock, tellingOf(parts))) crew.announce(`up: ${line}`);
  crew.announce(`up: in the console, name the first account \`${VISITOR}\`: it may approve what waits`);
}

/** When drives of the tour began. */
const drivesFrom = ({ names, begunAt }: Pick<Watch, 'names' | 'begunAt'>): string =>
  paceOf(names.length, FIRST_VEHICLES, begunAt).start;

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
