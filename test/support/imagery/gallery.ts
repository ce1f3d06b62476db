import type { PictureCodec, Pixels } from '../../../proto/imagery/picture-codec.ts';
import { cut, resized } from './made-pictures.ts';
import { LABELS, pictureFile } from './shared-pictures.ts';

/** What an attacker of mosaics knows: a street, and the photographs of faces and plates that may stand in it. */
export interface Gallery {
  readonly street: Pixels;
  readonly faces: readonly Pixels[];
  readonly plates: readonly Pixels[];
}

/** From the shared pictures; the caller has asked whether there are any. */
export async function openGallery(codec: PictureCodec): Promise<Gallery> {
  const pixelsOf = async (file: string): Promise<Pixels> => {
    const decoded = await codec.decode(pictureFile(file));
    if (!decoded.ok) throw new Error(`${file}: ${decoded.fault}`);
    return decoded.value;
  };
  const two = await pixelsOf('fr_two_people.jpg');
  const others = await pixelsOf('coco01.jpg');
  const crops = LABELS.filter(({ file }) => /crop|align|_a\./.test(file));
  return {
    street: resized(await pixelsOf('carnd_whiteCarLaneSwitch.jpg'), 1_280, 720),
    faces: [
      cut(two, { x: 236, y: 27, width: 177, height: 177 }),
      cut(two, { x: 786, y: 62, width: 178, height: 178 }),
      cut(await pixelsOf('fr_obama_small.jpg'), { x: 93, y: 42, width: 136, height: 136 }),
      cut(others, { x: 353, y: 70, width: 86, height: 86 }),
      cut(others, { x: 248, y: 106, width: 116, height: 116 }),
    ],
    plates: await Promise.all(crops.map(({ file }) => pixelsOf(file))),
  };
}
