import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  decodeSignedUpdatePackage,
  decodeUpdatePackage,
  type SignedUpdatePackage,
  type UpdateCampaign,
} from '../../proto/codec/update-codec.ts';
import { instantText } from '../../proto/config/instant-text.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import { causeText, renderFault } from '../../proto/words/fault.ts';
import { VEHICLES_MAX } from '../updates/campaign-names.ts';
import { campaignFiles, sha256, signCampaign } from '../updates/sign-update.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { updateNotBuilt } from './ota-build.command.ts';
import type { PolicySignIo } from './policy-sign.command.ts';

export interface OtaCampaignArgs {
  /** YAML, docs/ota.md. */
  readonly file: string;
  /** As `tongguan ota build` wrote it. */
  readonly packageFile: string;
  readonly image: string;
  /** Ids of devices, one a line. */
  readonly vehicles: string;
  /** PEM of the operator's Ed25519 update key. */
  readonly keyFile: string;
  /** Directory of campaigns: `updates.directory` of cloud.yaml, or one that is copied there. */
  readonly out: string;
  readonly json: boolean;
}

export interface OtaCampaignIo extends Omit<PolicySignIo, 'write'> {
  /** Puts a directory in its place as a whole: the cloud may look at any moment. */
  readonly replaceDirectory: (path: string, files: Readonly<Record<string, Uint8Array>>) => void;
}

const minute = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM, Shanghai time')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** What the operator writes; no condition of an installation has a default. */
export const CampaignFile = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected the id of the entry in the register of campaigns'),
  notBefore: instantText,
  expiresAt: instantText,
  window: z.strictObject({ from: minute, until: minute }),
  chargeMinPercent: z.int().min(0).max(100),
});

/**
 * `tongguan ota campaign FILE --package FILE --image FILE --vehicles FILE --key FILE --out DIR`: signs a campaign and gives it
 * to each of its vehicles. Returns 0, 1, or 2 for the file.
 */
export function otaCampaignCommand(args: OtaCampaignArgs, io: OtaCampaignIo): ExitStatus {
  const loaded = readConfig(CampaignFile, args.file, 'ota', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('ota', fault));
    return EXIT.usage;
  }
  try {
    const image = readFileSync(args.image);
    const of = packageFrom(readFileSync(args.packageFile), image);
    const devices = devicesFrom(readFileSync(args.vehicles, 'utf8'));
    if (typeof of === 'string' || typeof devices === 'string') {
      io.err(renderFault('ota', updateNotBuilt(typeof of === 'string' ? of : String(devices))));
      return EXIT.fault;
    }
    const key = createPrivateKey(readFileSync(args.keyFile));
    const campaign = signCampaign(campaignOf(loaded.value.config, of), key);
    const { id } = loaded.value.config;
    io.replaceDirectory(join(args.out, id), campaignFiles({ of, campaign, image }, devices, key));
    const campaignSha256 = Buffer.from(sha256(campaign.campaign)).toString('hex');
    const said = { out: join(args.out, id), id, vehicles: new Set(devices).size, campaignSha256 };
    io.out(args.json ? JSON.stringify(said) : `${said.out}: campaign ${id} for ${said.vehicles} vehicle(s)`);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('ota', updateNotBuilt(causeText(cause))));
    return EXIT.fault;
  }
}

function campaignOf(file: z.infer<typeof CampaignFile>, of: SignedUpdatePackage): UpdateCampaign {
  const { id, notBefore, expiresAt, window, chargeMinPercent } = file;
  return {
    ...{ id, packageSha256: sha256(of.package), chargeMinPercent },
    ...{ notBeforeMs: Date.parse(notBefore), expiresAtMs: Date.parse(expiresAt) },
    ...{ windowFromMinute: window.from, windowUntilMinute: window.until },
  };
}

/** What is wrong, or the package of this very image. */
function packageFrom(bytes: Uint8Array, image: Uint8Array): SignedUpdatePackage | string {
  const signed = decodeSignedUpdatePackage(bytes);
  const of = signed.ok ? decodeUpdatePackage(signed.value.package) : signed;
  if (!signed.ok || !of.ok) return 'the package cannot be read';
  const isOfImage = createHash('sha256').update(image).digest().equals(of.value.imageSha256);
  return isOfImage ? signed.value : 'the image is not the one that the package was built for';
}

/** What is wrong, or ids in the order of the file. */
function devicesFrom(text: string): readonly string[] | string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const at = lines.findIndex((line) => !/^[0-9a-f]{32}$/.test(line.trim()));
  if (at !== -1) return `line ${at + 1} of the vehicles is no device id`;
  if (lines.length === 0 || lines.length > VEHICLES_MAX) return `a campaign has 1 to ${VEHICLES_MAX} vehicles`;
  return lines.map((line) => line.trim());
}
