import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CloudStatus } from '../../cloud/status.ts';
import type { FleetStatus } from '../../edge/status.ts';
import { EXIT, type RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';
import { cloudChild, edgeChild, exporterChild, receiverChild, simChild } from './children.ts';
import { type Layout, layoutOf } from './layout.ts';
import { prepareFleet } from './prepare-fleet.ts';
import { askCloud } from './request.ts';
import { type ExporterReport, type Summary, summarise } from './summary.ts';
import { DATASETS, PURPOSE, RECIPIENT_ID } from './tour.ts';
import { createScreen, viewOf } from './view.ts';

export interface UpOptions {
  readonly data: string;
  readonly vehicles: number | undefined;
  readonly seed: string;
  readonly traces: readonly string[];
  /** Runs this long, or until asked to stop. */
  readonly forMs: number | undefined;
  readonly json: boolean;
}

const TICK_MS = 250;
/** A terminal is drawn anew each tick; anything else gets a line this often. */
const PLAIN_EVERY_MS = 5_000;
const READY_MS_MAX = 60_000;
const DRAIN_MS_MAX = 30_000;
/** Transfers are asked for once vehicles have sent something for this long, or halfway through a short run. */
const REQUEST_AFTER_MS = 8_000;
const RECENT_LINES = 6;

/**
 * `tongguan up`: a fleet, its agents, the cloud, the exporter and a recipient on one machine.
 *
 * @returns exit status: 0 stopped or time over, 1 a fault, 2 usage
 */
export async function up(options: UpOptions, around: RoleSurroundings): Promise<number> {
  const layout = layoutOf(options.data);
  const prepared = await prepareFleet(layout, options, around);
  if (!prepared.ok) {
    around.err(renderFault('up', prepared.fault));
    return prepared.fault.code === 'UP_OTHER_FLEET' ? EXIT.usage : EXIT.fault;
  }
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const crew = createCrew(around);
  let stopping = false;
  void around.stopRequested.then(() => {
    stopping = true;
  });
  try {
    await startServices(layout, prepared.value.names, options, crew);
    await watch(layout, options, crew, () => stopping || crew.failure() !== undefined, around);
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

interface Crew {
  readonly start: (start: Pick<ChildOptions, 'role' | 'args' | 'environment'>) => Child;
  readonly child: (role: string) => Child | undefined;
  readonly summary: () => Summary;
  readonly recent: () => readonly string[];
  readonly say: (line: string) => void;
  /** Keeps what is to be told in full at the end. */
  readonly explain: (lines: readonly string[]) => void;
  readonly explained: () => readonly string[];
  readonly failure: () => Fault | undefined;
  readonly expectEnds: () => void;
}

function createCrew(around: RoleSurroundings): Crew {
  const children = new Map<string, Child>();
  const recent: string[] = [];
  const explained: string[] = [];
  let failure: Fault | undefined;
  let endsAreExpected = false;
  const say = (line: string): void => {
    recent.push(line);
    if (recent.length > RECENT_LINES) recent.shift();
  };
  return {
    start: (start) => {
      const child = startChild({
        ...start,
        onLine: (role, line) => {
          if (isNews(line)) around.err(line);
          else say(line.startsWith(role) ? line : `${role}: ${line}`);
        },
        onEnd: (role, exit) => {
          if (!endsAreExpected && (exit !== 0 || role !== 'sim')) failure ??= roleEnded(role, exit);
        },
      });
      children.set(start.role, child);
      return child;
    },
    child: (role) => children.get(role),
    summary: () =>
      summarise({
        edge: children.get('edge')?.status() as FleetStatus | undefined,
        cloud: children.get('cloud')?.status() as CloudStatus | undefined,
        exporter: children.get('exporter')?.status() as ExporterReport | undefined,
      }),
    recent: () => recent,
    say,
    explain: (lines) => {
      explained.push('', ...lines);
    },
    explained: () => explained,
    failure: () => failure,
    expectEnds: () => {
      endsAreExpected = true;
    },
  };
}

async function startServices(layout: Layout, names: readonly string[], options: UpOptions, crew: Crew): Promise<void> {
  crew.start(receiverChild(layout));
  crew.start(cloudChild(layout));
  await ready(crew, 'receiver');
  await ready(crew, 'cloud');
  const port = (crew.child('cloud')?.status() as CloudStatus | undefined)?.port ?? 0;
  crew.start(edgeChild(layout, names, port));
  crew.start(exporterChild(layout));
  await ready(crew, 'edge');
  crew.start(simChild(layout, { vehicles: names.length, seed: options.seed, traces: options.traces }));
}

async function ready(crew: Crew, role: string): Promise<void> {
  for (let waited = 0; crew.child(role)?.status() === undefined; waited += TICK_MS) {
    if (crew.failure() !== undefined) throw new Error('a role ended while starting');
    if (waited > READY_MS_MAX) throw new Error(`${role} does not report`);
    await wait(TICK_MS);
  }
}

async function watch(
  layout: Layout,
  options: UpOptions,
  crew: Crew,
  isOver: () => boolean,
  around: RoleSurroundings,
): Promise<void> {
  const startedAt = around.clock.now();
  const draw = process.stderr.isTTY ? createScreen((text) => process.stderr.write(text)) : undefined;
  const requestAfterMs = Math.min(REQUEST_AFTER_MS, (options.forMs ?? Number.POSITIVE_INFINITY) / 2);
  let requested = false;
  let toldAt = 0;
  for (;;) {
    const elapsedMs = around.clock.now() - startedAt;
    if (isOver() || (options.forMs !== undefined && elapsedMs >= options.forMs)) return;
    const summary = crew.summary();
    if (!requested && elapsedMs >= requestAfterMs && summary.framesAdmitted > 0) {
      requested = true;
      await requestTransfers(layout, crew, around);
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

/** Asks for both datasets of the tour and says what came of it. */
async function requestTransfers(layout: Layout, crew: Crew, around: RoleSurroundings): Promise<void> {
  const { explainAnswer, summariseAnswer } = await import('./explain-answer.ts');
  for (const { id } of DATASETS) {
    const body = { dataset: id, recipient: RECIPIENT_ID, purpose: PURPOSE, requestedBy: 'tour' };
    const answer = await askCloud(layout.apiSocket, 'POST', '/v1/transfers', body);
    const lines = explainAnswer(id, answer);
    crew.say(summariseAnswer(id, answer));
    // A terminal that is drawn over has no room for it now; it gets the whole at the end.
    if (process.stderr.isTTY) crew.explain(lines);
    else for (const line of lines) around.err(line);
  }
}

/** Stops the fleet first, lets what is on its way arrive, and then stops the rest. */
async function windDown(crew: Crew): Promise<Summary> {
  crew.expectEnds();
  await crew.child('sim')?.stop();
  if (crew.failure() === undefined) await settled(crew);
  const reports = crew.summary();
  await crew.child('exporter')?.stop();
  await crew.child('edge')?.stop();
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

/** What a person has to see even where a terminal is drawn over. */
const isNews = (line: string): boolean => /error:|hint:|console: /.test(line) || line.startsWith('cloud: console at');

function roleEnded(role: string, exit: number): Fault<'ROLE_ENDED'> {
  return {
    code: 'ROLE_ENDED',
    problem: bilingual(`the ${role} ended by itself with status ${exit}`, `${role} 进程异常退出，状态 ${exit}`),
    remedy: bilingual(
      'read its message above, mend it and start again; nothing acknowledged is lost',
      '请查看上方信息，处理后重新启动；已确认的数据不会丢失',
    ),
    retry: 'after-remedy',
  };
}
