import type { UpdateCampaign } from '../../proto/codec/update-codec.ts';
import { DAY_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';

/** What the vehicle is known to be doing; undefined where nobody has said so lately. */
export interface VehicleState {
  readonly isParked: () => boolean | undefined;
  readonly isIgnitionOff: () => boolean | undefined;
  /** State of charge of the traction battery, per cent. */
  readonly chargePercent: () => number | undefined;
}

/** Why an installation waits. */
export type Obstacle = 'parked' | 'ignition' | 'charge' | 'window';

export interface InstallCheck {
  readonly obstacle: Obstacle;
  readonly holds: (campaign: UpdateCampaign, state: VehicleState, now: Instant) => boolean;
}

/** What has to be known before an ECU is restarted. What is not known does not hold. */
export const INSTALL_CHECKS: readonly InstallCheck[] = [
  { obstacle: 'parked', holds: (_campaign, state) => state.isParked() === true },
  { obstacle: 'ignition', holds: (_campaign, state) => state.isIgnitionOff() === true },
  { obstacle: 'charge', holds: (campaign, state) => (state.chargePercent() ?? -1) >= campaign.chargeMinPercent },
  { obstacle: 'window', holds: (campaign, _state, now) => isInWindow(campaign, now) },
];

/** The first thing that stands in the way of an installation. Pure. */
export function obstacleTo(
  campaign: UpdateCampaign,
  state: VehicleState,
  now: Instant,
  checks: readonly InstallCheck[] = INSTALL_CHECKS,
): Obstacle | undefined {
  return checks.find(({ holds }) => !holds(campaign, state, now))?.obstacle;
}

/** Whether an ECU may be restarted at all, as a rollback needs it: at any hour, and not on the road. */
export function mayRestart(state: VehicleState): boolean {
  return state.isParked() === true && state.isIgnitionOff() === true;
}

/** A window that begins and ends in the same minute lasts all day; one whose end is before its beginning goes past midnight. */
function isInWindow({ windowFromMinute: from, windowUntilMinute: until }: UpdateCampaign, now: Instant): boolean {
  const minute = Math.floor((((now + SHANGHAI_OFFSET_MS) % DAY_MS) * MINUTES_A_DAY) / DAY_MS);
  if (from === until) return true;
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

const MINUTES_A_DAY = 1_440;
