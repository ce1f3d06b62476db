import type { LoadedConfig } from '../proto/config/read-config.ts';
import { openDetector } from '../proto/imagery/open-detector.ts';
import { sharpCodec } from '../proto/imagery/sharp-codec.ts';
import type { PictureTools } from '../proto/imagery/treat-image.ts';
import type { EdgeConfig } from './config.ts';

/** What pictures are treated with, as the configuration has it; each loads what it needs when the first picture comes. */
export function pictureTools({ config, path }: LoadedConfig<EdgeConfig>): PictureTools {
  const detectors = config.imagery.detectors.map((one) => openDetector({ ...one, file: path(one.file) }));
  return { codec: sharpCodec(), detectors };
}
