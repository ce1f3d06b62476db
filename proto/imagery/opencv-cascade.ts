import type * as NodeCrypto from 'node:crypto';
import type * as NodeFs from 'node:fs';
import type { DetectorProgram } from './detector-thread.ts';

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

/**
 * A cascade classifier by OpenCV (WebAssembly), for a thread. Its settings: `file`, the cascade; `subject`, what it finds;
 * `neighbours`, how many hits beside each other make one: fewer find more, and more that is none.
 */
export const CASCADE: DetectorProgram = ({ load, settings, ready }) => {
  const fs = load('node:fs') as typeof NodeFs;
  const crypto = load('node:crypto') as typeof NodeCrypto;
  const model = fs.readFileSync(String(settings['file']));
  const digest = crypto.createHash('sha256').update(model).digest('hex').slice(0, 12);
  const cv = load('@techstark/opencv-js') as OpenCv;
  const release = (load('@techstark/opencv-js/package.json') as { readonly version: string }).version;
  const neighbours = Number(settings['neighbours']);
  const begin = (): void => {
    cv.FS_createDataFile('/', 'cascade.xml', model, true, false, false);
    const classifier = new cv.CascadeClassifier();
    if (!classifier.load('cascade.xml')) throw new Error('the file is no cascade');
    ready(`${release}/${digest}`, ({ width, height, rgb }) => {
      const [picture, grey, found] = [new cv.Mat(height, width, cv.CV_8UC3), new cv.Mat(), new cv.RectVector()];
      try {
        picture.data.set(rgb);
        cv.cvtColor(picture, grey, cv.COLOR_RGB2GRAY);
        cv.equalizeHist(grey, grey);
        // Steps of 10 %, and nothing smaller than 24 px: a face of 32 px has to be found.
        classifier.detectMultiScale(grey, found, 1.1, neighbours, 0, new cv.Size(24, 24), new cv.Size(0, 0));
        return Array.from({ length: found.size() }, (_, at) => ({ subject: settings['subject'], ...found.get(at) }));
      } finally {
        for (const one of [picture, grey, found]) one.delete();
      }
    });
  };
  // The module has a `then` that never comes to an end: it is never awaited, and never returned from anything that is.
  if ('Mat' in cv) begin();
  else (cv as OpenCv).onRuntimeInitialized = begin;
};
