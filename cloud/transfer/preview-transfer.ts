import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { contentsOf } from '../datasets/contents.ts';
import type { ExportGateParts, TransferRequest } from './export-gate.ts';
import { otherPurpose } from './gate-faults.ts';
import { type NearestWay, nearestWays } from './nearest-ways.ts';
import { planRoutes, type RoutePlan, type RouteTimeline } from './plan-routes.ts';
import type { Verdict } from './verdict.ts';
import { weighCase } from './weigh-case.ts';

export interface TransferPreview {
  readonly verdict: Verdict;
  readonly persons: number;
  readonly rows: number;
  readonly bytes: number;
  readonly nearestWays: readonly NearestWay[];
  readonly plan: RoutePlan;
}

/**
 * What would be decided if the transfer were asked for now. The parcel is built to see what would be in it, and is gone before
 * anybody is told; nothing is entered, counted or cleared, so nothing can leave by it.
 *
 * @param begun - told under which id the parcel is built
 *
 * Faults: those of the build and of facts that do not fit.
 */
export async function previewTransfer(
  request: TransferRequest,
  timelines: readonly RouteTimeline[],
  parts: ExportGateParts,
  begun: (transferId: string) => void = () => undefined,
): Promise<Result<TransferPreview, Fault>> {
  if (!request.dataset.purposes.includes(request.purpose)) return fail(otherPurpose());
  const at = parts.clock.now();
  const transferId = parts.newTransferId(at);
  const contents = contentsOf(request.dataset);
  begun(transferId);
  try {
    const isBuilt = contents.barred.length === 0;
    const parcel = isBuilt ? await parts.build(request, transferId, contents, at) : ok(undefined);
    if (!parcel.ok) return parcel;
    const weighed = weighCase({ request, transferId, contents, at, parcel: parcel.value }, parts);
    if (!weighed.ok) return weighed;
    const { facts, verdict, persons } = weighed.value;
    return ok({
      verdict,
      persons: persons.length,
      rows: parcel.value?.rows ?? 0,
      bytes: parcel.value?.bytes ?? 0,
      nearestWays: nearestWays(facts, parts.rules),
      plan: planRoutes(facts, parts.rules, timelines),
    });
  } finally {
    parts.border.discard(transferId);
  }
}
