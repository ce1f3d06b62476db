import type * as NodeCrypto from 'node:crypto';
import type * as NodeFs from 'node:fs';
import type { Subject } from './detector.ts';
import type { DetectorProgram } from './detector-thread.ts';
import type { Pixels } from './picture-codec.ts';

/** What a model of the operator's takes and gives stands in docs/imagery.md. */
export interface OnnxSettings {
  readonly file: string;
  /** What the numbers of the model's classes stand for; a class of another number is left alone. */
  readonly classes: readonly Subject[];
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** Boxes with a lower score are left out, 0 to 1. */
  readonly scoreMin: number;
}

interface OnnxRuntime {
  readonly env: { readonly versions: { readonly node?: string; readonly common?: string } };
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => object;
  readonly InferenceSession: {
    create(
      file: string,
      options: object,
    ): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
    }>;
  };
}

/** The operator's model by ONNX Runtime, for a thread; its settings are `OnnxSettings`. */
export const ONNX: DetectorProgram = ({ load, settings, ready }) => {
  const fs = load('node:fs') as typeof NodeFs;
  const crypto = load('node:crypto') as typeof NodeCrypto;
  const file = String(settings['file']);
  const digest = crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex').slice(0, 12);
  const runtime = load('onnxruntime-node') as OnnxRuntime;
  const [across, down] = [Number(settings['inputWidth']), Number(settings['inputHeight'])];
  const classes = settings['classes'] as readonly string[];
  const scoreMin = Number(settings['scoreMin']);

  /** Scaled to fit, from the upper left, the rest grey; planes of red, green and blue, 0 to 1. */
  const tensorOf = ({ width, height, rgb }: Pixels, scale: number): Float32Array => {
    const values = new Float32Array(3 * across * down).fill(0.5);
    for (let y = 0; y < Math.min(down, Math.floor(height * scale)); y += 1) {
      for (let x = 0; x < Math.min(across, Math.floor(width * scale)); x += 1) {
        const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
        for (let part = 0; part < 3; part += 1)
          values[part * across * down + y * across + x] = (rgb[from + part] ?? 0) / 255;
      }
    }
    return values;
  };

  const one = { intraOpNumThreads: 1, interOpNumThreads: 1, executionProviders: ['cpu'] };
  const begun = runtime.InferenceSession.create(file, one).then((session) => {
    const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
    const release = (load('onnxruntime-node/package.json') as { readonly version: string }).version;
    ready(`${release}/${digest}`, async (pixels) => {
      const scale = Math.min(across / pixels.width, down / pixels.height);
      const tensor = new runtime.Tensor('float32', tensorOf(pixels, scale), [1, 3, down, across]);
      const data = (await session.run({ [input]: tensor }))[output]?.data ?? new Float32Array(1);
      if (data.length % 6 !== 0) throw new Error('the output is not made of sixes');
      return Array.from({ length: data.length / 6 }, (_, index) => data.subarray(index * 6, index * 6 + 6))
        .filter((row) => !((row[4] ?? 0) < scoreMin) && classes[row[5] ?? -1] !== undefined)
        .map((row) => {
          const [left = 0, top = 0, right = 0, bottom = 0] = Array.from(row.subarray(0, 4), (edge) => edge / scale);
          const subject = classes[row[5] ?? -1];
          return { subject, x: left, y: top, width: right - left, height: bottom - top };
        });
    });
  });
  // A model that cannot be read ends the thread, which the other side takes for a start that failed.
  begun.catch((cause) => {
    setTimeout(() => {
      throw cause;
    });
  });
};
