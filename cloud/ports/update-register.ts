import type { UpdateReason, UpdateState } from '../../proto/words/update.ts';

/** What one vehicle told of one campaign. */
export interface UpdateNote {
  readonly deviceNumber: number;
  /** SHA-256 of the campaign, lower-case hexadecimal: its text is in the campaign, and in no report. */
  readonly campaign: string;
  readonly state: UpdateState;
  readonly reason: UpdateReason;
  readonly step: number;
  readonly version: number;
  /** Whole minutes since 1970 UTC. */
  readonly minute: number;
}

/** How many vehicles of a campaign stand where. */
export interface UpdateCount {
  readonly state: UpdateState;
  readonly reason: UpdateReason;
  readonly vehicles: number;
}

/** Where vehicles stand with campaigns, as they tell it: the last report of each. */
export interface UpdateRegister {
  /** Durable once it returns. A report with a step that is known already, or an earlier one, changes nothing. */
  note(notes: readonly UpdateNote[]): void;
  standing(campaign: string, deviceNumber: number): Pick<UpdateNote, 'state' | 'reason'> | undefined;
  counts(campaign: string): readonly UpdateCount[];
  /** Forgets what these vehicles told, in the file too, and gives how many reports that were. */
  strike(deviceNumbers: readonly number[]): number;
  close(): void;
}
