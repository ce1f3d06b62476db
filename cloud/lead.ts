import { REPORT_INTERVAL_MS, type RoleSurroundings } from '../proto/config/role.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Lead, Leadership } from './ports/leadership.ts';

/** How often a process that stands by asks whether it leads now: at most this long nobody does. */
const ASK_EVERY_MS = 250;

/**
 * Does work that one process of an installation may do at a time.
 *
 * @param standsBy - waits for as long as another process leads; else that is a fault
 * @param work - is given what resolves when it leads no more, and has to end then; it holds nothing open when it is through
 * @returns what the work came to; also when it was asked to stop before it led
 *
 * Faults: LEADER_EXISTS, LEADER_UNKNOWN, LEAD_LOST, and those of the work.
 */
export async function asLeader(
  leadership: Leadership,
  { role, standsBy }: { readonly role: string; readonly standsBy: boolean },
  around: StandbyAround,
  work: (lead: Pick<Lead, 'isHeld' | 'lost'>) => Promise<Result<void, Fault>>,
): Promise<Result<void, Fault>> {
  const taken = await take(leadership);
  if (!taken.ok && (!standsBy || leadership.failuresMax === 0)) return taken;
  if (taken.ok && taken.value === undefined && !standsBy) return fail(leaderExists());
  const hasLead = taken.ok && taken.value !== undefined;
  const waited = hasLead ? taken : await standBy(leadership, role, around);
  if (!waited.ok || waited.value === undefined) return waited.ok ? ok(undefined) : waited;
  const { isHeld, lost, release } = waited.value;
  let why: Fault | undefined;
  void lost.then((fault) => {
    why = fault;
  });
  const outcome = await work({ isHeld, lost }).finally(release);
  return outcome.ok && why !== undefined ? fail(why) : outcome;
}

/** Two locks as one, for what one of them cannot keep apart. The second is asked for by whoever has the first. */
export function bothOf(first: Leadership, second: Leadership): Leadership {
  return {
    failuresMax: Math.max(first.failuresMax, second.failuresMax),
    take: async () => {
      const one = await first.take();
      if (one === undefined) return undefined;
      const other = await second.take().catch(async (cause: unknown) => {
        await one.release();
        throw cause;
      });
      if (other === undefined) {
        await one.release();
        return undefined;
      }
      return {
        isHeld: () => one.isHeld() && other.isHeld(),
        lost: Promise.race([one.lost, other.lost]),
        release: async () => {
          await other.release();
          await one.release();
        },
      };
    },
  };
}

export interface StandbyAround extends Pick<RoleSurroundings, 'err' | 'fault' | 'report' | 'stopRequested'> {
  /** Begun by who stands by, and ended before it leads or gives up: answers those who ask whether it is ready. */
  readonly whileStandingBy?: () => Promise<() => Promise<void>>;
}

/** Asks time and again. @returns undefined when asked to stop before it led */
async function standBy(
  leadership: Leadership,
  role: string,
  { err, fault, report, stopRequested, whileStandingBy }: StandbyAround,
): Promise<Result<Lead | undefined, Fault>> {
  let isStopped = false;
  const stopped = stopRequested.then(() => {
    isStopped = true;
  });
  const tell = (): void => report({ role: 'cloud', part: role, standing: 'by' });
  err('cloud: standing by: another process leads');
  tell();
  const timer = setInterval(tell, REPORT_INTERVAL_MS);
  const end = await whileStandingBy?.();
  let failures = 0;
  try {
    while (true) {
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))]);
      if (isStopped) return ok(undefined);
      const taken = await take(leadership);
      failures = taken.ok ? 0 : failures + 1;
      if (taken.ok && taken.value !== undefined) return taken;
      if (taken.ok) continue;
      if (failures > leadership.failuresMax) return taken;
      fault(taken.fault);
    }
  } finally {
    clearInterval(timer);
    // Whoever leads opens the same port.
    await end?.();
  }
}

async function take(leadership: Leadership): Promise<Result<Lead | undefined, Fault>> {
  try {
    return ok(await leadership.take());
  } catch (cause) {
    return fail(leaderUnknown(causeText(cause)));
  }
}

export const standbyNeedsStores = (role: string): Fault<'STANDBY_NEEDS_STORES'> => ({
  code: 'STANDBY_NEEDS_STORES',
  problem: bilingual(
    `\`--standby\` is for roles of which one leads, and role \`${role}\` may run several times at once`,
    `\`--standby\` 仅用于只有一个主进程的角色，而角色 \`${role}\` 可同时运行多个`,
  ),
  remedy: bilingual('start it without `--standby`', '请不带 `--standby` 启动'),
  retry: 'after-remedy',
});

const leaderExists = (): Fault<'LEADER_EXISTS'> => ({
  code: 'LEADER_EXISTS',
  problem: bilingual('another process of this installation leads', '该安装已有另一进程担任主进程'),
  remedy: bilingual(
    'start this one with `--standby` to have it take over when the other ends, or find the cloud with the same `log.directory` or `stores.database` and stop it; `tongguan doctor` says where it is',
    '请使用 `--standby` 启动，以便在另一进程结束后接管；或找到使用同一 `log.directory` 或 `stores.database` 的云端并停止它；`tongguan doctor` 会显示其所在',
  ),
  retry: 'after-remedy',
});

const leaderUnknown = (cause: string): Fault<'LEADER_UNKNOWN'> => ({
  code: 'LEADER_UNKNOWN',
  problem: bilingual(`whether another process leads cannot be found out: ${cause}`, `无法确定是否已有主进程：${cause}`),
  remedy: bilingual(
    'check that `log.directory` is there (`--initialise` makes it once) and can be written, and that the server of `stores.database` answers',
    '请检查 `log.directory` 是否存在（首次使用请运行 `--initialise`）且可写，并检查 `stores.database` 的服务器是否可用',
  ),
  retry: 'after-remedy',
});
