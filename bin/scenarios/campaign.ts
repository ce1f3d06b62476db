import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { campaignFiles, packageOf, sha256, signCampaign, signPackage } from '../../cloud/updates/sign-update.ts';
import type { UpdateCampaign, UpdatePackage } from '../../proto/codec/update-codec.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import { WINDOW } from './updating.ts';

/** A package and its campaign as an operator signs them. */
export interface Release {
  readonly of: ReturnType<typeof signPackage>;
  readonly campaign: ReturnType<typeof signCampaign>;
}

export interface ReleasePlan extends Pick<UpdateCampaign, 'id'>, Pick<UpdatePackage, 'ecu' | 'version'> {
  readonly image: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sourceTreeSha256: string;
  readonly from: Instant;
  readonly days: number;
}

export function releaseOf({ id, ecu, version, image, from, days, ...plan }: ReleasePlan, key: KeyObject): Release {
  const sourceTreeSha256 = Buffer.from(plan.sourceTreeSha256, 'hex');
  const of = signPackage(packageOf({ ecu, version, label: `1.${version}.0`, sourceTreeSha256 }, image), key);
  const times = { notBeforeMs: from, expiresAtMs: from + days * DAY_MS };
  const packageSha256 = sha256(of.package);
  return { of, campaign: signCampaign({ id, packageSha256, ...times, ...WINDOW, chargeMinPercent: 40 }, key) };
}

/** Puts a campaign where the cloud looks for them. */
export function putCampaign(
  directory: string,
  { release, id, image, devices }: { release: Release; id: string; image: Uint8Array; devices: readonly string[] },
  key: KeyObject,
): void {
  mkdirSync(join(directory, id), { recursive: true });
  for (const [name, bytes] of Object.entries(campaignFiles({ ...release, image }, devices, key)))
    writeFileSync(join(directory, id, name), bytes);
}
