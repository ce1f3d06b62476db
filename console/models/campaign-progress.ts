/** How many vehicles of a campaign are how far; names are those of the cloud. */
export interface CampaignCount {
  readonly state: string;
  readonly reason: string;
  readonly vehicles: number;
}

export interface CampaignStanding {
  readonly id: string;
  readonly ecu: string;
  readonly version: number;
  readonly label: string;
  readonly packageSha256: string;
  readonly vehicles: number;
  /** Empty where it is offered. */
  readonly heldBackBy: readonly string[];
  readonly counts: readonly CampaignCount[];
}

export interface CampaignProgress {
  readonly installed: number;
  /** Of the vehicles that it was given to, 0 to 1; undefined where it was given to none. */
  readonly share: number | undefined;
  /** States in the order that the cloud tells them, and last those who said nothing. */
  readonly rows: readonly CampaignCount[];
}

/** A vehicle that told nothing is a row as well: only so the rows add up to the vehicles of the campaign. */
export function campaignProgress({
  vehicles,
  counts,
}: Pick<CampaignStanding, 'vehicles' | 'counts'>): CampaignProgress {
  const sum = (of: readonly CampaignCount[]): number => of.reduce((total, one) => total + one.vehicles, 0);
  const installed = sum(counts.filter(({ state }) => state === 'installed'));
  const silent = vehicles - sum(counts);
  const rest = silent > 0 ? [{ state: 'silent', reason: 'none', vehicles: silent }] : [];
  return { installed, share: vehicles > 0 ? Math.min(1, installed / vehicles) : undefined, rows: [...counts, ...rest] };
}
