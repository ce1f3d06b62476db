import { z } from 'zod';

const subject = z.enum(['face', 'plate']);
const inputEdge = z.int().min(32).max(2_048).describe('pixels');

/** File of a detector, whichever kind it is. */
export const modelFile = z.string().min(1).max(1_024).describe('cascade, or model in ONNX');

/** What every tier asks of a cascade, without file and time limit. */
export const cascadeFields = {
  kind: z.literal('opencv-cascade'),
  finds: subject.describe('what the cascade was trained to find'),
};

/** What every tier asks of a model in ONNX (docs/imagery.md), without file and time limit. */
export const onnxFields = {
  kind: z.literal('onnx'),
  classes: z.array(subject).min(1).max(16).describe("what the numbers of the model's classes stand for, from 0 on"),
  inputWidth: inputEdge,
  inputHeight: inputEdge,
  scoreMin: z.number().min(0).max(1).describe('boxes with a lower score are left out'),
};
