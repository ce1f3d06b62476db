import { type CivilDate, civilDateOf, type Instant, parseInstant } from '../../proto/words/time.ts';
import type { CampaignOnFile } from '../ports/update-campaigns.ts';
import type { RegisterEntry } from '../registers/kind.ts';

/** Why a campaign is not offered to vehicles. */
export type ReleaseObstacle =
  | 'not-registered'
  | 'withdrawn'
  | 'stopped'
  | 'other-package'
  | 'other-ecu'
  | 'miit-filing-missing'
  | 'samr-filing-missing'
  | 'samr-filing-late'
  | 'release-day-ahead'
  | 'over';

/** What stops a campaign that vehicles hold already; the others pass by themselves, or are known to the vehicle. */
const STOPPING: ReadonlySet<ReleaseObstacle> = new Set([
  ...(['withdrawn', 'stopped', 'other-package', 'other-ecu'] as const),
  ...(['miit-filing-missing', 'samr-filing-missing', 'samr-filing-late'] as const),
]);

export interface ReleaseFacts {
  readonly now: Instant;
  /** Entry of the register of campaigns that has the campaign's id. */
  readonly entry: RegisterEntry | undefined;
  /** Last day on which the other regulator may get the package, for a day of release; `unknown` where nobody can count it. */
  readonly filingDueOn: (releaseOn: CivilDate) => CivilDate | 'unknown';
}

interface Body {
  readonly packageSha256?: unknown;
  readonly ecus?: readonly unknown[];
  readonly releaseOn?: unknown;
  readonly miitFiling?: { readonly at?: unknown };
  readonly samrFiling?: { readonly at?: unknown };
  readonly stopped?: unknown;
}

/**
 * What the register of campaigns has against a release: an activity is on file with both regulators, for this very package, before
 * a vehicle hears of it. What is not known is against it. Pure.
 */
export function obstaclesTo(
  { campaign, package: of }: Pick<CampaignOnFile, 'campaign' | 'package'>,
  { now, entry, filingDueOn }: ReleaseFacts,
): readonly ReleaseObstacle[] {
  if (entry === undefined) return ['not-registered'];
  const body = entry.body as Body;
  const releaseOn = String(body.releaseOn) as CivilDate;
  const samrAt = filedAt(body.samrFiling, now);
  const dueOn = filingDueOn(releaseOn);
  const against: readonly (readonly [ReleaseObstacle, boolean])[] = [
    ['withdrawn', entry.isWithdrawn || entry.pending !== undefined],
    ['stopped', body.stopped !== undefined],
    ['other-package', body.packageSha256 !== Buffer.from(of.imageSha256).toString('hex')],
    ['other-ecu', body.ecus?.includes(of.ecu) !== true],
    ['miit-filing-missing', filedAt(body.miitFiling, now) === undefined],
    ['samr-filing-missing', samrAt === undefined],
    ['samr-filing-late', samrAt !== undefined && (dueOn === 'unknown' || civilDateOf(samrAt) > dueOn)],
    ['release-day-ahead', !(releaseOn <= civilDateOf(now))],
    ['over', now >= campaign.expiresAtMs],
  ];
  return against.flatMap(([obstacle, stands]) => (stands ? [obstacle] : []));
}

/** Whether vehicles that hold the campaign are told to let it go. A change that waits for a second person only ends offers. */
export function stops(heldBackBy: readonly ReleaseObstacle[], entry: ReleaseFacts['entry']): boolean {
  if (entry === undefined || (entry.pending !== undefined && !entry.isWithdrawn)) return false;
  return heldBackBy.some((obstacle) => STOPPING.has(obstacle));
}

/** A receipt from tomorrow is none. */
function filedAt(receipt: { readonly at?: unknown } | undefined, now: Instant): Instant | undefined {
  const at = typeof receipt?.at === 'string' ? parseInstant(receipt.at) : undefined;
  return at?.ok && at.value <= now ? at.value : undefined;
}
