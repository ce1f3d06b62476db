import { setTimeout as wait } from 'node:timers/promises';
import { EXIT } from '../proto/config/role.ts';
import { type Fault, renderFault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Instant } from '../proto/words/time.ts';
import { planFleet, type VehiclePlan } from './fleet.ts';
import type { SimIo, SimOptions, SimProgress } from './options.ts';
import { type Outlet, socketOutlet, socketPath, streamOutlet } from './outlet.ts';
import { pump } from './pump.ts';
import { resample } from './resample.ts';
import { canResume, type RunSetting, startOf, startRuns, stateOf } from './runs.ts';
import { socketPathTooLong, socketsAlone, socketUnreachable, startInFuture, stateOfOtherFleet } from './sim-faults.ts';
import { SOCKET_PATH_BYTES_MAX } from './socket-link.ts';
import { readState, type SimState, writeState } from './state-file.ts';
import { type LoadedTraces, loadTraces } from './traces.ts';

/**
 * Runs a fleet until it is stopped, or, writing to a stream, until it has come to the end of its traces or to `until`.
 *
 * @returns exit status: 0 done or stopped, 1 a fault (told on `io.err`)
 */
export async function runSim(options: SimOptions, io: SimIo): Promise<number> {
  const tell = (fault: Fault) => io.err(renderFault('sim', fault));
  const prepared = await prepare(options, io, tell);
  if (!prepared.ok) {
    tell(prepared.fault);
    return EXIT.fault;
  }
  const { setting, brokenLines } = prepared.value;
  const stopping = new AbortController();
  void io.stopRequested.then(() => stopping.abort());
  let exit: number = EXIT.done;
  const stopFor = (fault: Fault) => {
    if (exit === EXIT.done) tell(fault);
    exit = EXIT.fault;
    stopping.abort();
  };

  const outlet = openOutlet(setting, io, stopFor);
  const runs = startRuns(setting);
  const save = (clockOf: (vehicle: number) => Instant | undefined) => {
    if (options.state === undefined) return;
    const written = writeState(options.state, stateOf(setting, clockOf));
    if (!written.ok) stopFor(written.fault);
  };
  const progress = createProgress(io, outlet, { vehicles: runs.length, brokenLines });
  const alone = options.sockets === undefined ? undefined : watchAlone(options.sockets, outlet, io, tell);
  await pump({
    runs,
    outlet,
    clock: io.clock,
    sleep: io.sleep ?? ((ms) => wait(ms, undefined, { signal: stopping.signal }).catch(() => undefined)),
    isStopped: () => stopping.signal.aborted,
    endsWhenIdle: hasEnd(options),
    isUnpaced: options.speed === 'max',
    onMoved: () => save((vehicle) => runs[vehicle]?.clock()),
    onRound: ({ now, done }) => {
      progress.tell(now, done);
      alone?.();
    },
  });
  await outlet.close();
  // What waited for an agent that never came is sent by the next run.
  save((vehicle) => outlet.sentTo(vehicle) ?? setting.resumed?.vehicles.get(setting.plans[vehicle]?.name ?? '')?.clock);
  progress.tellLast();
  return exit;
}

/** Agents stay connected, and a fleet that has caught up with the present drives on; anything else ends with its last frame. */
function hasEnd({ sockets, traces, speed, until }: SimOptions): boolean {
  return sockets === undefined && (traces.length > 0 || speed === 'max' || until !== undefined);
}

interface Prepared {
  readonly setting: RunSetting;
  readonly brokenLines: number;
}

async function prepare(options: SimOptions, io: SimIo, tell: (fault: Fault) => void): Promise<Result<Prepared, Fault>> {
  const startedAt = io.clock.now();
  if (Math.max(options.start ?? 0, options.until ?? 0) > startedAt) return fail(startInFuture());
  const loaded = await loadTraces(options.traces, startedAt, {
    onBrokenLine: tell,
    onAssumption: (file, { en }) => io.err(`sim: note: \`${file}\`: ${en}`),
  });
  if (!loaded.ok) return loaded;
  const { brokenLines } = loaded.value;
  const [everyMs, shiftMs] = [toMs(options.resample), toMs(options.shift)];
  const traces = loaded.value.traces.map((trace) => resample(trace, { everyMs, shiftMs }));
  const plans = planFleet({ vehicles: options.vehicles, seed: options.seed, traces });
  const longest = options.sockets === undefined ? '' : socketPath(options.sockets, plans.at(-1)?.name ?? '');
  if (Buffer.byteLength(longest) > SOCKET_PATH_BYTES_MAX) return fail(socketPathTooLong(longest));
  const resumed = resume(options, plans);
  if (!resumed.ok) return resumed;
  const start = startOf(options, resumed.value, startedAt);
  introduce(io, plans, loaded.value);
  return ok({ setting: { options, plans, traces, start, startedAt, resumed: resumed.value }, brokenLines });
}

const toMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);

function resume(options: SimOptions, plans: readonly VehiclePlan[]): Result<SimState | undefined, Fault> {
  if (options.state === undefined) return ok(undefined);
  const state = readState(options.state);
  if (!state.ok || state.value === undefined) return state;
  return canResume(state.value, options, plans) ? state : fail(stateOfOtherFleet(options.state));
}

function introduce(io: SimIo, plans: readonly VehiclePlan[], { traces, points, brokenLines }: LoadedTraces): void {
  if (traces.length === 0) io.err(`sim: ${plans.length} vehicles on synthetic drives`);
  else io.err(`sim: ${plans.length} of ${traces.length} traces, ${points} points read, ${brokenLines} broken lines`);
}

function openOutlet({ plans, options }: RunSetting, io: SimIo, stopFor: (fault: Fault) => void): Outlet {
  const names = plans.map(({ name }) => name);
  if (options.sockets === undefined) return streamOutlet(names, io.write);
  return socketOutlet(options.sockets, names, (name) => stopFor(socketUnreachable(name)));
}

/** Once, when no agent has taken a line for a while: frames wait for it, and nothing else would say so. */
function watchAlone(directory: string, outlet: Outlet, { clock }: SimIo, tell: (fault: Fault) => void): () => void {
  const at = clock.now() + ALONE_MS;
  let isOver = false;
  return () => {
    if (isOver || clock.now() < at) return;
    isOver = true;
    if (outlet.counts().written === 0) tell(socketsAlone(directory));
  };
}

const ALONE_MS = 5_000;

/** Tells the counts a few times a second, and once more at the end. */
function createProgress(io: SimIo, outlet: Outlet, fixed: Pick<SimProgress, 'vehicles' | 'brokenLines'>) {
  let toldAt = Number.NEGATIVE_INFINITY;
  let isDone = false;
  const tellNow = () => {
    const { written, lost } = outlet.counts();
    io.onProgress?.({ ...fixed, framesWritten: written, framesLost: lost, done: isDone });
  };
  return {
    tell: (now: Instant, done: boolean) => {
      const becameDone = done && !isDone;
      isDone = done;
      if (now - toldAt < PROGRESS_MS && !becameDone) return;
      toldAt = now;
      tellNow();
    },
    tellLast: tellNow,
  };
}

const PROGRESS_MS = 250;
