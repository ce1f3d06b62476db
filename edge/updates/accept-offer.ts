import { createHash, type KeyObject, verify } from 'node:crypto';
import { signedBytes, type UpdateKind } from '../../proto/codec/signed-bytes.ts';
import {
  assignmentBytes,
  decodeUpdateCampaign,
  decodeUpdatePackage,
  type UpdateCampaign,
  type UpdateOffer,
  type UpdatePackage,
  type UpdateStop,
} from '../../proto/codec/update-codec.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { UpdateReason } from '../../proto/words/update.ts';
import type { EcuStatus } from '../ports/ecus.ts';

/** A campaign that passed every check. */
export interface Accepted {
  readonly package: UpdatePackage;
  readonly campaign: UpdateCampaign;
  readonly campaignSha256: Uint8Array;
  /** Version that the ECU runs. */
  readonly running: number;
}

/** What an offer is held against. */
export interface OfferFacts {
  readonly now: Instant;
  readonly device: DeviceId;
  /** The operator's Ed25519 update key. */
  readonly key: KeyObject;
  readonly ecus: readonly string[];
  readonly status: (ecu: string) => Promise<EcuStatus | undefined>;
}

interface ReadOffer {
  readonly offer: UpdateOffer;
  readonly campaignSha256: Uint8Array;
  readonly package: UpdatePackage | undefined;
  readonly campaign: UpdateCampaign | undefined;
}

/** What has to hold of an offer, and what is reported where it does not. */
export interface OfferCheck {
  readonly reason: UpdateReason;
  readonly holds: (read: ReadOffer, facts: OfferFacts, running: EcuStatus | undefined) => boolean;
}

/** In the order they are asked: nothing that nobody signed is acted on. */
const BEFORE_ASKING: readonly OfferCheck[] = [
  { reason: 'signature', holds: ({ offer }, { key }) => areSigned(offer, key) },
  { reason: 'malformed', holds: isOfPackage },
  { reason: 'vehicle', holds: ({ offer, campaignSha256 }, facts) => isFor(offer, campaignSha256, facts) },
  { reason: 'ecu', holds: ({ package: of }, { ecus }) => of !== undefined && ecus.includes(of.ecu) },
  { reason: 'not-yet', holds: ({ campaign }, { now }) => campaign !== undefined && now >= campaign.notBeforeMs },
  { reason: 'expired', holds: ({ campaign }, { now }) => campaign !== undefined && now < campaign.expiresAtMs },
];

const AFTER_ASKING: readonly OfferCheck[] = [
  { reason: 'ecu-silent', holds: (_read, _facts, running) => running !== undefined },
  // The same version again is no newer one, and an older one brings back what was mended.
  { reason: 'version', holds: ({ package: of }, _facts, running) => (of?.version ?? 0) > (running?.version ?? 0) },
];

export const OFFER_CHECKS: readonly OfferCheck[] = [...BEFORE_ASKING, ...AFTER_ASKING];

/** SHA-256 of a serialised UpdateCampaign: its name in reports and in what is asked for. */
export const digestOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * Whether this vehicle takes part in a campaign.
 *
 * @param checks - all of them, but in a scenario that sees one missed
 * @returns the campaign, or the first reason against it
 */
export async function acceptOffer(
  offer: UpdateOffer,
  facts: OfferFacts,
  checks: readonly OfferCheck[] = OFFER_CHECKS,
): Promise<Result<Accepted, UpdateReason>> {
  const read = readOffer(offer);
  const broken = (some: readonly OfferCheck[], running?: EcuStatus): OfferCheck | undefined =>
    some.find((check) => checks.includes(check) && !check.holds(read, facts, running));
  const early = broken(BEFORE_ASKING);
  if (early !== undefined) return fail(early.reason);
  const { package: of, campaign, campaignSha256 } = read;
  // Whatever was switched off, without these there is nothing to take part in.
  if (of === undefined || campaign === undefined) return fail('malformed');
  const running = await facts.status(of.ecu);
  const late = broken(AFTER_ASKING, running);
  if (late !== undefined) return fail(late.reason);
  return ok({ package: of, campaign, campaignSha256, running: running?.version ?? 0 });
}

/** What an offer says of itself, unchecked: for one that was accepted before. */
export function readOffer(offer: UpdateOffer): ReadOffer {
  const [of, campaign] = [decodeUpdatePackage(offer.package.package), decodeUpdateCampaign(offer.campaign.campaign)];
  return {
    offer,
    campaignSha256: digestOf(offer.campaign.campaign),
    package: of.ok ? of.value : undefined,
    campaign: campaign.ok ? campaign.value : undefined,
  };
}

function areSigned({ package: of, campaign }: UpdateOffer, key: KeyObject): boolean {
  return (
    isSigned('update-package', of.package, key, of.signature) &&
    isSigned('update-campaign', campaign.campaign, key, campaign.signature)
  );
}

const isSigned = (kind: UpdateKind, body: Uint8Array, key: KeyObject, signature: Uint8Array): boolean =>
  verify(null, signedBytes(kind, body), key, signature);

/** Whether the operator stopped this very campaign. */
export function isStopOf({ campaignSha256, signature }: UpdateStop, held: Uint8Array, key: KeyObject): boolean {
  return Buffer.compare(campaignSha256, held) === 0 && isSigned('update-stop', campaignSha256, key, signature);
}

/** A campaign for another package than the one beside it would install what nobody released. */
function isOfPackage({ offer, package: of, campaign }: ReadOffer): boolean {
  if (of === undefined || campaign === undefined) return false;
  return Buffer.compare(digestOf(offer.package.package), campaign.packageSha256) === 0;
}

function isFor({ assignment }: UpdateOffer, campaignSha256: Uint8Array, { device, key }: OfferFacts): boolean {
  return isSigned('update-vehicle', assignmentBytes(campaignSha256, device), key, assignment);
}
