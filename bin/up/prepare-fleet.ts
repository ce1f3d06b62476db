import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { planFleet, VEHICLES_MAX, type VehiclePlan } from '../../firmware-sim/fleet.ts';
import { loadTraces } from '../../firmware-sim/traces.ts';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { InstallationKind } from './configs.ts';
import type { Layout } from './layout.ts';
import { clearHalf, type Enrol, provisionServices, readUpState, writeUpState } from './provision.ts';

export interface FleetOptions {
  readonly vehicles: number | undefined;
  readonly seed: string;
  readonly traces: readonly string[];
  /** `plain` where nothing is said. */
  readonly kind?: InstallationKind;
}

export interface Enrolled {
  readonly names: readonly string[];
  /** When the directory was begun. */
  readonly begunAt: Instant;
}

/** A data directory whose cloud and border can be started. */
export interface BegunFleet extends Enrolled {
  readonly kind: InstallationKind;
  /** Issues what the first so many vehicles need, where that was not done before; once all have it, the directory is whole. */
  readonly enrol: (count: number) => Promise<Result<void, Fault>>;
}

/** Names of the vehicles that the data directory was provisioned for, on the first start or before. */
export async function prepareFleet(
  layout: Layout,
  options: FleetOptions,
  around: RoleSurroundings,
): Promise<Result<Enrolled, Fault>> {
  const begun = await beginFleet(layout, options, around);
  if (!begun.ok) return begun;
  const { names, begunAt, enrol } = begun.value;
  const enrolled = await enrol(names.length);
  return enrolled.ok ? ok({ names, begunAt }) : enrolled;
}

/** The same without the vehicles, which `enrol` brings while the cloud starts. */
export async function beginFleet(
  layout: Layout,
  options: FleetOptions,
  around: RoleSurroundings,
): Promise<Result<BegunFleet, Fault>> {
  const { kind = 'plain' } = options;
  try {
    const known = readUpState(layout);
    if (known !== undefined) {
      if (!isSame(known, options)) return fail(otherFleet(layout));
      const { vehicles: names, begunAt } = known;
      return ok({ kind: known.kind ?? 'plain', names, begunAt, enrol: () => Promise.resolve(ok(undefined)) });
    }
    makeDirectory(layout.root, 0o750);
    clearHalf(layout);
    const fleet = kind === 'empty' ? ok([]) : await plan(options, around);
    if (!fleet.ok) return fleet;
    around.err(`up: issuing keys and certificates for ${fleet.value.length} vehicles under ${layout.root}`);
    const enrol = await provisionServices(layout, around.clock, kind);
    const begunAt = around.clock.now();
    const names = fleet.value.map(({ name }) => name);
    return ok({ kind, names, begunAt, enrol: enrolling(layout, { ...options, begunAt }, fleet.value, enrol) });
  } catch (cause) {
    return fail(notPrepared(layout, causeText(cause)));
  }
}

/** Calls come one after another; each goes on where the one before ended. */
function enrolling(
  layout: Layout,
  { seed, traces, kind = 'plain', begunAt }: FleetOptions & Pick<Enrolled, 'begunAt'>,
  fleet: readonly VehiclePlan[],
  enrol: Enrol,
): BegunFleet['enrol'] {
  let [enrolled, isWhole] = [0, false];
  return async (count) => {
    try {
      await enrol(fleet.slice(enrolled, count), enrolled);
      enrolled = Math.max(enrolled, count);
      if (isWhole || enrolled < fleet.length) return ok(undefined);
      const vehicles = fleet.map(({ name }) => name);
      writeUpState(layout, { seed, vehicles, traces: traces.map((file) => resolve(file)), begunAt, kind });
      isWhole = true;
      return ok(undefined);
    } catch (cause) {
      return fail(notPrepared(layout, causeText(cause)));
    }
  };
}

async function plan(
  options: FleetOptions,
  { clock }: RoleSurroundings,
): Promise<Result<readonly VehiclePlan[], Fault>> {
  const missing = options.traces.find((file) => !existsSync(file));
  if (missing !== undefined) return fail(traceMissing(missing));
  const loaded = await loadTraces(options.traces, clock.now(), LISTENER);
  if (!loaded.ok) return loaded;
  const vehicles = options.vehicles ?? (options.kind === 'tour' ? TOUR_VEHICLES : undefined);
  return ok(planFleet({ vehicles, seed: options.seed, traces: loaded.value.traces }));
}

/** The simulator tells of broken lines when it reads the files itself. */
const LISTENER = { onBrokenLine: () => undefined, onAssumption: () => undefined };

/** Vehicles of the tour where nothing else is said. */
const TOUR_VEHICLES = 200;

type Known = NonNullable<ReturnType<typeof readUpState>>;

function isSame(known: Known, options: FleetOptions): boolean {
  const traces = options.traces.map((file) => resolve(file));
  const isCount = options.vehicles === undefined || options.vehicles === known.vehicles.length;
  // A directory of an earlier release knew no tour, and goes on without one.
  const isKind = (known.kind === 'empty') === (options.kind === 'empty');
  return isKind && known.seed === options.seed && isCount && JSON.stringify(traces) === JSON.stringify(known.traces);
}

/** Vehicles `up` takes: each has an agent with a file and a connection of its own. */
export const UP_VEHICLES_MAX = Math.min(2_000, VEHICLES_MAX);

function otherFleet(layout: Layout): Fault<'UP_OTHER_FLEET'> {
  return {
    code: 'UP_OTHER_FLEET',
    problem: bilingual(`\`${layout.root}\` was made for another fleet`, `\`${layout.root}\` 属于另一车队`),
    remedy: bilingual(
      'name another `--data` directory, or start with the same `--vehicles`, `--seed`, `--traces` and `--empty`',
      '请指定其他 `--data` 目录，或使用相同的 `--vehicles`、`--seed`、`--traces` 和 `--empty`',
    ),
    retry: 'after-remedy',
  };
}

function traceMissing(file: string): Fault<'TRACE_MISSING'> {
  return {
    code: 'TRACE_MISSING',
    problem: bilingual(`there is no trace file \`${file}\``, `找不到轨迹文件 \`${file}\``),
    remedy: bilingual('correct `--traces`', '请更正 `--traces`'),
    retry: 'after-remedy',
  };
}

function notPrepared(layout: Layout, cause: string): Fault<'UP_NOT_PREPARED'> {
  return {
    code: 'UP_NOT_PREPARED',
    problem: bilingual(`\`${layout.root}\` cannot be prepared: ${cause}`, `无法准备 \`${layout.root}\`：${cause}`),
    remedy: bilingual(
      'name a `--data` directory that can be written and has space',
      '请指定可写且有剩余空间的 `--data` 目录',
    ),
    retry: 'after-remedy',
  };
}
