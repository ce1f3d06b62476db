import type { UpdateCampaign, UpdatePackage } from '../../proto/codec/update-codec.ts';
import type { DeviceId } from '../../proto/words/topics.ts';

/** A campaign as the operator released it: everything of it is signed elsewhere. */
export interface CampaignOnFile {
  readonly campaign: UpdateCampaign;
  /** Lower-case hexadecimal; its name in reports. */
  readonly campaignSha256: string;
  readonly package: UpdatePackage;
  /** UpdateDownlink with the offer for one vehicle; undefined for a vehicle that the campaign was not given to. */
  readonly offerFor: (device: DeviceId) => Uint8Array | undefined;
  /** UpdateDownlink that stops it; the same for every vehicle. */
  readonly stop: Uint8Array;
  /** Bytes of one piece of the image; undefined past the last. @throws the system's error when it cannot be read */
  readonly piece: (index: number) => Uint8Array | undefined;
  readonly vehicles: number;
}

export interface UpdateCampaigns {
  /** Campaigns that are whole and signed by the update key, by id; looked at anew each time. */
  list(): readonly CampaignOnFile[];
}
