import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { contentsOf } from '../datasets/contents.ts';
import type { ExportGateParts, TransferRequest } from './export-gate.ts';
import { otherPurpose } from './gate-faults.ts';
import { type NearestWay, nearestWays } from './nearest-ways.ts';
import { planRoutes, type RoutePlan } from './plan-routes.ts';
import { weighCase } from './weigh-case.ts';

export type TransferPlan = RoutePlan & { readonly nearestWays: readonly NearestWay[] };

/** Who asks is not asked: a plan is nobody's transfer. */
const OF_NOBODY = 'plan';

/**
 * Plans a transfer by what the registers, the counts and the records of this installation are now. The parcel is built, so that
 * persons and bytes are those that would go, and thrown away; nothing is counted, joined, logged or cleared.
 *
 * Faults: those of the build and of facts that contradict themselves.
 */
export async function planTransfer(
  asked: Omit<TransferRequest, 'requestedBy'>,
  parts: ExportGateParts,
): Promise<Result<TransferPlan, Fault>> {
  if (!asked.dataset.purposes.includes(asked.purpose)) return fail(otherPurpose());
  const request = { ...asked, requestedBy: OF_NOBODY };
  const at = parts.clock.now();
  const transferId = parts.newTransferId(at);
  const contents = contentsOf(request.dataset);
  const isBuilt = contents.barred.length === 0;
  const parcel = isBuilt ? await parts.build(request, transferId, contents, at) : ok(undefined);
  parts.border.discard(transferId);
  if (!parcel.ok) return parcel;
  const weighed = weighCase({ request, transferId, contents, at, parcel: parcel.value }, parts);
  if (!weighed.ok) return weighed;
  const { facts } = weighed.value;
  const counted = parts.transfers.countedDays(facts.counts.year, parts.countScope(facts.on));
  return ok({
    ...planRoutes(facts, parts.rules, parts.timelines, counted),
    nearestWays: nearestWays(facts, parts.rules),
  });
}
