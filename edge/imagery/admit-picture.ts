import { IMAGERY_SETTINGS } from '../../proto/codec/control-codec.ts';
import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { RawImage } from '../../proto/words/raw-frame.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { type Consent, cabinImageConsent } from '../policy/consent.ts';
import type { SensorPolicy } from '../policy/sensor-policy.ts';
import { sensorInterval } from '../stages/sensor-interval.ts';
import type { RemovalCause } from '../stages/stage.ts';
import { cameraLabel } from './camera-label.ts';

/** What is to be done with one picture. */
export interface PictureOrder {
  readonly treatment: 'mosaic' | 'redact';
  readonly camera: number;
  /** Faces are enough to look for. */
  readonly platesMayStay: boolean;
  /** Id of the consent that a picture of the cabin rests on. */
  readonly consent: string;
}

/** @param now - vehicle time; a consent has to hold now as well as when the picture was taken */
export type AdmitPicture = (image: RawImage, now: Instant) => Result<PictureOrder, RemovalCause>;

/**
 * Decides what becomes of pictures under a policy, before any work is spent on one.
 *
 * @param consents - those in force to pictures of the cabin; where nobody says, those of the bundle
 */
export function admitPictures(
  sensors: SensorPolicy | undefined,
  consents: () => readonly Consent[] = () => sensors?.consents ?? [],
): AdmitPicture {
  const takeTurn = sensorInterval(sensors?.intervalS ?? 0);
  return (image, now) => {
    if (sensors === undefined || sensors.imagery === IMAGERY_SETTINGS.drop) return fail('imagery');
    const camera = cameraLabel(image);
    const isCabin = camera === CAMERA_LABELS.cabin;
    const consent = isCabin ? cabinImageConsent(consents(), [image.at, now]) : undefined;
    if (isCabin && (consent === undefined || sensors.imagery !== IMAGERY_SETTINGS.mosaic)) return fail('image-cabin');
    if (!takeTurn(image.camera, image.at)) return fail('sensor-interval');
    return ok({
      treatment: sensors.imagery === IMAGERY_SETTINGS.mosaic ? 'mosaic' : 'redact',
      camera,
      platesMayStay: sensors.platesMayStay,
      consent: consent?.id ?? '',
    });
  };
}
