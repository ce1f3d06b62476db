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

const DAY_MS = 86_400_000;

/** How much of what was refused is kept. */
export const QuarantineConfig = z
  .strictObject({
    maxSize: z
      .int()
      .min(16_777_216)
      .max(1_099_511_627_776)
      .default(1_073_741_824)
      .describe(
        'bytes of refused payloads; past it payloads of the device that has most there fall out, counted and alerted',
      ),
    maxAgeDays: z
      .int()
      .min(7)
      .max(3_650)
      .default(183)
      .describe('days after which a refused payload falls out, counted and alerted'),
  })
  .prefault({});

export const quarantineLimits = ({ maxSize, maxAgeDays }: z.infer<typeof QuarantineConfig>) => ({
  bytesMax: maxSize,
  ageMsMax: maxAgeDays * DAY_MS,
});
