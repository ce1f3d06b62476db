import { UPDATE_REASONS, UPDATE_STATES, type UpdateReport } from '../words/update.ts';

/** A report with the numbers of the schema's enums in place of its words. */
export interface WireUpdateReport extends Omit<UpdateReport, 'kind' | 'state' | 'reason'> {
  readonly state: number;
  readonly reason: number;
}

export function wireUpdateReport({ state, reason, ...rest }: UpdateReport): WireUpdateReport {
  return { ...rest, state: UPDATE_STATES.indexOf(state), reason: UPDATE_REASONS.indexOf(reason) };
}

/** Field by field: what is not set has its default on the prototype of what was decoded. Undefined for a number that has no word. */
export function updateReportOf(wire: WireUpdateReport): UpdateReport | undefined {
  const [state, reason] = [UPDATE_STATES[wire.state], UPDATE_REASONS[wire.reason]];
  if (state === undefined || reason === undefined) return undefined;
  const { campaignSha256, step, version, minute } = wire;
  return { kind: 'update', campaignSha256, state, reason, step, version, minute };
}
