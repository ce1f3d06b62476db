import type { Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import type { ExportGateParts } from './export-gate.ts';
import { exportsStopped } from './gate-faults.ts';

/** Withheld with the reason on record, whatever a verdict says. */
export function withholdByStop(
  transferId: string,
  persons: number,
  actor: string,
  { operations, transfers, stopped, alert }: ExportGateParts,
): Result<never, Fault> {
  transfers.withhold(transferId, persons);
  alert({ code: 'REQUEST_WHILE_STOPPED', transferId, by: actor });
  const document = { because: 'emergency-stop', stop: stopped() ?? null };
  const logged = operations.append([{ kind: 'withheld', transferId, actor, document }]);
  return fail(logged.ok ? exportsStopped() : logged.fault);
}
