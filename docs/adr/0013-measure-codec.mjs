// Prints the figures of 0013-codec-by-reflection.md: `make build && node docs/adr/0013-measure-codec.mjs`.
// One core, one process. Rates are of frames, in batches as a vehicle seals them.
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { decodeSealedBatch, encodeSealedBatch } from '../../dist/proto/codec/telemetry-codec.js';

const FRAMES = 50;
const ROUND_MS = 1_000;
const ROUNDS = 5;

const paths = ['Speed', 'IsMoving', 'Powertrain.TractionBattery.StateOfCharge.Current', 'Exterior.AirTemperature'];
const frames = Array.from({ length: FRAMES }, (_, index) => ({
  kind: 'signals',
  subjectTag: new Uint8Array(16).fill(index),
  observedAt: 1_767_225_600_000 + index * 10_000,
  signals: paths.map((path, place) => ({
    path: `Vehicle.${path}`,
    value: place === 1 ? index % 2 === 0 : index + place / 8,
  })),
}));
const batch = {
  epoch: 1,
  firstSequence: 0,
  policyId: 'measure',
  policyVersion: 1,
  steps: [{ stage: 'tag-subject', parameters: 'time-floor-s=1' }],
  removals: [],
  drops: [],
  frames,
};
const bytes = encodeSealedBatch(batch);

const root = new protobuf.Root();
protobuf.parse(readFileSync(new URL('../../proto/schema/telemetry.proto', import.meta.url), 'utf8'), root);
const plain = root.lookupType('tongguan.v1.SealedBatch');
const json = JSON.stringify(batch);

const measured = {
  'encode, limits checked': () => encodeSealedBatch(batch),
  'decode, strict: limits checked, encoded again and compared': () => decodeSealedBatch(bytes),
  'decode by the library alone': () => plain.decode(bytes),
  'JSON.stringify of the same': () => JSON.stringify(batch),
  'JSON.parse of the same': () => JSON.parse(json),
};

const rates = new Map(Object.keys(measured).map((name) => [name, []]));
// In turns, so that whatever else the machine does weighs on all of them alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(measured)) rates.get(name).push(rateOf(work));
}
const medians = new Map([...rates].map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]]));
const base = medians.get('decode by the library alone');

print(
  `${FRAMES} frames of ${paths.length} signals: ${bytes.length} bytes, ${json.length} as JSON; Node ${process.versions.node}`,
);
for (const [name, rate] of medians) {
  print(`${(rate / base).toFixed(2)}  ${Math.round(rate / 1_000)},000 frames/s  ${name}`);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function rateOf(work) {
  for (let warm = 0; warm < 200; warm += 1) work();
  const started = performance.now();
  let done = 0;
  while (performance.now() - started < ROUND_MS) {
    for (let round = 0; round < 10; round += 1) work();
    done += 10 * FRAMES;
  }
  return (done / (performance.now() - started)) * 1_000;
}
