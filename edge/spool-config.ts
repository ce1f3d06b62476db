import { z } from 'zod';

const DAY_S = 86_400;

const vssPath = z
  .string()
  .max(128)
  .regex(/^Vehicle(\.[A-Za-z0-9]+)+$/, 'expected a VSS path');

const paths = z.array(vssPath.describe('VSS path whose signals go before those of every lower priority')).max(2_048);

const Upload = z.strictObject({
  parked: z.boolean().optional().describe('only while the vehicle is known to stand'),
  unmetered: z.boolean().optional().describe('only over a link known to cost nothing; needs `spool.unmeteredPath`'),
  minBytes: z.int().min(1).max(1_099_511_627_776).optional().describe('only when so many bytes wait'),
  maxDelay: z
    .int()
    .min(1)
    .max(365 * DAY_S)
    .optional()
    .describe('... or the oldest has waited so long, seconds'),
});

const ttl = z
  .int()
  .min(60)
  .max(3_650 * DAY_S)
  .optional();

const Stream = z.strictObject({
  ttl: ttl.describe('seconds after which a batch is given up, counted and told to the cloud; absent: never'),
  upload: Upload.optional(),
});

/** Emergencies wait for nothing and never expire. */
const Streams = z.strictObject({
  safety: Stream.optional(),
  diagnostics: Stream.optional(),
  statistics: Stream.optional(),
});

/** The spool of one agent; names of options as in AWS IoT Greengrass stream manager, where it has them. */
export const SpoolConfig = z
  .strictObject({
    file: z.string().min(1).max(1_024),
    maxSize: z.int().min(65_536).max(1_099_511_627_776).default(268_435_456).describe('bytes of unacknowledged data'),
    strategyOnFull: z
      .enum(['RejectNewData', 'OverwriteOldestData'])
      .default('RejectNewData')
      .describe(
        '`OverwriteOldestData` gives up the oldest of the least priority, and nothing more urgent than what comes in',
      ),
    order: z
      .enum(['fifo', 'live-first'])
      .default('fifo')
      .describe('what goes first within a priority after an outage: the oldest, or what is sealed from now on'),
    maxBandwidth: z
      .int()
      .min(1_024)
      .max(1_073_741_824)
      .optional()
      .describe('bytes a second on the uplink; absent: no bound'),
    priorities: z
      .strictObject({ emergency: paths.optional(), safety: paths.optional(), diagnostics: paths.optional() })
      .prefault({})
      .describe('VSS paths of each priority; everything else is `statistics`'),
    streams: Streams.prefault({}).describe('by priority: how long it is kept and when it may use the uplink'),
    unmeteredPath: vssPath.optional().describe('signal that is true on a link that costs nothing'),
  })
  .refine(
    ({ streams, unmeteredPath }) =>
      unmeteredPath !== undefined || Object.values(streams).every((stream) => stream?.upload?.unmetered !== true),
    { path: ['unmeteredPath'], error: 'expected where a queue waits for an unmetered link' },
  );

export type SpoolConfig = z.infer<typeof SpoolConfig>;
