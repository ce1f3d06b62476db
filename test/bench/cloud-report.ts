import { spawnSync } from 'node:child_process';
import { CLOUD_FLAGS } from '../../bin/cloud-flags.ts';
import { measureKafka } from './kafka/kafka.ts';
import { count, ratio, say } from './say.ts';
import { measureVehicles } from './vehicles/distinct.ts';
import { measureHeld } from './vehicles/held.ts';

/** Runs a part in a process with the engine's settings of `tongguan cloud`. @returns true in that process */
function asTheCloud(part: string): boolean {
  const isSo = CLOUD_FLAGS.every((flag) => process.execArgv.includes(flag));
  if (isSo) return true;
  const { status } = spawnSync(process.execPath, [...CLOUD_FLAGS, process.argv[1] ?? '', '--only', part], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`the part ${part} ended with ${status}`);
  return false;
}

const KAFKA_CASES = [1, 2, 4].flatMap((partitions) => [
  { partitions, framesPerMessage: 1, messages: 20_000 },
  { partitions, framesPerMessage: 16, messages: 4_000 },
  { partitions, framesPerMessage: 64, messages: 5_000 },
]);

export async function kafka(): Promise<void> {
  if (!asTheCloud('kafka')) return;
  const measured = await measureKafka('build/bench-kafka', KAFKA_CASES);
  if (typeof measured === 'string') return say(`Kafka: not measured (${measured})`);
  say('Kafka, one broker and one worker on this machine, against an idempotent producer of the same payloads');
  for (const { partitions, framesPerMessage, bare, intake, worker, embedded, checked } of measured)
    say(
      `  ${ratio(intake / bare)} taken in durably, ${ratio(worker / bare)} classified by one worker, ${ratio(embedded / bare)} classified without Kafka: ${partitions} partition(s), ` +
        `${framesPerMessage} frame(s) a message, bare ${count(bare)}, taken in ${count(intake)}, classified ${count(worker)} messages/s ` +
        `(${count(intake * framesPerMessage)} and ${count(worker * framesPerMessage)} frames/s); to verify and decode alone: ${ratio(checked / bare)} of it by one core, ${count(checked)} messages/s`,
    );
}

const FLEETS = [1_000, 10_000, 100_000];
/** Of a round. */
const FRAMES = 10_000;

export async function distinct(): Promise<void> {
  const [fewest, ...more] = await measureVehicles('build/bench-vehicles', FLEETS, FRAMES);
  if (fewest === undefined) return;
  say(
    `${count(fewest.frames)} frames of 300 bytes a round, one a message, durable and classified, by how many vehicles are known; each sent one before; rounds in turn, the middle of seven`,
  );
  for (const { vehicles, senders, cpuUsPerFrame, framesPerSecond } of [fewest, ...more])
    say(
      `  ${ratio(cpuUsPerFrame / fewest.cpuUsPerFrame)} of what ${count(fewest.vehicles)} vehicles cost: ${count(vehicles)} vehicles, frames of ${count(senders)}, ` +
        `${cpuUsPerFrame.toFixed(1)} us of CPU a frame, ${count(framesPerSecond)} frames/s`,
    );
}

/** At rest the whole of it takes some two minutes; the limits are for a machine that has other work. */
const HELD = {
  ...{ vehicles: 10_000, vehiclesOfTls: 4_000, storm: 5_000 },
  ...{ fleetMsMax: 60_000, openMsMax: 120_000, stormMsMax: 60_000 },
};

export async function held(): Promise<void> {
  const seen = await measureHeld('build/bench-held', HELD);
  say(
    'connections over mTLS that say nothing; what each of them holds is how memory after a collection grows with their number',
  );
  for (const [name, one] of [
    ['the cloud', seen.cloud],
    ['TLS of Node alone', seen.tls],
  ] as const)
    say(
      `  ${ratio(one.residentKb / seen.tls.residentKb)} of TLS alone: ${name}, ${one.residentKb.toFixed(1)} kB each, of them ` +
        `${one.heapKb.toFixed(1)} of objects; ${count(one.held)} held, opened in ${one.openSeconds.toFixed(1)} s, ${one.residentMb.toFixed(0)} MB resident`,
    );
  say(
    `  ${count(seen.storm)} of them gone and back at once: ${count(seen.stormBack)} in ${seen.stormSeconds.toFixed(1)} s, ${seen.stormCpuSeconds.toFixed(1)} s of CPU of the cloud, ` +
      `${count(seen.stormFailed)} attempts made again, ${seen.residentAfterMb.toFixed(0)} MB after`,
  );
  const { elsewhere } = seen;
  if (elsewhere === undefined) return say('  behind a broker: not measured, mosquitto is missing (Debian: mosquitto)');
  say(
    `  behind mosquitto, which takes ${elsewhere.otherKb.toFixed(1)} kB each: the cloud ${elsewhere.residentKb.toFixed(1)} kB for each vehicle that has said a frame, ` +
      `${elsewhere.heapKb.toFixed(1)} of objects; ${count(elsewhere.held)} held, opened in ${elsewhere.openSeconds.toFixed(1)} s, ${elsewhere.residentMb.toFixed(0)} MB resident`,
  );
}
