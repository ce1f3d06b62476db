import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { openDetector } from '../../proto/imagery/open-detector.ts';
import { sharpCodec } from '../../proto/imagery/sharp-codec.ts';
import { treatImage } from '../../proto/imagery/treat-image.ts';
import type { CloudConfig } from '../config/config.ts';
import { createPictureIntake, type PictureIntake, type TerminalImagery } from '../terminals/ingress/picture-intake.ts';

export interface OpenPictures {
  readonly intake: PictureIntake;
  readonly close: () => Promise<void>;
}

/**
 * What pictures of terminals are treated with, by the code that treats them on vehicles. Redaction asks detectors of its own,
 * of the models that look again at what vehicles redacted; without any, or without a model that can be read, it drops.
 */
export function openTerminalPictures({ config, path }: LoadedConfig<CloudConfig>): OpenPictures {
  const imagery = imageryOf(config);
  const models = imagery?.treatment === 'redact' ? (config.recheck.pictures?.detectors ?? []) : [];
  const detectors = models.map((one) => openDetector({ ...one, file: path(one.file) }));
  const tools = { codec: sharpCodec(), detectors };
  return {
    intake: createPictureIntake(imagery, (bytes, treatment) =>
      treatImage(bytes, { treatment, platesMayStay: false }, tools),
    ),
    close: async () => {
      for (const detector of detectors) await detector.close();
    },
  };
}

function imageryOf({ terminals }: CloudConfig): TerminalImagery | undefined {
  const imagery = terminals?.jt808?.imagery;
  if (imagery === undefined) return undefined;
  return {
    treatment: imagery.treatment,
    intervalMs: imagery.intervalSeconds * 1_000,
    exterior: new Map(imagery.exterior.map(({ channel, camera }) => [channel, CAMERA_LABELS[camera]])),
  };
}
