import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { RawImage } from '../../proto/words/raw-frame.ts';

/** What of a camera's name leaves: one of six words. A name of its own could name anything, a vehicle among it. */
export function cameraLabel({ camera, place }: Pick<RawImage, 'camera' | 'place'>): number {
  // A camera that is called after the cabin looks at it, whatever place it was given.
  if (place !== 'exterior' || CABIN.test(camera)) return CAMERA_LABELS.cabin;
  const [, label] = EXTERIOR.find(([pattern]) => pattern.test(camera)) ?? [];
  return label ?? CAMERA_LABELS.other;
}

const CABIN = /cabin|interior|inside|driver|occupant|passenger|seat|\b[do]ms\b/i;

const EXTERIOR = [
  [/front|forward/i, CAMERA_LABELS.front],
  [/rear|back/i, CAMERA_LABELS.rear],
  [/left/i, CAMERA_LABELS.left],
  [/right/i, CAMERA_LABELS.right],
] as const;
