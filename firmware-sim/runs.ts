import { assert } from '../proto/words/result.ts';
import { DAY_MS, type Instant } from '../proto/words/time.ts';
import type { VehiclePlan } from './fleet.ts';
import { type SimOptions, SPEED_DEFAULT } from './options.ts';
import { later, type PacedFrame } from './paced-frame.ts';
import { foundRegion, type Region } from './region.ts';
import { traceFrames } from './replay.ts';
import type { SimState, VehicleState } from './state-file.ts';
import { syntheticFrames } from './synthetic.ts';
import type { Trace } from './traces.ts';
import { startRun, syntheticPace, tracePace, unpaced, type VehicleRun } from './vehicle-run.ts';

/** Everything that fixes what the vehicles of a run will send. */
export interface RunSetting {
  readonly options: SimOptions;
  readonly plans: readonly VehiclePlan[];
  readonly traces: readonly Trace[];
  /** Where synthetic drives began; when they began in an earlier run, that run's. */
  readonly start: Instant;
  readonly startedAt: Instant;
  readonly resumed: SimState | undefined;
}

/** How long before now synthetic drives begin, unless told otherwise. */
export const LOOK_BACK_MS = 7 * DAY_MS;

/** Where the synthetic drives of this run begin. */
export function startOf(options: SimOptions, resumed: SimState | undefined, now: Instant): Instant {
  return resumed?.start ?? options.start ?? later(now, -LOOK_BACK_MS);
}

/** False when going on from the state would send a vehicle back in time, or along another drive. */
export function canResume(state: SimState, options: SimOptions, plans: readonly VehiclePlan[]): boolean {
  if (state.seed !== options.seed) return false;
  if (options.start !== undefined && options.start !== state.start) return false;
  return plans.every((plan) => (state.vehicles.get(plan.name)?.source ?? sourceName(plan)) === sourceName(plan));
}

export function startRuns(setting: RunSetting): readonly VehicleRun[] {
  // One for the fleet: a hundred thousand cities would not fit into memory.
  let region: Region | undefined;
  const shared = () => {
    region ??= foundRegion(setting.options.seed);
    return region;
  };
  return setting.plans.map((plan, index) => {
    const resumeAfter = setting.resumed?.vehicles.get(plan.name)?.clock;
    return plan.drive.kind === 'synthetic'
      ? startSynthetic(setting, { plan, index, resumeAfter, region: shared() })
      : startTrace(setting, plan, plan.drive.trace, resumeAfter);
  });
}

/** The state to write down: vehicles of an earlier, larger fleet keep theirs. */
export function stateOf(setting: RunSetting, clockOf: (vehicle: number) => Instant | undefined): SimState {
  const vehicles = new Map<string, VehicleState>(setting.resumed?.vehicles);
  for (const [index, plan] of setting.plans.entries()) {
    const clock = clockOf(index);
    if (clock !== undefined) vehicles.set(plan.name, { source: sourceName(plan), clock });
  }
  return { seed: setting.options.seed, start: setting.start, vehicles };
}

interface Synthetic {
  readonly plan: VehiclePlan;
  readonly index: number;
  readonly resumeAfter: Instant | undefined;
  readonly region: Region;
}

function startSynthetic(setting: RunSetting, { plan, index, resumeAfter, region }: Synthetic): VehicleRun {
  const { options, startedAt } = setting;
  const endless = syntheticFrames(options.seed, plan, setting.start, region);
  const endsNow = options.speed === 'max' && options.sockets === undefined;
  const until = options.until ?? (endsNow ? startedAt : undefined);
  const frames = until === undefined ? endless : upTo(endless, until);
  const { speed: asked, ahead = 0 } = options;
  const speed = asked !== 'max' && index < ahead ? Math.max(asked, SPEED_DEFAULT) : asked;
  return startRun(
    frames,
    (firstDue) => (speed === 'max' ? unpaced() : syntheticPace(startedAt, speed, firstDue)),
    resumeAfter,
  );
}

function startTrace(
  { options, traces, startedAt }: RunSetting,
  plan: VehiclePlan,
  index: number,
  resumeAfter: Instant | undefined,
): VehicleRun {
  const trace = traces[index];
  assert(trace !== undefined, 'a plan names a trace that was loaded');
  const pointsPerMs = trace.at.length / (options.overSeconds * 1_000);
  return startRun(
    traceFrames(options.seed, plan, trace),
    (firstDue) => (options.speed === 'max' ? unpaced() : tracePace(startedAt, pointsPerMs, firstDue)),
    resumeAfter,
  );
}

function* upTo(frames: Iterable<PacedFrame>, until: Instant): Generator<PacedFrame, void> {
  for (const paced of frames) {
    if (paced.frame.at > until) return;
    yield paced;
  }
}

function sourceName({ drive }: VehiclePlan): string {
  return drive.kind === 'synthetic' ? drive.kind : drive.source;
}
