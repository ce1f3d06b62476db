import { type PictureTools, treatImage } from '../../proto/imagery/treat-image.ts';
import type { RawImage } from '../../proto/words/raw-frame.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { RemovalCause, TreatedPicture } from '../stages/stage.ts';
import type { PictureOrder } from './admit-picture.ts';

export type Treated = Result<TreatedPicture, RemovalCause>;

/** Does with a picture what was ordered, and says when and by which camera it was taken. */
export async function treatPicture(
  { at, bytes }: RawImage,
  order: PictureOrder,
  tools: PictureTools,
): Promise<Treated> {
  const treated = await treatImage(bytes, order, tools);
  if (!treated.ok) return treated;
  const { camera, consent } = order;
  return ok({ kind: 'treated-picture', at, camera, consent, ...treated.value });
}
