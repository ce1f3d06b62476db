import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Detector } from '../../proto/imagery/detector.ts';
import { sharpCodec } from '../../proto/imagery/sharp-codec.ts';
import { treatImage } from '../../proto/imagery/treat-image.ts';
import { ok } from '../../proto/words/result.ts';
import { onnxLook } from '../adapters/onnx-look.ts';
import { cascadeLook } from '../adapters/opencv-look.ts';
import type { CloudConfig } from '../config/config.ts';
import { createPictureIntake, type PictureIntake, type TerminalImagery } from '../terminals/ingress/picture-intake.ts';

export interface OpenPictures {
  readonly intake: PictureIntake;
  readonly close: () => Promise<void>;
}

/**
 * What pictures of terminals are treated with, by the code that treats them on vehicles. Redaction asks detectors of its own,
 * of the models that look again at what vehicles redacted; without any it drops.
 *
 * @throws the system's error when a model cannot be read
 */
export function openTerminalPictures(loaded: LoadedConfig<CloudConfig>): OpenPictures {
  const imagery = imageryOf(loaded.config);
  const detectors = imagery?.treatment === 'redact' ? detectorsOf(loaded) : [];
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

function detectorsOf({ config, path }: LoadedConfig<CloudConfig>): readonly Detector[] {
  return (config.recheck.pictures?.detectors ?? []).map((settings): Detector => {
    const file = path(settings.file);
    const version = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
    const { look, close } =
      settings.kind === 'onnx' ? onnxLook({ ...settings, file }) : cascadeLook({ ...settings, file });
    const finds = settings.kind === 'onnx' ? settings.classes : [settings.finds];
    return {
      ...{ name: settings.kind, finds, close },
      detect: async (pixels) => {
        const seen = await look(pixels);
        return seen.ok ? ok({ boxes: seen.value, version }) : seen;
      },
    };
  });
}
