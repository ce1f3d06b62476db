import { createHmac } from 'node:crypto';
import { IMAGE_TREATMENTS } from '../../proto/codec/sensor-frames.ts';
import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { Box, DetectorFault } from '../../proto/imagery/detector.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { TrustState } from '../ports/device-register.ts';
import type { PictureDetector } from '../ports/picture-detector.ts';
import { isOnFace, knownFace, knownNothing } from './known-picture.ts';

/**
 * Batches whose pictures may wait for a look; past it pictures are not looked at, and counted so. With the longest time for
 * one picture it stays below what a vehicle takes for silence.
 */
export const LOOKS_WAITING_MAX = 4;

/** Why a picture that was drawn was not looked at. None of them is taken for one without a face. */
export type UnseenCause = DetectorFault | 'detector-absent' | 'self-test-open' | 'self-test-failed' | 'queue-full';

export type SelfTest = 'open' | 'passed' | 'missed-the-face' | 'saw-what-is-not-there' | 'no-answer';

export interface SampleStatus {
  /** `absent`: none is configured. Only `passed` looks at pictures. */
  readonly detector: 'absent' | SelfTest;
  /** Share of the redacted pictures of trusted devices that is looked at, 0 to 1; of watched ones it is all. */
  readonly samplingRate: number;
  readonly looked: number;
  readonly shown: number;
  /** Pictures that should have been looked at and were not, by cause. */
  readonly unseen: Readonly<Partial<Record<UnseenCause, number>>>;
}

export interface PictureSample {
  /** Draws pictures of a batch. @returns undefined when there is nothing to wait for; else whether one of them shows a face or plate */
  readonly look: (batch: SealedBatch, trust: TrustState) => Promise<boolean> | undefined;
  /** Shows each detector a drawn face and an empty picture; until it has passed nothing is looked at. */
  readonly testDetectors: () => Promise<SelfTest>;
  readonly status: () => SampleStatus;
}

export interface PictureSampleParts {
  readonly detectors: readonly {
    readonly detector: PictureDetector;
    /** A picture of the operator's, in which it has to find something; without one the drawn face. */
    readonly knownPicture: Uint8Array | undefined;
  }[];
  readonly samplingRate: number;
  /** Makes the draw the same for the same picture, and known to nobody outside. */
  readonly key: Uint8Array;
}

/** Smaller than these a redaction need not find them. */
const SUBJECT_PX_MIN = { face: 32, plate: 16 } as const;

export function createPictureSample({ detectors, samplingRate, key }: PictureSampleParts): PictureSample {
  let selfTest: SelfTest = 'open';
  let waiting = 0;
  const counts = { looked: 0, shown: 0 };
  const unseen: Partial<Record<UnseenCause, number>> = {};
  const count = (cause: UnseenCause, pictures: number): void => {
    unseen[cause] = (unseen[cause] ?? 0) + pictures;
  };
  const whyNot = (): UnseenCause | undefined => {
    if (detectors.length === 0) return 'detector-absent';
    if (selfTest !== 'passed') return selfTest === 'open' ? 'self-test-open' : 'self-test-failed';
    return waiting >= LOOKS_WAITING_MAX ? 'queue-full' : undefined;
  };
  const lookAt = async (picture: Uint8Array): Promise<Result<boolean, DetectorFault>> => {
    for (const { detector } of detectors) {
      // One that breaks its promise and throws has failed.
      const seen = await detector.look(picture).catch(() => fail<DetectorFault>('detector-failed'));
      if (!seen.ok) return seen;
      if (seen.value.some(isLarge)) return ok(true);
    }
    return ok(false);
  };
  const lookAtAll = async (pictures: readonly Uint8Array[]): Promise<boolean> => {
    waiting += 1;
    try {
      for (const [index, picture] of pictures.entries()) {
        const shown = await lookAt(picture);
        // The batch has waited long enough: a detector that gave no answer is not asked about the rest of it.
        if (!shown.ok) count(shown.fault, pictures.length - index);
        if (!shown.ok) return false;
        counts.looked += 1;
        if (shown.value) counts.shown += 1;
        if (shown.value) return true;
      }
      return false;
    } finally {
      waiting -= 1;
    }
  };
  return {
    look: (batch, trust) => {
      const pictures = redactedIn(batch).filter((data) => trust === 'watched' || isDrawn(data, samplingRate, key));
      if (pictures.length === 0) return undefined;
      const cause = whyNot();
      if (cause === undefined) return lookAtAll(pictures);
      count(cause, pictures.length);
      return undefined;
    },
    testDetectors: async () => {
      let outcome: SelfTest = 'passed';
      for (const one of detectors) if (outcome === 'passed') outcome = await testOne(one);
      selfTest = outcome;
      return outcome;
    },
    status: () => ({ detector: detectors.length === 0 ? 'absent' : selfTest, samplingRate, ...counts, unseen }),
  };
}

/** In a mosaic there is nothing to see, by construction. */
const redactedIn = ({ frames }: SealedBatch): readonly Uint8Array[] =>
  frames.flatMap((frame) =>
    frame.kind === 'image' && frame.treatment === IMAGE_TREATMENTS.redact ? [frame.data] : [],
  );

/** By the picture itself, so that sending it again is no second chance. */
function isDrawn(data: Uint8Array, samplingRate: number, key: Uint8Array): boolean {
  const mac = createHmac('sha256', key).update('tongguan.v1.picture-sample\0').update(data).digest();
  return mac.readUIntBE(0, 6) / 2 ** 48 < samplingRate;
}

const isLarge = ({ subject, width, height }: Box): boolean => Math.min(width, height) >= SUBJECT_PX_MIN[subject];

async function testOne({ detector, knownPicture }: PictureSampleParts['detectors'][number]): Promise<SelfTest> {
  const seen = await detector.look(knownPicture ?? knownFace()).catch(() => fail<DetectorFault>('detector-failed'));
  if (!seen.ok) return 'no-answer';
  if (knownPicture === undefined ? !isOnFace(seen.value) : seen.value.length === 0) return 'missed-the-face';
  const nothing = await detector.look(knownNothing()).catch(() => fail<DetectorFault>('detector-failed'));
  if (!nothing.ok) return 'no-answer';
  return nothing.value.length > 0 ? 'saw-what-is-not-there' : 'passed';
}
