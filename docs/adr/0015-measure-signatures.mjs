// Prints the figures of 0015-one-signature-a-batch.md: `make build && node docs/adr/0015-measure-signatures.mjs`.
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { encodeSealedBatch } from '../../dist/proto/codec/telemetry-codec.js';

const ROUND_MS = 1_000;
const ROUNDS = 5;

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const options = { dsaEncoding: 'ieee-p1363' };
const message = randomBytes(8_192);
const signature = sign('sha256', message, { key: privateKey, ...options });
const frame = {
  kind: 'signals',
  subjectTag: new Uint8Array(16),
  observedAt: 1_767_225_600_000,
  signals: [{ path: 'Vehicle.Speed', value: 42.5 }],
};
const batch = { epoch: 1, firstSequence: 0, policyId: 'measure', policyVersion: 1, steps: [], removals: [], drops: [] };
const encode = (frames) => encodeSealedBatch({ ...batch, frames });

const measured = {
  'sign 8 KiB': () => sign('sha256', message, { key: privateKey, ...options }),
  'verify 8 KiB': () => verify('sha256', message, { key: publicKey, ...options }, signature),
  'encode a batch of 50 frames': () => encode(Array(50).fill(frame)),
};

const times = new Map(Object.keys(measured).map((name) => [name, []]));
// In turns, so that whatever else the machine does weighs on all of them alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(measured)) times.get(name).push(microsecondsOf(work));
}
for (const [name, all] of times) {
  process.stdout.write(`${all.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)].toFixed(0)} us  ${name}\n`);
}
process.stdout.write(
  `${encode([frame, frame]).length - encode([frame]).length} bytes  one more frame of one signal in a batch\n`,
);

function microsecondsOf(work) {
  const started = performance.now();
  let done = 0;
  for (; performance.now() - started < ROUND_MS; done += 1) work();
  return ((performance.now() - started) / done) * 1_000;
}
