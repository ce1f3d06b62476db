import { measureKafka } from './kafka/kafka.ts';
import { count, ratio, say } from './say.ts';
import { measureVehicles } from './vehicles/distinct.ts';
import { measureHeld } from './vehicles/held.ts';

const KAFKA_CASES = [1, 2, 4].flatMap((partitions) => [
  { partitions, framesPerMessage: 1, messages: 20_000 },
  { partitions, framesPerMessage: 16, messages: 4_000 },
]);

export async function kafka(): Promise<void> {
  const measured = await measureKafka('build/bench-kafka', KAFKA_CASES);
  if (typeof measured === 'string') return say(`Kafka: not measured (${measured})`);
  say('Kafka, one broker and one worker on this machine, against an idempotent producer of the same payloads');
  for (const { partitions, framesPerMessage, bare, intake, worker } of measured)
    say(
      `  ${ratio(intake / bare)} taken in durably, ${ratio(worker / bare)} classified by one worker: ${partitions} partition(s), ` +
        `${framesPerMessage} frame(s) a message, bare ${count(bare)}, taken in ${count(intake)}, classified ${count(worker)} messages/s ` +
        `(${count(worker * framesPerMessage)} frames/s)`,
    );
}

const FLEETS = [1_000, 10_000, 100_000];
const FRAMES = 100_000;

export async function distinct(): Promise<void> {
  const [fewest, ...more] = await measureVehicles('build/bench-vehicles', FLEETS, FRAMES);
  if (fewest === undefined) return;
  say(
    `${count(fewest.frames)} frames of 300 bytes, one a message, durable and classified, by how many vehicles send them`,
  );
  for (const { vehicles, cpuUsPerFrame, framesPerSecond } of [fewest, ...more])
    say(
      `  ${ratio(cpuUsPerFrame / fewest.cpuUsPerFrame)} of what ${count(fewest.vehicles)} vehicles cost: ${count(vehicles)} vehicles, ` +
        `${cpuUsPerFrame.toFixed(1)} us of CPU a frame, ${count(framesPerSecond)} frames/s`,
    );
}

const HELD = 10_000;
const STORM = 5_000;

export async function held(): Promise<void> {
  const seen = await measureHeld('build/bench-held', HELD, STORM);
  say(
    `connections over mTLS that say nothing: ${count(seen.vehicles)} in ${seen.openSeconds.toFixed(1)} s, ${seen.kbEach.toFixed(1)} kB each, ` +
      `${seen.residentMb.toFixed(0)} MB resident; ${count(seen.storm)} of them gone and back at once: ${seen.stormSeconds.toFixed(1)} s, ` +
      `${seen.stormCpuSeconds.toFixed(1)} s of CPU of the cloud, ${count(seen.stormFailed)} attempts made again, ${seen.residentAfterMb.toFixed(0)} MB after`,
  );
}
