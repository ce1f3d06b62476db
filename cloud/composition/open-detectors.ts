import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { pictureLook } from '../adapters/picture-look.ts';
import type { CloudConfig } from '../config/config.ts';
import { createPictureSample, type PictureSample } from '../ingest/picture-sample.ts';

export interface OpenDetectors {
  readonly pictures: PictureSample;
  readonly close: () => Promise<void>;
}

/**
 * Detectors of the configuration. Each loads its code and model at the self-test.
 *
 * @param key - the draw of pictures rests on it
 * @throws the system's error when a known picture cannot be read
 */
export function openDetectors({ config, path }: LoadedConfig<CloudConfig>, key: Uint8Array): OpenDetectors {
  const { samplingRate, detectors } = config.recheck.pictures ?? { samplingRate: 0, detectors: [] };
  const opened = detectors.map((settings) => {
    const file = path(settings.file);
    const detector = pictureLook({ ...settings, file });
    const known = settings.knownPictureFile;
    return { detector, knownPicture: known === undefined ? undefined : readFileSync(path(known)) };
  });
  return {
    pictures: createPictureSample({ detectors: opened, samplingRate, key }),
    close: async () => {
      for (const { detector } of opened) await detector.close();
    },
  };
}
