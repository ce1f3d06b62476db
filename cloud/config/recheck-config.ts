import { z } from 'zod';
import { cascadeFields, modelFile, onnxFields } from '../../proto/config/detector-fields.ts';
import { AGE_DAYS_MAX, SPAN_DAYS_MAX } from '../ingest/recheck-age.ts';

const path = z.string().min(1).max(1_024);

/** A century: whoever replays what was recorded long ago has no limit that matters. */
export const REPLAY_DAYS_MAX = 36_500;

/** Longer than this a vehicle takes the silence of a batch for that of the cloud. */
const LOOK_MS_MAX = 5_000;

const detector = {
  file: modelFile,
  knownPictureFile: path
    .optional()
    .describe('JPEG or PNG in which the detector has to find something at start; without it a face drawn in code'),
  timeLimitMs: z
    .int()
    .min(100)
    .max(LOOK_MS_MAX)
    .describe('longest time for one picture; it is then not looked at, and counted so'),
};

/** What looks for faces and plates in redacted pictures, and in how many of them. */
const PictureConfig = z.strictObject({
  samplingRate: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'share of the redacted pictures of trusted devices that is looked at; of watched devices it is every one',
    ),
  detectors: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ ...cascadeFields, ...detector }),
        z.strictObject({ ...onnxFields, ...detector }),
      ]),
    )
    .min(1)
    .max(4),
});

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
    maxAgeDays: z
      .int()
      .min(SPAN_DAYS_MAX)
      .max(REPLAY_DAYS_MAX)
      .default(AGE_DAYS_MAX)
      .describe(
        'days after which a frame is too old to be believed when it arrives: its vehicle may have lost the time',
      ),
    maxSpanDays: z
      .int()
      .min(1)
      .max(REPLAY_DAYS_MAX)
      .default(SPAN_DAYS_MAX)
      .describe('days that frames of one batch may lie apart; more only where recorded drives are replayed'),
    pictures: PictureConfig.optional(),
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
