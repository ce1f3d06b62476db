import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { campaignFiles, packageOf, sha256, signCampaign, signPackage } from '../../../cloud/updates/sign-update.ts';
import { imageOf } from '../../../firmware-sim/tcu/firmware.ts';
import { PIECE_BYTES, type UpdateCampaign, type UpdatePackage } from '../../../proto/codec/update-codec.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';

export const NOW = Date.parse('2026-12-10T12:00:00+08:00') as Instant;
export const DEVICES = ['ab', '07', 'ff', '7c'].map((byte) => byte.repeat(16) as DeviceId);
export const STRANGER = '08'.repeat(16) as DeviceId;
export const UPDATE_KEYS: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } =
  generateKeyPairSync('ed25519');

export const IMAGE = imageOf('campaigns', 'brake', 4, PIECE_BYTES + 10);

const FACTS = { ecu: 'brake', version: 4, label: '1.4.0', sourceTreeSha256: new Uint8Array(32).fill(7) };
export const PACKAGE: UpdatePackage = packageOf(FACTS, IMAGE);
const signed = signPackage(PACKAGE, UPDATE_KEYS.privateKey);

export const CAMPAIGN: UpdateCampaign = {
  ...{ id: 'O-1', packageSha256: sha256(signed.package), notBeforeMs: NOW - DAY_MS, expiresAtMs: NOW + 30 * DAY_MS },
  ...{ windowFromMinute: 60, windowUntilMinute: 300, chargeMinPercent: 40 },
};

/** Files of a campaign, by name. */
export function filesOf(change: Partial<UpdateCampaign> = {}, key: KeyObject = UPDATE_KEYS.privateKey) {
  const campaign = signCampaign({ ...CAMPAIGN, ...change }, key);
  return campaignFiles({ of: signPackage(PACKAGE, key), campaign, image: IMAGE }, DEVICES, key);
}

/** An entry of the register that releases it. */
export const ENTRY = {
  ...{ kind: 'ota-campaign', id: 'O-1', version: 1, isWithdrawn: false, attachments: [] },
  body: {
    ...{ id: 'O-1', packageSha256: Buffer.from(PACKAGE.imageSha256).toString('hex'), ecus: ['brake', 'steering'] },
    releaseOn: '2026-12-10',
    miitFiling: { number: 'M-1', authority: 'MIIT', at: '2026-12-01T09:00:00+08:00' },
    samrFiling: { number: 'S-1', authority: 'SAMR', at: '2026-12-01T09:00:00+08:00' },
  },
};
