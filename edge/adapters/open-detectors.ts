import type { Detector } from '../../proto/imagery/detector.ts';
import { type OnnxSettings, onnxDetector } from './onnx-model.ts';
import { type CascadeSettings, cascadeDetector } from './opencv-cascade.ts';

export type DetectorSettings =
  | ({ readonly kind: 'opencv-cascade' } & CascadeSettings)
  | ({ readonly kind: 'onnx' } & OnnxSettings);

/** Detectors of a configuration. Each loads its code and model when the first picture comes. */
export function openDetectors(all: readonly DetectorSettings[]): readonly Detector[] {
  return all.map((one) => (one.kind === 'onnx' ? onnxDetector(one) : cascadeDetector(one)));
}
