import { ok, type Result } from '../../../proto/words/result.ts';
import type { Clock } from '../../../proto/words/time.ts';
import { createSampler, keepingOf } from '../../capture/retention.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { Traffic } from '../traffic.ts';
import type { Capture } from './open-capture.ts';

/** Deletions in one append to the traffic log; what is left over is due at the next look. */
const DELETIONS_MAX = 64;

/**
 * Deletes captures whose time is over by the rows of law, and none before: in the traffic log first, then in the list, then on the disk. A
 * crash in between is settled when the capture is opened again.
 *
 * @param sampleEvery - as configured: one connection in so many is kept as long as samples are
 * @returns how many connections were deleted
 */
export async function expireCaptures(
  { capture, traffic, clock }: { readonly capture: Capture; readonly traffic: Traffic; readonly clock: Clock },
  sampleEvery: number,
): Promise<Result<number, ExporterFault>> {
  const now = clock.now();
  const isSample = createSampler({ every: sampleEvery });
  const due = capture.catalogue
    .kept()
    .map((kept) => ({ kept, keeping: keepingOf(kept, isSample(kept)) }))
    .filter(({ keeping }) => keeping.until <= now)
    .slice(0, DELETIONS_MAX);
  if (due.length === 0) return ok(0);
  const logged = await traffic.append(
    due.map(({ kept: { connection, transferId, segments, endMs }, keeping: { row, until } }) => ({
      kind: 'capture-deleted',
      transferId,
      document: {
        openLeafIndex: connection,
        endMs,
        row,
        keptUntilMs: until,
        segments: segments.map((one) => one.sha256),
      },
    })),
  );
  if (!logged.ok) return logged;
  for (const { kept, keeping } of due) {
    const { connection } = kept;
    const listed = capture.catalogue.append({ kind: 'deleted', connection, atMs: now, row: keeping.row });
    if (!listed.ok) return listed;
    capture.remove(connection);
  }
  return ok(due.length);
}
