import { z } from 'zod';

const path = z.string().min(1).max(1_024);

const timeLimitMs = z
  .int()
  .min(100)
  .max(30_000)
  .describe('longest time for one picture; a detector that takes longer is ended and the picture dropped');
const subject = z.enum(['face', 'plate']);
const inputEdge = z.int().min(32).max(2_048);

const MODEL_FILE = 'cascade, or model in ONNX';

/** What looks for faces and plates where a policy asks for redaction. */
export const DetectorConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('opencv-cascade'),
    file: path.describe(MODEL_FILE),
    finds: subject.describe('what the cascade was trained to find'),
    timeLimitMs,
  }),
  z.strictObject({
    kind: z.literal('onnx'),
    file: path.describe(MODEL_FILE),
    classes: z.array(subject).min(1).max(16).describe("what the numbers of the model's classes stand for, from 0 on"),
    inputWidth: inputEdge.describe('pixels'),
    inputHeight: inputEdge.describe('pixels'),
    scoreMin: z.number().min(0).max(1).describe('boxes with a lower score are left out'),
    timeLimitMs,
  }),
]);
