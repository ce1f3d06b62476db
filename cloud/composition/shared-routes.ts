import { approvalRoutes } from '../api/approval-routes.ts';
import { countRoutes } from '../api/count-routes.ts';
import { type DeletionRoutesParts, deletionRoutes } from '../api/deletion-routes.ts';
import { type EmergencyRoutesParts, emergencyRoutes } from '../api/emergency-routes.ts';
import { personRoutes } from '../api/person-routes.ts';
import { planRoutesOf } from '../api/plan-routes.ts';
import { registerImportRoutes } from '../api/register-import-routes.ts';
import { type RegisterApiParts, registerRoutes } from '../api/register-routes.ts';
import type { ApiRoute } from '../api/route.ts';
import { statusRoutes } from '../api/status-routes.ts';
import { transferRoutes } from '../api/transfer-routes.ts';
import { type UpdateRoutesParts, updateRoutes } from '../api/update-routes.ts';
import type { JobDesk } from '../ports/job-desk.ts';
import type { PersonBooks } from '../registers/record-persons.ts';
import type { TransferDesk } from '../transfer/asked-transfer.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';

export interface SharedRoutesParts {
  readonly status: () => object;
  readonly gate: ExportGateParts;
  readonly desk: TransferDesk;
  readonly jobs: JobDesk;
  readonly registers: RegisterApiParts;
  readonly deletion: DeletionRoutesParts;
  readonly stop: EmergencyRoutesParts;
  /** Of alerts and audits. */
  readonly monitoring: readonly ApiRoute[];
  readonly persons: PersonBooks;
  readonly updates: UpdateRoutesParts['updates'];
}

/** What can be asked for at both doors. */
export function sharedRoutes(parts: SharedRoutesParts): readonly ApiRoute[] {
  const { status, gate, desk, jobs, registers, deletion, stop, monitoring, persons, updates } = parts;
  return [
    ...statusRoutes(status),
    ...transferRoutes(gate, desk),
    ...approvalRoutes(gate),
    ...planRoutesOf(gate),
    ...countRoutes({ ...gate, scope: gate.countScope }),
    ...registerRoutes(registers),
    ...registerImportRoutes(registers.books, jobs),
    ...deletionRoutes(deletion),
    ...emergencyRoutes(stop),
    ...monitoring,
    ...personRoutes(persons),
    ...updateRoutes({ updates, books: registers.books }),
  ];
}
