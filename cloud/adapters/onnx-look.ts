import type { PictureDetector, PictureSubject, PlainPicture } from '../ports/picture-detector.ts';
import { type LookProgram, threadLook } from './detector-thread.ts';

/** The operator's model by ONNX Runtime, an optional peer; it takes and gives what a model on the vehicle does. */
export function onnxLook(settings: {
  readonly file: string;
  readonly classes: readonly PictureSubject[];
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly scoreMin: number;
  readonly timeLimitMs: number;
}): PictureDetector {
  const { timeLimitMs, ...rest } = settings;
  return threadLook({ program: ONNX, settings: rest, timeLimitMs });
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
}

interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => object;
  readonly InferenceSession: { create(file: string, options: object): Promise<Session> };
}

const ONNX: LookProgram = ({ load, settings, ready }) => {
  const runtime = load('onnxruntime-node') as OnnxRuntime;
  const [across, down] = [Number(settings['inputWidth']), Number(settings['inputHeight'])];
  const classes = settings['classes'] as readonly PictureSubject[];

  /** Scaled to fit, from the upper left, the rest grey; planes of red, green and blue, 0 to 1. */
  const planesOf = ({ width, height, rgb }: PlainPicture, scale: number): Float32Array => {
    const planes = new Float32Array(3 * across * down).fill(0.5);
    const [right, below] = [Math.min(across, Math.floor(width * scale)), Math.min(down, Math.floor(height * scale))];
    for (let y = 0; y < below; y += 1)
      for (let x = 0; x < right; x += 1) {
        const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
        for (const part of [0, 1, 2]) planes[(part * down + y) * across + x] = (rgb[from + part] ?? 0) / 255;
      }
    return planes;
  };

  const find = async (session: Session, picture: PlainPicture): Promise<readonly object[]> => {
    const scale = Math.min(across / picture.width, down / picture.height);
    const tensor = new runtime.Tensor('float32', planesOf(picture, scale), [1, 3, down, across]);
    const given = await session.run({ [session.inputNames[0] ?? '']: tensor });
    const rows = given[session.outputNames[0] ?? '']?.data;
    if (rows === undefined || rows.length % 6 !== 0) throw new Error('the output is not made of sixes');
    return Array.from({ length: rows.length / 6 }, (_, at) => {
      const [left = 0, top = 0, right = 0, bottom = 0, score = 0, number = -1] = rows.subarray(at * 6, at * 6 + 6);
      const [x, y, width, height] = [left, top, right - left, bottom - top].map((edge) => edge / scale);
      return { subject: classes[number], score, x, y, width, height };
    }).filter(({ subject, score }) => subject !== undefined && !(score < Number(settings['scoreMin'])));
  };

  const one = { intraOpNumThreads: 1, interOpNumThreads: 1, executionProviders: ['cpu'] };
  runtime.InferenceSession.create(String(settings['file']), one).then(
    (session) => ready((picture) => find(session, picture)),
    // A model that cannot be read ends the thread, which the other side takes for a start that failed.
    (cause) =>
      setTimeout(() => {
        throw cause;
      }),
  );
};
