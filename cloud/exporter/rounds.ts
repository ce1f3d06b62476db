import { renderFault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type AttemptOptions, attemptTransfer } from './attempt.ts';
import type { Cut } from './cut.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { ExporterFaultCode } from './faults.table.ts';
import type { TransferId } from './names.ts';
import { nextAttemptAt, nextRoundAt, type RetrySettings } from './pauses.ts';
import { failedEntry } from './traffic-entries.ts';

export interface RoundOptions extends AttemptOptions {
  readonly retry: RetrySettings;
  /** At least 0, below 1. */
  readonly chance: () => number;
  /** One line for people. */
  readonly say: (line: string) => void;
}

/** How far a transfer is in its present round of attempts. Kept in memory: a restart begins a new round at once. */
export interface Progress {
  readonly failed: number;
  /** No attempt before this. */
  readonly until: Instant;
}

export const UNTRIED: Progress = { failed: 0, until: 0 as Instant };

/**
 * Makes one attempt and says when the next one is due. When a round is used up the transfer becomes `failed` in the log and
 * the cloud is told; the next round comes later, until the permit has expired and the transfer is refused for that.
 *
 * @returns a fault only when nothing may be sent any more
 */
export async function tryOnce(
  id: TransferId,
  run: { readonly cut: Cut; readonly before: Progress },
  options: RoundOptions,
): Promise<Result<Progress, ExporterFault>> {
  const { retry, clock, chance, traffic, say } = options;
  const end = await attemptTransfer(id, run.cut, options);
  if (end.ok) {
    say(`exporter: transfer ${id} ${end.value}`);
    return ok(UNTRIED);
  }
  const { fault } = end;
  if (fault.code === 'TRAFFIC_LOG') return end;
  // Looked at again from time to time, so that one that nobody fetches is refused when its permit ends.
  if (fault.code === 'PULL_AWAITED') return ok({ failed: 0, until: (clock.now() + retry.roundPauseMs) as Instant });
  say(renderFault(`exporter: ${id}`, fault));
  if (NOBODYS_FAILURE.includes(fault.code)) return ok(run.before);
  const failed = run.before.failed + 1;
  const now = clock.now();
  if (failed < retry.attemptsPerRound) return ok({ failed, until: nextAttemptAt(now, failed, retry, chance()) });
  const { attempts, failedRounds } = traffic.history(id);
  const until = nextRoundAt(now, failedRounds, retry, chance());
  const logged = await traffic.append([failedEntry(id, attempts, fault, until)]);
  return logged.ok ? ok({ failed: 0, until }) : logged;
}

/** We ended the attempt ourselves; it says nothing of the recipient. What was revoked is refused at the next look. */
const NOBODYS_FAILURE: readonly ExporterFaultCode[] = ['EMERGENCY_STOP', 'SHUTDOWN', 'PERMIT_REVOKED'];
