import { toIso } from '../../proto/words/time.ts';
import type { StopNote } from '../ports/emergency.ts';

/** Kind of the register, and of the incident in it. */
export const INCIDENT_REGISTER = 'incident';

/**
 * The entry of the register that a stop makes. Everything is ungraded and unknown, so that every clock runs as for the graver
 * answer until a person has graded it (docs/registers.md#terms).
 *
 * @param ciio - of the data processor
 */
export function incidentOf(
  note: StopNote,
  ciio: 'yes' | 'no' | 'unknown',
): Readonly<Record<string, unknown>> & { readonly id: string } {
  return {
    id: note.id,
    title: 'emergency stop of exports 出境紧急停止',
    kind: 'emergency-stop',
    occurredAt: toIso(note.at),
    knownAt: toIso(note.at),
    level: 'ungraded',
    criticalInfrastructure: ciio,
    persons: 'unknown',
    sensitivePersons: 'unknown',
    systems: ['exporter 出境端'],
    impact: 'not established yet 尚未查明',
    measures: 'all exports stopped, permits revoked; ingest goes on 已停止全部出境并撤销放行凭证，数据接入不受影响',
    cause: note.reason,
    reports: [],
    reportedDatasets: [],
  };
}
