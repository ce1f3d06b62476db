import { createHash, type KeyObject, verify } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { signedBytes } from '../../proto/codec/signed-bytes.ts';
import {
  decodeSignedUpdateCampaign,
  decodeSignedUpdatePackage,
  decodeUpdateCampaign,
  decodeUpdatePackage,
  encodeUpdateDownlink,
  PIECE_BYTES,
  type UpdateOffer,
} from '../../proto/codec/update-codec.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { CampaignOnFile, UpdateCampaigns } from '../ports/update-campaigns.ts';
import { CAMPAIGN_FILES, DEVICE_BYTES, SIGNATURE_BYTES, VEHICLES_MAX } from '../updates/campaign-names.ts';

/** Campaigns of one installation; more are left aside, and told. */
const CAMPAIGNS_MAX = 256;
const RECORD_BYTES = DEVICE_BYTES + SIGNATURE_BYTES;

/**
 * Campaigns in directories by their ids. One that was read is not read again while its files are as they were.
 *
 * @param key - the operator's Ed25519 update key, its public half
 * @param onUnusable - told once of a directory that holds no whole campaign which the key signed
 */
export function updateCampaignFiles(
  directory: string,
  key: KeyObject,
  onUnusable: (name: string) => void,
): UpdateCampaigns {
  const known = new Map<string, { readonly stamp: string; readonly of: CampaignOnFile | undefined }>();
  return {
    list: () => {
      return directoriesIn(directory).flatMap((name) => {
        const folder = join(directory, name);
        const stamp = stampOf(folder);
        const before = known.get(name);
        const looked = before?.stamp === stamp ? before : { stamp, of: readCampaign(folder, name, key) };
        known.set(name, looked);
        if (looked !== before && looked.of === undefined) onUnusable(name);
        return looked.of === undefined ? [] : [looked.of];
      });
    },
  };
}

/** Names of what may be campaigns, ascending; files beside them are somebody else's, and what begins with a dot is being written. */
function directoriesIn(directory: string): readonly string[] {
  const entries = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return names.sort().slice(0, CAMPAIGNS_MAX);
}

function stampOf(folder: string): string {
  return Object.values(CAMPAIGN_FILES)
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '-' : `${stat.size}/${stat.mtimeMs}/${stat.ino}`))
    .join(' ');
}

/** Undefined for anything that is not there, not signed, or not of one campaign. */
function readCampaign(folder: string, name: string, key: KeyObject): CampaignOnFile | undefined {
  try {
    const read = (file: keyof typeof CAMPAIGN_FILES): Buffer => readFileSync(join(folder, CAMPAIGN_FILES[file]));
    const signedPackage = decodeSignedUpdatePackage(read('package'));
    const signedCampaign = decodeSignedUpdateCampaign(read('campaign'));
    if (!signedPackage.ok || !signedCampaign.ok) return undefined;
    const { package: packageBytes, signature } = signedPackage.value;
    const { campaign: campaignBytes } = signedCampaign.value;
    if (!verify(null, signedBytes('update-package', packageBytes), key, signature)) return undefined;
    if (!verify(null, signedBytes('update-campaign', campaignBytes), key, signedCampaign.value.signature))
      return undefined;
    const [of, campaign] = [decodeUpdatePackage(packageBytes), decodeUpdateCampaign(campaignBytes)];
    if (!of.ok || !campaign.ok || campaign.value.id !== name) return undefined;
    if (Buffer.compare(digest(packageBytes), campaign.value.packageSha256) !== 0) return undefined;
    const image = join(folder, CAMPAIGN_FILES.image);
    if (statSync(image).size !== of.value.sizeBytes) return undefined;
    const assignments = read('vehicles');
    if (assignments.length % RECORD_BYTES !== 0 || assignments.length / RECORD_BYTES > VEHICLES_MAX) return undefined;
    const stop = { campaignSha256: digest(campaignBytes), signature: read('stop') };
    // What could not be stopped is not begun.
    if (!verify(null, signedBytes('update-stop', stop.campaignSha256), key, stop.signature)) return undefined;
    const parts = { package: signedPackage.value, campaign: signedCampaign.value };
    return {
      ...{ campaign: campaign.value, package: of.value, vehicles: assignments.length / RECORD_BYTES },
      campaignSha256: stop.campaignSha256.toString('hex'),
      stop: encodeUpdateDownlink({ kind: 'stop', stop }),
      offerFor: (device) => offerOf(parts, assignmentOf(assignments, device)),
      piece: (index) => pieceOf(image, index, of.value.sizeBytes),
    };
  } catch {
    return undefined;
  }
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function offerOf(parts: Omit<UpdateOffer, 'assignment'>, assignment: Uint8Array | undefined): Uint8Array | undefined {
  return assignment && encodeUpdateDownlink({ kind: 'offer', offer: { ...parts, assignment } });
}

/** Records ascend by device, so that a million of them are looked through in twenty steps and none is an object. */
function assignmentOf(records: Buffer, device: DeviceId): Uint8Array | undefined {
  const wanted = Buffer.from(device, 'hex');
  let [low, high] = [0, records.length / RECORD_BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * RECORD_BYTES;
    const order = records.compare(wanted, 0, wanted.length, at, at + DEVICE_BYTES);
    if (order === 0) return records.subarray(at + DEVICE_BYTES, at + RECORD_BYTES);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

function pieceOf(image: string, index: number, sizeBytes: number): Uint8Array | undefined {
  const bytes = Math.min(PIECE_BYTES, sizeBytes - index * PIECE_BYTES);
  if (bytes <= 0) return undefined;
  const fd = openSync(image, 'r');
  try {
    const piece = Buffer.alloc(bytes);
    return readSync(fd, piece, 0, bytes, index * PIECE_BYTES) === bytes ? piece : undefined;
  } finally {
    closeSync(fd);
  }
}
