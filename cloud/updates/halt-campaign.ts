import type { EntryBody } from '../registers/kind.ts';

/** Register of campaigns. */
export const CAMPAIGN_REGISTER = 'ota-campaign';

/** The entry of a campaign that is to stop. @param reason - why, as vehicles' people will be told */
export const stoppedBody = (body: EntryBody, reason: string): EntryBody => ({ ...body, stopped: reason });

/** The entry of a campaign that may go on, as it stood before it was stopped. */
export function startedBody({ stopped: _stopped, ...body }: EntryBody): EntryBody {
  return body;
}
