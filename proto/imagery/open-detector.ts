import { fail, ok, type Result } from '../words/result.ts';
import type { Detection, Detector, DetectorFault, Subject } from './detector.ts';
import { type DetectorProgram, detectorThread, type ThreadAnswer } from './detector-thread.ts';
import { ONNX, type OnnxSettings } from './onnx-model.ts';
import { CASCADE } from './opencv-cascade.ts';
import type { Pixels } from './picture-codec.ts';

export interface CascadeSettings {
  /** Cascade file, such as haarcascade_frontalface_default.xml of Debian's opencv-data. */
  readonly file: string;
  readonly finds: Subject;
}

export type DetectorSettings = { readonly timeLimitMs: number } & (
  | ({ readonly kind: 'opencv-cascade' } & CascadeSettings)
  | ({ readonly kind: 'onnx' } & OnnxSettings)
);

export interface ThreadDetectorSettings {
  readonly name: string;
  readonly finds: readonly Subject[];
  readonly program: DetectorProgram;
  /** Given to the program; what can be copied to a thread. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Longest time for one picture. */
  readonly timeLimitMs: number;
}

/** Longest time a detector may take to load its code and model. */
const START_MS_MAX = 20_000;

/** What is found has to go from the picture, so that a chance hit costs a black rectangle: few neighbours. */
const NEIGHBOURS = 3;

export const THREAD_FAULTS = {
  missing: 'detector-missing',
  failed: 'detector-failed',
  late: 'detector-slow',
} as const satisfies Record<Exclude<ThreadAnswer['kind'], 'boxes'>, DetectorFault>;

/** A detector for pictures that are treated. It loads its code and model when the first picture comes. */
export function openDetector(settings: DetectorSettings): Detector {
  return settings.kind === 'onnx' ? onnxDetector(settings) : cascadeDetector(settings);
}

/**
 * A baseline: it finds faces that look into the camera, and misses most others (test/bench/RESULTS.md has its recall). The
 * package is an optional peer, and without it every picture is dropped.
 */
function cascadeDetector({ file, finds, timeLimitMs }: CascadeSettings & { readonly timeLimitMs: number }): Detector {
  const settings = { file, subject: finds, neighbours: NEIGHBOURS };
  return threadDetector({ name: 'opencv-cascade', finds: [finds], program: CASCADE, settings, timeLimitMs });
}

/** The operator's model. The package is an optional peer, and without it every picture is dropped. */
function onnxDetector({ timeLimitMs, ...settings }: OnnxSettings & { readonly timeLimitMs: number }): Detector {
  const finds = [...new Set(settings.classes)];
  return threadDetector({ name: 'onnx', finds, program: ONNX, settings, timeLimitMs });
}

/** Whether its boxes can be true is looked at where they are filled, fill-regions.ts. */
export function threadDetector({ name, finds, ...parts }: ThreadDetectorSettings): Detector {
  const thread = detectorThread({ ...parts, startMsMax: START_MS_MAX });
  const detect = async (pixels: Pixels): Promise<Result<Detection, DetectorFault>> => {
    const answer = await thread.ask(pixels);
    if (answer.kind !== 'boxes') return fail(THREAD_FAULTS[answer.kind]);
    return ok({ boxes: answer.boxes as Detection['boxes'], version: answer.version });
  };
  return { name, finds, detect, close: thread.end };
}
