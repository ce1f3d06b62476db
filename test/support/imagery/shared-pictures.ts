import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Real pictures with labels, whose licences keep them out of the repository; beside the checkout, where there are any. */
const FOLDER = join(process.cwd(), '../shared/data/images');

/** A cascade of Debian's opencv-data, or of a folder that `OPENCV_DATA` names. */
export function cascade(name: string): string {
  return join(process.env['OPENCV_DATA'] ?? '/usr/share/opencv4', name);
}

export const FACE_CASCADE = cascade('haarcascades/haarcascade_frontalface_default.xml');
export const PLATE_CASCADE = cascade('haarcascades/haarcascade_russian_plate_number.xml');

export interface LabelledPicture {
  readonly file: string;
  readonly faces: number;
  readonly plates: number;
  readonly hasGps: boolean;
}

/** Empty when there are none. */
export const LABELS: readonly LabelledPicture[] = existsSync(join(FOLDER, 'labels.csv'))
  ? readFileSync(join(FOLDER, 'labels.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [file = '', , , faces = '', plates = '', , gps] = line.split(',');
        return { file, faces: Number.parseInt(faces, 10), plates: Number.parseInt(plates, 10), hasGps: gps === 'yes' };
      })
  : [];

/** The optional peer. */
const OPENCV = join(process.cwd(), 'node_modules/@techstark/opencv-js');

export const hasPictures = LABELS.length > 0;
export const hasCascades = existsSync(FACE_CASCADE) && existsSync(PLATE_CASCADE) && existsSync(OPENCV);

export function pictureFile(file: string): Uint8Array {
  return readFileSync(join(FOLDER, file));
}
