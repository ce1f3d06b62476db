/** How far a vehicle is with a campaign. Numbers are those of the schema's enum `UpdateState`. */
export const UPDATE_STATES = [
  ...(['offered', 'downloading', 'downloaded', 'verified', 'waiting', 'installing'] as const),
  ...(['installed', 'failed', 'rolled-back', 'refused'] as const),
] as const;

export type UpdateState = (typeof UPDATE_STATES)[number];

/** Why a campaign was refused or failed. Numbers are those of the schema's enum `UpdateReason`. */
export const UPDATE_REASONS = [
  ...(['none', 'signature', 'malformed', 'vehicle', 'ecu', 'version', 'not-yet', 'expired'] as const),
  ...(['ecu-silent', 'bytes-differ', 'disk', 'install', 'health', 'stopped'] as const),
] as const;

export type UpdateReason = (typeof UPDATE_REASONS)[number];

/** States that nothing follows: the vehicle is done with the campaign. */
export const FINAL_STATES: ReadonlySet<UpdateState> = new Set(['installed', 'failed', 'rolled-back', 'refused']);

/** What another day may lift: the campaign is offered again. */
const PASSING: ReadonlySet<UpdateReason> = new Set(['not-yet', 'ecu-silent', 'stopped']);

/** Whether a vehicle that told this need not be offered the campaign any more. */
export function isSettled(state: UpdateState, reason: UpdateReason): boolean {
  return FINAL_STATES.has(state) && !PASSING.has(reason);
}

/** How far a vehicle is with a campaign: a frame of the uplink. */
export interface UpdateReport {
  readonly kind: 'update';
  /** SHA-256 of the campaign as it was offered, 32 bytes; text of a campaign that nobody signed is never told on. */
  readonly campaignSha256: Uint8Array;
  readonly state: UpdateState;
  readonly reason: UpdateReason;
  /** Rises with every report of a campaign. */
  readonly step: number;
  /** Version that the ECU runs; 0 where it was not asked. */
  readonly version: number;
  /** Whole minutes since 1970 UTC. */
  readonly minute: number;
}
