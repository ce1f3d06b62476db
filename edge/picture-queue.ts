import type { RawImage } from '../proto/words/raw-frame.ts';
import { fail } from '../proto/words/result.ts';
import type { Instant } from '../proto/words/time.ts';
import { type AdmitPicture, admitPictures, type PictureOrder } from './imagery/admit-picture.ts';
import type { Treated } from './imagery/treat-picture.ts';
import type { Consent } from './policy/consent.ts';
import type { SensorPolicy } from './policy/sensor-policy.ts';
import type { Removed, TreatedPicture } from './stages/stage.ts';

/** Pictures that wait for their turn, and their bytes. One more is in hand. */
export const PICTURES_WAITING_MAX = 4;
export const PICTURE_BYTES_WAITING_MAX = 8_000_000;

/** Treats a picture; it answers within its time limits and does not throw. */
export type TreatPicture = (image: RawImage, order: PictureOrder) => Promise<Treated>;

/**
 * The way of pictures, beside that of other frames because decoding takes its time: one is treated at a time, a few wait,
 * and what finds no place is dropped and counted. Pictures stay in order among themselves; between them and other frames
 * no order is promised.
 */
export interface PictureQueue {
  /** Takes a picture in, if the policy has a use for it. */
  readonly take: (image: RawImage, now: Instant) => void;
  /** Gives up, counted, what was taken in under the policy before. */
  readonly usePolicy: (sensors: SensorPolicy | undefined, consents?: () => readonly Consent[]) => void;
  /** Lets go of pictures that wait or are in hand; gives how many there were. */
  readonly remove: (isUnwanted: (order: PictureOrder) => boolean) => number;
  /** Resolves once every picture is treated; or gives up at once, counted, those that wait and the one in hand. */
  readonly settle: (waiting: 'treat' | 'drop') => Promise<void>;
}

type Waiting = readonly [RawImage, PictureOrder];

/** @param passes - whether the stages let a picture pass as it came; they are asked again when it has been treated */
export function createPictureQueue(
  treat: TreatPicture = withoutDecoder,
  passes: (image: RawImage) => boolean,
  onTreated: (picture: TreatedPicture) => void,
  removed: Removed,
): PictureQueue {
  let admit: AdmitPicture = admitPictures(undefined);
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let inHand: PictureOrder | undefined;
  /** Rises when what is in hand is given up; it is then not wanted any more. */
  let generation = 0;
  let working: Promise<void> | undefined;

  const remove = (isUnwanted: (order: PictureOrder) => boolean): number => {
    const before = waiting.length;
    waiting = waiting.filter(([, order]) => !isUnwanted(order));
    waitingBytes = waiting.reduce((sum, [image]) => sum + image.bytes.length, 0);
    const gone = before - waiting.length;
    if (inHand === undefined || !isUnwanted(inHand)) return gone;
    inHand = undefined;
    generation += 1;
    return gone + 1;
  };

  const forget = (cause: 'image-policy-changed' | 'image-stopped'): void => {
    removed(
      cause,
      remove(() => true),
    );
  };

  const treatOne = async ([image, order]: Waiting): Promise<void> => {
    const own = generation;
    const treated = await attempt(treat, image, order);
    if (own !== generation) return;
    inHand = undefined;
    if (treated.ok) onTreated(treated.value);
    else removed(treated.fault, 1);
  };

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      waitingBytes -= next[0].bytes.length;
      inHand = next[1];
      await treatOne(next);
    }
    working = undefined;
  };

  const offer = (image: RawImage, order: PictureOrder): void => {
    if (waiting.length >= PICTURES_WAITING_MAX || waitingBytes + image.bytes.length > PICTURE_BYTES_WAITING_MAX) {
      removed('image-queue-full', 1);
      return;
    }
    waiting.push([image, order]);
    waitingBytes += image.bytes.length;
    working ??= work();
  };

  return {
    take: (image, now) => {
      if (!passes(image)) return;
      const admitted = admit(image, now);
      if (admitted.ok) offer(image, admitted.value);
      else removed(admitted.fault, 1);
    },
    usePolicy: (sensors, consents) => {
      forget('image-policy-changed');
      admit = admitPictures(sensors, consents);
    },
    remove,
    settle: async (rest) => {
      // A detector may take longer than whoever stops the agent waits.
      if (rest === 'drop') forget('image-stopped');
      else await working;
    },
  };
}

const withoutDecoder: TreatPicture = async () => fail('image-decoder-missing');

async function attempt(treat: TreatPicture, image: RawImage, order: PictureOrder): Promise<Treated> {
  try {
    return await treat(image, order);
  } catch {
    return fail('stage-threw');
  }
}
