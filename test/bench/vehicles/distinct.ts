import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import { assert } from '../../../proto/words/result.ts';
import { answered } from './answered.ts';
import { keptKeys } from './kept-keys.ts';
import type { KnownOrder, RoundReport } from './known.ts';

/** What a frame costs when so many vehicles are known and send. */
export interface VehiclesFigure {
  readonly vehicles: number;
  /** Of them, those whose frames were measured. */
  readonly senders: number;
  /** Of one round. */
  readonly frames: number;
  /** CPU time of all threads, microseconds: of the round in the middle. */
  readonly cpuUsPerFrame: number;
  readonly framesPerSecond: number;
}

/** The first is where the engine compiles; nobody measures it. An even number of others would have no middle. */
const ROUNDS = 8;

/**
 * Frames of 300 bytes, one a message, through verification, recheck, classification and durable stores; the network left out.
 * Every case has the same number of frames, of vehicles that lie evenly in the whole fleet, and of each vehicle of the fleet
 * a frame is in the stores before: so only how many vehicles there are differs, and none pays for being new. Each case is a
 * process of its own, and they take turns, a round each: what else the machine does falls on all of them.
 *
 * @param directory - emptied; the keys lie beside it, and are kept
 */
export async function measureVehicles(
  directory: string,
  fleets: readonly number[],
  frames: number,
): Promise<readonly VehiclesFigure[]> {
  const keys = `${directory}-keys`;
  keptKeys(keys, Math.max(...fleets));
  const cases = await Promise.all(
    fleets.map((vehicles) =>
      begin({ directory: join(directory, String(vehicles)), keys, vehicles, frames, rounds: ROUNDS }),
    ),
  );
  const seen: RoundReport[][] = cases.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, child] of cases.entries()) seen[at]?.push(await roundOf(child));
  }
  for (const child of cases) child.send('stop');
  return fleets.map((vehicles, at) => {
    const [, ...rounds] = seen[at] ?? [];
    const middle = rounds.sort((a, b) => a.cpuUs - b.cpuUs)[Math.floor(rounds.length / 2)];
    assert(middle !== undefined, 'there are rounds');
    const { senders, frames: sent, cpuUs, seconds } = middle;
    return { vehicles, senders, frames: sent, cpuUsPerFrame: cpuUs / sent, framesPerSecond: sent / seconds };
  });
}

async function begin(order: KnownOrder): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('known.js', import.meta.url)), [], { execArgv: [...CLOUD_FLAGS] });
  child.send(order);
  await answered(child);
  return child;
}

function roundOf(child: ChildProcess): Promise<RoundReport> {
  const report = answered<RoundReport>(child);
  child.send('round');
  return report;
}
