/** Files of one campaign, in a directory by its id. */
export const CAMPAIGN_FILES = {
  /** SignedUpdatePackage. */
  package: 'package.bin',
  /** SignedUpdateCampaign. */
  campaign: 'campaign.bin',
  image: 'image.bin',
  /** 64 bytes: the signature of an UpdateStop, told only if the campaign is stopped. */
  stop: 'stop.bin',
  /** 16 bytes of a device id and 64 of its assignment, ascending by id. */
  vehicles: 'vehicles.bin',
} as const;

export const DEVICE_BYTES = 16;
export const SIGNATURE_BYTES = 64;

/** Vehicles of one campaign. */
export const VEHICLES_MAX = 1_000_000;
