import type * as NodeFs from 'node:fs';
import type { PictureDetector, PictureSubject } from '../ports/picture-detector.ts';
import { type LookProgram, threadLook } from './detector-thread.ts';

/** A cascade by OpenCV (WebAssembly), an optional peer; a baseline, as on the vehicle. */
export function cascadeLook(settings: {
  readonly file: string;
  readonly finds: PictureSubject;
  readonly timeLimitMs: number;
}): PictureDetector {
  const { file, finds, timeLimitMs } = settings;
  return threadLook({ program: CASCADE, settings: { file, finds }, timeLimitMs });
}

interface Freed {
  delete(): void;
}

interface OpenCv {
  onRuntimeInitialized?: () => void;
  readonly CV_8UC3: number;
  readonly COLOR_RGB2GRAY: number;
  readonly FS_createDataFile: (...args: readonly unknown[]) => void;
  readonly CascadeClassifier: new () => {
    load(name: string): boolean;
    detectMultiScale(...args: readonly unknown[]): void;
  };
  readonly Mat: new (...args: readonly number[]) => Freed & { readonly data: Uint8Array };
  readonly RectVector: new () => Freed & { size(): number; get(index: number): object };
  readonly Size: new (width: number, height: number) => object;
  readonly cvtColor: (...args: readonly unknown[]) => void;
  readonly equalizeHist: (...args: readonly unknown[]) => void;
}

const CASCADE: LookProgram = ({ load, settings, ready }) => {
  const model = (load('node:fs') as typeof NodeFs).readFileSync(String(settings['file']));
  const cv = load('@techstark/opencv-js') as OpenCv;
  const begin = (): void => {
    cv.FS_createDataFile('/', 'cascade.xml', model, true, false, false);
    const classifier = new cv.CascadeClassifier();
    if (!classifier.load('cascade.xml')) throw new Error('the file is no cascade');
    ready(({ width, height, rgb }) => {
      const [picture, grey, found] = [new cv.Mat(height, width, cv.CV_8UC3), new cv.Mat(), new cv.RectVector()];
      try {
        picture.data.set(rgb);
        cv.cvtColor(picture, grey, cv.COLOR_RGB2GRAY);
        cv.equalizeHist(grey, grey);
        // Five neighbours: what is found here accuses a vehicle, so that a chance hit costs more than on the vehicle.
        classifier.detectMultiScale(grey, found, 1.1, 5, 0, new cv.Size(24, 24), new cv.Size(0, 0));
        return Array.from({ length: found.size() }, (_, at) => ({ subject: settings['finds'], ...found.get(at) }));
      } finally {
        for (const one of [picture, grey, found]) one.delete();
      }
    });
  };
  // The module has a `then` that never comes to an end: it is never awaited, and never returned from anything that is.
  if ('Mat' in cv) begin();
  else (cv as OpenCv).onRuntimeInitialized = begin;
};
