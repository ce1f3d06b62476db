import { renderFault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import { createBell } from './bell.ts';
import type { Claims } from './claims.ts';
import { type Cut, createCut } from './cut.ts';
import { checkStop, watchForStop } from './emergency-stop.ts';
import { type ExporterFault, exporterFault } from './exporter-fault.ts';
import type { TransferId } from './names.ts';
import { listOutbox, type Outbox } from './outbox.ts';
import { isOutcome, writeReturn } from './return-file.ts';
import { type Progress, type RoundOptions, tryOnce, UNTRIED } from './rounds.ts';

export interface ExporterOptions extends RoundOptions {
  readonly returns: string;
  readonly pollMs: number;
  readonly transfersAtOnceMax: number;
  readonly claims: Claims;
}

/** What this process remembers of an entry of the outbox; whatever has to outlive it stands in the traffic log. */
interface Tracked extends Progress {
  /** While an attempt is running. */
  readonly cut?: Cut;
}

/**
 * Watches the outbox until `stop` is aborted, then cuts what is running and returns once that is logged.
 *
 * Each poll hands back what has come to an outcome and begins what is due, up to `transfersAtOnceMax`. While an emergency
 * stop is in force, or nobody can tell whether one is, nothing begins and what is running is cut.
 *
 * @returns a fault, with code TRAFFIC_LOG, when the exporter can no longer log and so may no longer send
 */
export async function watchOutbox(
  options: ExporterOptions,
  stop: AbortSignal,
): Promise<Result<undefined, ExporterFault>> {
  const tracked = new Map<TransferId, Tracked>();
  const attempts = new Set<Promise<void>>();
  const bell = createBell();
  const report = createReporter(options);
  const sayOnce = createOnce(options.say);
  let end: Result<undefined, ExporterFault> = ok(undefined);
  stop.addEventListener('abort', bell.ring, { once: true });
  const stopWatch = watchForStop(options.outbox, (reason) => cutAll(tracked.values(), reason));

  const start = (id: TransferId, before: Progress) => {
    const cut = createCut();
    tracked.set(id, { ...before, cut });
    const attempt = tryOnce(id, { cut, before }, options).then((after) => {
      if (after.ok) tracked.set(id, after.value);
      else end = after;
      options.claims.release(id);
      attempts.delete(attempt);
      bell.ring();
    });
    attempts.add(attempt);
  };

  const poll = async () => {
    const listed = await listOutbox(options.outbox);
    sayOnce(complaintOf(listed));
    const isStopped = !listed.ok || listed.value.isStopped || checkStop(options.outbox) !== undefined;
    if (isStopped) cutAll(tracked.values(), exporterFault('EMERGENCY_STOP'));
    for (const id of listed.ok ? listed.value.revoked : []) tracked.get(id)?.cut?.cut(exporterFault('PERMIT_REVOKED'));
    if (listed.ok) forgetAbsent(tracked, listed.value.ids);
    for (const id of listed.ok ? listed.value.ids : []) {
      await report(id);
      const before = tracked.get(id) ?? UNTRIED;
      const isFree = !isStopped && !stop.aborted && attempts.size < options.transfersAtOnceMax;
      if (isFree && isDue(id, before, options) && options.claims.take(id)) start(id, before);
    }
  };

  try {
    while (!stop.aborted && end.ok) {
      await poll();
      // A bug in an attempt rejects it, and this with it: the exporter stops rather than go on in doubt.
      await Promise.race([bell.pause(options.pollMs), ...attempts]);
    }
  } finally {
    stopWatch.end();
  }
  cutAll(tracked.values(), exporterFault('SHUTDOWN'));
  await Promise.all(attempts);
  return end;
}

function isDue(id: TransferId, tracked: Tracked, { traffic, clock }: ExporterOptions): boolean {
  const { state, retryAtMs } = traffic.history(id);
  if (state === 'delivered' || state === 'refused' || tracked.cut !== undefined) return false;
  const until = state === 'failed' ? Math.max(tracked.until, retryAtMs ?? 0) : tracked.until;
  return until <= clock.now();
}

/** What there is to say of the outbox itself; empty when all is well. */
function complaintOf(listed: Result<Outbox, ExporterFault>): string {
  if (!listed.ok) return renderFault('exporter', listed.fault);
  const { strangers } = listed.value;
  return strangers === 0 ? '' : renderFault('exporter', exporterFault('OUTBOX_STRANGERS', String(strangers)));
}

/** What the cloud has cleaned up need not be remembered; an attempt still running is. */
function forgetAbsent(tracked: Map<TransferId, Tracked>, ids: readonly TransferId[]): void {
  const present = new Set(ids);
  for (const [id, { cut }] of tracked) if (cut === undefined && !present.has(id)) tracked.delete(id);
}

function cutAll(tracked: Iterable<Tracked>, reason: ExporterFault): void {
  for (const { cut } of tracked) cut?.cut(reason);
}

/** Writes the return file of a transfer once for each entry that gave it an outcome, and again after a restart. */
function createReporter(options: ExporterOptions): (id: TransferId) => Promise<void> {
  const reported = new Map<TransferId, number>();
  const sayOnce = createOnce(options.say);
  return async (id) => {
    const { state: outcome, leafIndex } = options.traffic.history(id);
    if (!isOutcome(outcome) || reported.get(id) === leafIndex) return;
    const document = options.traffic.document(leafIndex);
    const written = document.ok
      ? await writeReturn(options.returns, id, { outcome, leafIndex, document: document.value })
      : document;
    if (written.ok) reported.set(id, leafIndex);
    sayOnce(written.ok ? '' : renderFault('exporter', written.fault));
  };
}

/** Says a line unless it is the one said before; an empty line is only remembered. */
function createOnce(say: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last && line !== '') say(line);
    last = line;
  };
}
