import type { RawImage } from '../proto/words/raw-frame.ts';
import type { Instant } from '../proto/words/time.ts';
import type { Prng } from './prng.ts';

const WIDTH_PX = 16;
const HEIGHT_PX = 12;

/** Words inside every simulated picture, as a comment of the file format: whoever finds one downstream knows what it is. */
export const SYNTHETIC_IMAGE_MARK = 'tongguan synthetic image: noise, shows nothing';

const CAMERAS = ['front', 'rear', 'cabin'] as const;

/** A picture of noise, 16 x 12 grey pixels, as a binary portable graymap (P5). It exists to be dropped. */
export function syntheticImage(at: Instant, prng: Prng): RawImage {
  const header = `P5\n# ${SYNTHETIC_IMAGE_MARK}\n${WIDTH_PX} ${HEIGHT_PX}\n255\n`;
  const pixels = Uint8Array.from({ length: WIDTH_PX * HEIGHT_PX }, () => prng.whole(0, 255));
  return {
    kind: 'image',
    at,
    camera: prng.pick(CAMERAS),
    dataBase64: Buffer.concat([Buffer.from(header, 'ascii'), pixels]).toString('base64'),
  };
}
