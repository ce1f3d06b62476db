import { generateKeyPairSync } from 'node:crypto';
import type { ActivePolicy } from '../../../edge/policy/policy-bundle.ts';
import { sealBatch } from '../../../edge/sealer.ts';
import type { SealedFrame } from '../../../edge/stages/inspect.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import { runStages } from '../../../edge/stages/run-stages.ts';
import { POSITION_PRESETS, TAG_ROTATIONS } from '../../../proto/codec/control-codec.ts';
import type { RawFrame } from '../../../proto/words/raw-frame.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';
const ALLOWED = ['StateOfCharge.Current', 'StateOfHealth', 'CurrentVoltage', 'CurrentCurrent', 'Temperature.Average']
  .map((name) => `${battery}.${name}`)
  .concat('Vehicle.Speed', 'Vehicle.IsMoving');
const NOT_ALLOWED = [
  'Vehicle.TraveledDistance',
  'Vehicle.CurrentLocation.Latitude',
  'Vehicle.VehicleIdentification.VIN',
];

const policy = {
  id: 'bench',
  version: 1,
  expiresAt: Number.MAX_SAFE_INTEGER as Instant,
  allowedPaths: new Set(ALLOWED),
  preset: POSITION_PRESETS.strict,
  tagRotation: TAG_ROTATIONS.daily,
} as unknown as ActivePolicy;

const tag = new Uint8Array(16).fill(5) as SubjectTag;
const START = Date.UTC(2026, 0, 1);

/** One frame of ten signals, seven of them allowed, and every tenth frame a fix. */
export function rawFrames(count: number): readonly RawFrame[] {
  return Array.from({ length: count }, (_, at): RawFrame => {
    const time = (START + at * 1_000) as Instant;
    if (at % 10 === 9) return { kind: 'fix', at: time, latitude: 31.2 + (at % 1_000) * 1e-4, longitude: 121.4 };
    const signals: Record<string, number | boolean | string> = {};
    for (const [index, path] of ALLOWED.entries())
      signals[path] = path.endsWith('IsMoving') ? true : 20 + index + (at % 50) / 10;
    for (const path of NOT_ALLOWED) signals[path] = path.endsWith('VIN') ? 'NONE' : 31.27908;
    return { kind: 'signals', at: time, signals };
  });
}

/** Frames a second through all stages and the inspection, on one core. */
export function stagesPerSecond(frames: readonly RawFrame[]): {
  readonly perSecond: number;
  readonly sealed: readonly SealedFrame[];
} {
  const places = { marginAt: () => 500 };
  const stages = stagesFor(policy, { tagAt: () => tag, places, chance: () => 0.5 });
  const sealed: SealedFrame[] = [];
  const started = performance.now();
  for (const frame of frames) for (const one of runStages(stages, policy, frame, ignore)) sealed.push(one);
  return { perSecond: (frames.length / (performance.now() - started)) * 1_000, sealed };
}

const ignore = (): void => undefined;

/** The baseline of the same run: the same frames, parsed from JSON and written as JSON again. */
export function jsonPerSecond(frames: readonly RawFrame[]): number {
  const lines = frames.map((frame) => JSON.stringify(frame));
  let bytes = 0;
  const started = performance.now();
  for (const line of lines) bytes += JSON.stringify(JSON.parse(line)).length;
  const perSecond = (frames.length / (performance.now() - started)) * 1_000;
  if (bytes === 0) throw new Error('nothing was written');
  return perSecond;
}

/** Bytes of a frame on the wire in signed batches of a size, against the same content as one JSON message a frame. */
export function wireBytes(
  sealed: readonly SealedFrame[],
  size: number,
): { readonly batch: number; readonly json: number } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signals = sealed.filter(({ content }) => content.kind === 'signals').slice(0, size);
  const header = { epoch: 2 ** 47, firstSequence: 1_000_000, policy, steps: [], removals: [], drops: [] };
  const json = signals.map(({ content }) =>
    content.kind === 'signals'
      ? JSON.stringify({
          tag: '05'.repeat(16),
          at: content.observedAt,
          signals: Object.fromEntries(content.signals.map(({ path, value }) => [path, value])),
        })
      : '',
  );
  return {
    batch: sealBatch(header, signals, privateKey).bytes.length / size,
    json: json.reduce((total, text) => total + text.length, 0) / size,
  };
}
