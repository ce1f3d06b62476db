import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { type Instant, parseInstant, toIso } from '../proto/words/time.ts';

/** How far each vehicle of a seed has come. */
export interface SimState {
  readonly seed: string;
  /** Where the synthetic drives began. */
  readonly start: Instant;
  readonly vehicles: ReadonlyMap<string, VehicleState>;
}

export interface VehicleState {
  /** `synthetic`, or the trace's source: a vehicle that changes its drive would go back in time. */
  readonly source: string;
  readonly clock: Instant;
}

export type StateFault = Fault<'SIM_STATE_UNREADABLE' | 'SIM_STATE_UNWRITABLE'>;

export const STATE_FILE = 'sim-state.json';

/** @returns `undefined` when the directory holds no state yet */
export function readState(directory: string): Result<SimState | undefined, StateFault> {
  const file = join(directory, STATE_FILE);
  try {
    const parsed = Stored.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? ok(parsed.data) : fail(unreadable(file, parsed.error.issues[0]?.message ?? ''));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return isAbsent ? ok(undefined) : fail(unreadable(file, causeText(cause)));
  }
}

/**
 * Replaces the state in one step: a reader sees the old file or the new one. Not forced to disk: a power cut may set a
 * simulated fleet back, a killed process may not.
 */
export function writeState(directory: string, state: SimState): Result<undefined, StateFault> {
  const file = join(directory, STATE_FILE);
  const vehicles = Object.fromEntries(
    [...state.vehicles].map(([name, { source, clock }]) => [name, { source, clock: toIso(clock) }]),
  );
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      `${file}.new`,
      `${JSON.stringify({ simState: 1, seed: state.seed, start: toIso(state.start), vehicles })}\n`,
    );
    renameSync(`${file}.new`, file);
    return ok(undefined);
  } catch (cause) {
    return fail(unwritable(file, causeText(cause)));
  }
}

const StoredInstant = z.string().transform((text, context): Instant => {
  const at = parseInstant(text);
  if (at.ok) return at.value;
  context.addIssue({ code: 'custom', message: 'expected an RFC 3339 instant' });
  return z.NEVER;
});

const Stored = z
  .strictObject({
    simState: z.literal(1),
    seed: z.string(),
    start: StoredInstant,
    vehicles: z.record(z.string(), z.strictObject({ source: z.string(), clock: StoredInstant })),
  })
  .transform(({ seed, start, vehicles }): SimState => ({ seed, start, vehicles: new Map(Object.entries(vehicles)) }));

function unreadable(file: string, why: string): StateFault {
  return {
    code: 'SIM_STATE_UNREADABLE',
    problem: bilingual(`\`${file}\` is not a simulator state: ${why}`, `\`${file}\` 不是有效的模拟器状态：${why}`),
    remedy: bilingual(
      'name another --state directory, or remove the file to start anew',
      '请指定另一个 --state 目录，或删除该文件重新开始',
    ),
    retry: 'after-remedy',
  };
}

function unwritable(file: string, why: string): StateFault {
  return {
    code: 'SIM_STATE_UNWRITABLE',
    problem: bilingual(`\`${file}\` cannot be written: ${why}`, `无法写入 \`${file}\`：${why}`),
    remedy: bilingual(
      'free some space or correct the rights; the fleet stops so as not to repeat itself',
      '请释放磁盘空间或更正权限；车队已停止，以免重复发送',
    ),
    retry: 'after-remedy',
  };
}
