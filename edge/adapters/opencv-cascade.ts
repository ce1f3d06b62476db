import type * as NodeCrypto from 'node:crypto';
import type * as NodeFs from 'node:fs';
import type { Detector, Subject } from '../../proto/imagery/detector.ts';
import { type DetectorProgram, threadDetector } from './detector-thread.ts';

export interface CascadeSettings {
  /** Cascade file, such as haarcascade_frontalface_default.xml of Debian's opencv-data. */
  readonly file: string;
  readonly finds: Subject;
  readonly timeLimitMs: number;
}

/**
 * A cascade classifier by OpenCV (WebAssembly). A baseline: it finds faces that look into the camera, and misses most others
 * (test/bench/RESULTS.md has its recall). The package is an optional peer, and without it every picture is dropped.
 */
export function cascadeDetector({ file, finds, timeLimitMs }: CascadeSettings): Detector {
  const settings = { file, subject: finds };
  return threadDetector({ name: 'opencv-cascade', finds: [finds], program: CASCADE, settings, timeLimitMs });
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
  readonly Mat: new (...args: readonly number[]) => { readonly data: Uint8Array; delete(): void };
  readonly RectVector: new () => { size(): number; get(index: number): object; delete(): void };
  readonly Size: new (width: number, height: number) => object;
  readonly cvtColor: (...args: readonly unknown[]) => void;
  readonly equalizeHist: (...args: readonly unknown[]) => void;
}

const CASCADE: DetectorProgram = ({ load, settings, ready }) => {
  const fs = load('node:fs') as typeof NodeFs;
  const crypto = load('node:crypto') as typeof NodeCrypto;
  const model = fs.readFileSync(String(settings['file']));
  const digest = crypto.createHash('sha256').update(model).digest('hex').slice(0, 12);
  const cv = load('@techstark/opencv-js') as OpenCv;
  const release = (load('@techstark/opencv-js/package.json') as { readonly version: string }).version;
  const begin = (): void => {
    cv.FS_createDataFile('/', 'cascade.xml', model, true, false, false);
    const classifier = new cv.CascadeClassifier();
    if (!classifier.load('cascade.xml')) throw new Error('the file is no cascade');
    ready(`${release}/${digest}`, ({ width, height, rgb }) => {
      const picture = new cv.Mat(height, width, cv.CV_8UC3);
      const grey = new cv.Mat();
      const found = new cv.RectVector();
      try {
        picture.data.set(rgb);
        cv.cvtColor(picture, grey, cv.COLOR_RGB2GRAY);
        cv.equalizeHist(grey, grey);
        // Steps of 10 %, three neighbours, and nothing smaller than 24 px: a face of 32 px has to be found.
        classifier.detectMultiScale(grey, found, 1.1, 3, 0, new cv.Size(24, 24), new cv.Size(0, 0));
        return Array.from({ length: found.size() }, (_, index) => ({
          subject: settings['subject'],
          ...found.get(index),
        }));
      } finally {
        picture.delete();
        grey.delete();
        found.delete();
      }
    });
  };
  // The module has a `then` that never comes to an end: it is never awaited, and never returned from anything that is.
  if ('Mat' in cv) begin();
  else (cv as OpenCv).onRuntimeInitialized = begin;
};
