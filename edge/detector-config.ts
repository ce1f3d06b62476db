import { z } from 'zod';
import { cascadeFields, modelFile, onnxFields } from '../proto/config/detector-fields.ts';

const own = {
  file: modelFile,
  timeLimitMs: z
    .int()
    .min(100)
    .max(30_000)
    .describe('longest time for one picture; a detector that takes longer is ended and the picture dropped'),
};

/** What looks for faces and plates where a policy asks for redaction. */
export const DetectorConfig = z.discriminatedUnion('kind', [
  z.strictObject({ ...cascadeFields, ...own }),
  z.strictObject({ ...onnxFields, ...own }),
]);
