import { encodeFrame, type SignalFrame, type SignalReading } from '../../../proto/codec/telemetry-codec.ts';
import { SUBJECT_TAG_BYTES, type SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';

const battery = 'Vehicle.Powertrain.TractionBattery';
const vendor = 'Vehicle.Vendor.Powertrain';

/** A signal of the load, with a range that a car could have. Without one it is a flag. */
interface BenchSignal {
  readonly path: string;
  readonly range?: readonly [min: number, max: number];
}

/** Every signal the catalogue allows: the zone of personal information keeps them. */
// biome-ignore format: one signal a line
const CATALOGUED: readonly BenchSignal[] = [
  { path: 'Vehicle.Speed', range: [0, 130] },
  { path: 'Vehicle.IsMoving' },
  { path: 'Vehicle.Exterior.AirTemperature', range: [-20, 40] },
  { path: `${battery}.StateOfCharge.Current`, range: [5, 100] },
  { path: `${battery}.StateOfHealth`, range: [80, 100] },
  { path: `${battery}.CurrentVoltage`, range: [330, 400] },
  { path: `${battery}.CurrentCurrent`, range: [-200, 300] },
  { path: `${battery}.CurrentPower`, range: [-80_000, 120_000] },
  { path: `${battery}.Temperature.Average`, range: [5, 45] },
  { path: `${battery}.Temperature.Min`, range: [5, 45] },
  { path: `${battery}.Temperature.Max`, range: [5, 45] },
  { path: `${battery}.Charging.IsCharging` },
  { path: `${battery}.Charging.ChargeRate`, range: [0, 120] },
  { path: 'Vehicle.TraveledDistance', range: [0, 200_000] },
];

/** Signals that the catalogue does not know: another zone keeps them, so that each frame is stored in two files. */
// biome-ignore format: one signal a line
const UNCATALOGUED: readonly BenchSignal[] = [
  { path: 'Vehicle.Vendor.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure', range: [200, 280] },
  { path: 'Vehicle.Vendor.Chassis.Axle.Row1.Wheel.Right.Tire.Pressure', range: [200, 280] },
  { path: 'Vehicle.Vendor.Chassis.Axle.Row2.Wheel.Left.Tire.Pressure', range: [200, 280] },
  { path: 'Vehicle.Vendor.Chassis.Axle.Row2.Wheel.Right.Tire.Pressure', range: [200, 280] },
  { path: `${vendor}.Motor.Speed`, range: [0, 14_000] },
  { path: `${vendor}.Motor.Torque`, range: [-150, 300] },
  { path: `${vendor}.Motor.Temperature`, range: [20, 110] },
  { path: 'Vehicle.Vendor.Cabin.HVAC.AmbientAirTemperature', range: [15, 30] },
];

/** `frame`: the frame alone has 300 bytes. `message`: a message with one frame has 300 bytes in all. */
export type FrameSize = 'frame' | 'message';

/** What one device sends at one sequence: the same each time it is asked. */
export function benchFrame(size: FrameSize, device: number, sequence: number, epochMs: number): SignalFrame {
  const chance = chanceFrom(device * 1_000_003 + sequence);
  const chosen = size === 'frame' ? [...CATALOGUED, ...UNCATALOGUED] : CATALOGUED.slice(0, MESSAGE_SIGNALS);
  const signals = chosen.map((signal) => readingOf(signal, chance));
  return {
    kind: 'signals',
    subjectTag: tagOf(device),
    observedAt: (Math.floor(epochMs / 1_000) * 1_000 + sequence * 1_000) as Instant,
    signals,
  };
}

/** A message of 300 bytes has room for this many beside signature, steps and paths. */
const MESSAGE_SIGNALS = 2;

/** Bytes of a frame within a batch whose paths stand in a list of their own. */
export function frameBytes(frame: SignalFrame): number {
  return encodeFrame(frame, new Map()).length;
}

/** Two decimals, as a CAN signal with a scale has. */
function readingOf({ path, range }: BenchSignal, chance: () => number): SignalReading {
  if (range === undefined) return { path, value: chance() < 0.5 };
  const [min, max] = range;
  return { path, value: Math.round((min + chance() * (max - min)) * 100) / 100 };
}

function tagOf(device: number): SubjectTag {
  const tag = new Uint8Array(SUBJECT_TAG_BYTES).fill(7) as SubjectTag;
  tag[0] = device & 0xff;
  return tag;
}

/** A small generator of numbers in [0, 1); the load needs variety and no quality. */
function chanceFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
