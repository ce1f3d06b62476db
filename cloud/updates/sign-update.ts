import { createHash, type KeyObject, sign } from 'node:crypto';
import { signedBytes, type UpdateKind } from '../../proto/codec/signed-bytes.ts';
import {
  assignmentBytes,
  encodeSignedUpdateCampaign,
  encodeSignedUpdatePackage,
  encodeUpdateCampaign,
  encodeUpdatePackage,
  PIECE_BYTES,
  type SignedUpdateCampaign,
  type SignedUpdatePackage,
  type UpdateCampaign,
  type UpdatePackage,
} from '../../proto/codec/update-codec.ts';
import { CAMPAIGN_FILES } from './campaign-names.ts';

/** What is known of an image beside its bytes. */
export type PackageFacts = Pick<UpdatePackage, 'ecu' | 'version' | 'label' | 'sourceTreeSha256'>;

/** The package of an image: its hash and those of its pieces. @param image - 1 to `IMAGE_BYTES_MAX` bytes */
export function packageOf(facts: PackageFacts, image: Uint8Array): UpdatePackage {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < image.length; from += PIECE_BYTES)
    pieces.push(sha256(image.subarray(from, from + PIECE_BYTES)));
  return { ...facts, sizeBytes: image.length, imageSha256: sha256(image), piecesSha256: Buffer.concat(pieces) };
}

/** @throws Error when a limit of the schema is broken, or the key is none of Ed25519 */
export function signPackage(of: UpdatePackage, key: KeyObject): SignedUpdatePackage {
  const body = encodeUpdatePackage(of);
  return { package: body, signature: signAs('update-package', body, key) };
}

/** @throws Error when a limit of the schema is broken, or the key is none of Ed25519 */
export function signCampaign(of: UpdateCampaign, key: KeyObject): SignedUpdateCampaign {
  const body = encodeUpdateCampaign(of);
  return { campaign: body, signature: signAs('update-campaign', body, key) };
}

/** Gives a campaign to one vehicle. @param device - its id, 32 hexadecimal digits */
export function assignTo(device: string, campaign: SignedUpdateCampaign, key: KeyObject): Uint8Array {
  return signAs('update-vehicle', assignmentBytes(sha256(campaign.campaign), device), key);
}

/** Signed with the campaign and kept beside it: whoever tells it needs no key. */
export function signStop(campaign: SignedUpdateCampaign, key: KeyObject): Uint8Array {
  return signAs('update-stop', sha256(campaign.campaign), key);
}

/** Files of a campaign as the cloud has them, by name. @param devices - ids, 32 hexadecimal digits each, in any order */
export function campaignFiles(
  {
    of,
    campaign,
    image,
  }: { readonly of: SignedUpdatePackage; readonly campaign: SignedUpdateCampaign; readonly image: Uint8Array },
  devices: readonly string[],
  key: KeyObject,
): Readonly<Record<string, Uint8Array>> {
  const ascending = [...new Set(devices)].sort();
  const records = ascending.map((device) =>
    Buffer.concat([Buffer.from(device, 'hex'), assignTo(device, campaign, key)]),
  );
  return {
    [CAMPAIGN_FILES.package]: encodeSignedUpdatePackage(of),
    [CAMPAIGN_FILES.campaign]: encodeSignedUpdateCampaign(campaign),
    [CAMPAIGN_FILES.image]: image,
    [CAMPAIGN_FILES.stop]: signStop(campaign, key),
    [CAMPAIGN_FILES.vehicles]: Buffer.concat(records),
  };
}

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const signAs = (kind: UpdateKind, body: Uint8Array, key: KeyObject): Uint8Array =>
  sign(null, signedBytes(kind, body), key);
