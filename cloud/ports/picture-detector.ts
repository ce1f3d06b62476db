import type { Box, DetectorFault } from '../../proto/imagery/detector.ts';
import type { Pixels } from '../../proto/imagery/picture-codec.ts';
import type { Result } from '../../proto/words/result.ts';

/**
 * The cloud's own look for faces and plates in pictures that a vehicle redacted. It answers within a time limit of its own and
 * never throws. No fault means that nothing was found.
 */
export interface PictureDetector {
  /** @param picture - a picture file as it came, or pixels */
  look(picture: Uint8Array | Pixels): Promise<Result<readonly Box[], DetectorFault>>;
  close(): Promise<void>;
}
