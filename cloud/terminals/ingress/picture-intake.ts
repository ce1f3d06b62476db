import { CAMERA_LABELS } from '../../../proto/codec/sensor-frames.ts';
import type { TreatedImage, TreatmentFault } from '../../../proto/imagery/treat-image.ts';
import { fail, type Result } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';

/** Pictures of all terminals that wait for their turn, and their bytes. One more is in hand. */
export const PICTURES_WAITING_MAX = 32;
export const PICTURE_BYTES_WAITING_MAX = 33_554_432;
/** Times of pictures that are remembered of one camera, and cameras that are. */
const TURNS_MAX = 32;
const CAMERAS_MAX = 100_000;

/** What becomes of pictures of terminals; every channel that is not named looks into the cabin. */
export interface TerminalImagery {
  readonly treatment: 'mosaic' | 'redact';
  /** Shortest time between two pictures of one channel, milliseconds. */
  readonly intervalMs: number;
  /** Number of a channel to the label of its camera outside. */
  readonly exterior: ReadonlyMap<number, number>;
}

export interface TerminalPicture {
  readonly terminal: number;
  readonly channel: number;
  readonly at: Instant;
  /** The file as the terminal sent it. */
  readonly bytes: Uint8Array;
}

/** Why nothing of a picture is kept; the words are those of the vehicle's own drop notices. */
export type PictureLoss = TreatmentFault | 'imagery' | 'image-cabin' | 'sensor-interval';

export interface KeptPicture extends TreatedImage {
  readonly camera: number;
}

export interface PictureIntake {
  /** @returns undefined when too many wait: then nobody is told that the picture is there */
  readonly take: (picture: TerminalPicture) => Promise<Result<KeptPicture, PictureLoss>> | undefined;
}

/**
 * Pictures of terminals, one after the other. Whatever the policy has no use for is let go unseen.
 *
 * @param imagery - undefined where pictures are dropped
 * @param treat - it answers within its time limits
 */
export function createPictureIntake(
  imagery: TerminalImagery | undefined,
  treat: (bytes: Uint8Array, treatment: TerminalImagery['treatment']) => Promise<Result<TreatedImage, TreatmentFault>>,
): PictureIntake {
  const takesTurn = createTurns(imagery?.intervalMs ?? 0);
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let waitingBytes = 0;
  const treatInTurn = async (
    { bytes }: TerminalPicture,
    treatment: TerminalImagery['treatment'],
    camera: number,
  ): Promise<Result<KeptPicture, PictureLoss>> => {
    try {
      const treated = await treat(bytes, treatment);
      return treated.ok ? { ok: true, value: { ...treated.value, camera } } : treated;
    } catch {
      return fail('image-unreadable');
    } finally {
      waiting -= 1;
      waitingBytes -= bytes.length;
    }
  };
  return {
    take(picture) {
      if (imagery === undefined) return Promise.resolve(fail('imagery'));
      const camera = imagery.exterior.get(picture.channel);
      if (camera === undefined || camera === CAMERA_LABELS.cabin) return Promise.resolve(fail('image-cabin'));
      const { length } = picture.bytes;
      if (waiting >= PICTURES_WAITING_MAX || waitingBytes + length > PICTURE_BYTES_WAITING_MAX) return undefined;
      if (!takesTurn(picture)) return Promise.resolve(fail('sensor-interval'));
      waiting += 1;
      waitingBytes += length;
      const treated = turn.then(() => treatInTurn(picture, imagery.treatment, camera));
      turn = treated;
      return treated;
    },
  };
}

/**
 * Whether a picture lies far enough in time from the others of its camera. By the time that it says, since terminals send
 * what they kept in any order; the same picture sent again has its turn again.
 */
function createTurns(intervalMs: number): (picture: TerminalPicture) => boolean {
  const cameras = new Map<string, { readonly at: Instant; readonly bytes: number }[]>();
  return ({ terminal, channel, at, bytes }) => {
    const name = `${terminal}/${channel}`;
    const taken = cameras.get(name) ?? [];
    const near = taken.filter((other) => Math.abs(other.at - at) < intervalMs);
    if (near.length > 0) return near.some((other) => other.at === at && other.bytes === bytes.length);
    cameras.delete(name);
    cameras.set(name, [...taken.slice(1 - TURNS_MAX), { at, bytes: bytes.length }]);
    if (cameras.size > CAMERAS_MAX) cameras.delete(cameras.keys().next().value ?? '');
    return true;
  };
}
