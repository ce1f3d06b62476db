import { z } from 'zod';

/** How the cloud looks again at what vehicles send. */
export const RecheckConfig = z
  .strictObject({
    sensorsPerLabelMax: z
      .int()
      .min(1)
      .max(32)
      .default(8)
      .describe(
        'cameras of one label, lidars or radars that a vehicle has at most; bounds how often its pictures may come',
      ),
  })
  .prefault({});
