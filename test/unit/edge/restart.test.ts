import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { EdgeConfig } from '../../../edge/config.ts';
import { readIdentity } from '../../../edge/identity.ts';
import { runAgent } from '../../../edge/run-agent.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { fixesOf } from '../../support/edge/itinerary.ts';
import { degreesOfPosition } from '../../support/edge/map.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

const clock = { now: () => Date.UTC(2026, 6, 1) as Instant };

/** One life of an agent: it reads these lines and stops. */
async function live(directory: string, lines: readonly string[]): Promise<void> {
  const config = readConfig(EdgeConfig, await writeOnce(directory), 'edge', {
    TONGGUAN_EDGE__SOURCE: '{kind: stdin}',
  });
  if (!config.ok) throw new Error('the configuration is good');
  const identity = readIdentity(config.value, clock);
  if (!identity.ok) throw new Error(identity.fault.code);
  await new Promise<void>((resolve) => {
    const around = {
      clock,
      chance: () => 0.5,
      stdin: Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(''))]),
      onFault: () => undefined,
      sealTo: directory,
      // Once the uplink has said that it is connected: it is not to find the spool closed.
      onEnd: () =>
        setTimeout(() => void started.then((agent) => (agent.ok ? agent.value.stop() : undefined)).then(resolve), 50),
    };
    const started = runAgent(config.value, identity.value, around);
  });
}

const written = new Map<string, Promise<string>>();

function writeOnce(directory: string): Promise<string> {
  const made = written.get(directory) ?? writeVehicleFiles(directory);
  written.set(directory, made);
  return made;
}

test('an agent that is started anew in mid-drive publishes the whole trip, once', async () => {
  const directory = tempDirectory();
  const fixes = fixesOf({ from: [0, 0], at: MORNING }, [{ go: [15_000, 0] }]).map(({ at, position }) =>
    JSON.stringify({ kind: 'fix', at: new Date(at).toISOString(), ...degreesOfPosition(position) }),
  );
  const end = JSON.stringify({ kind: 'clock', at: new Date(later(MORNING, 7_200_000)).toISOString() });
  await live(directory, fixes.slice(0, 60));
  await live(directory, fixes.slice(60));
  await live(directory, [end]);
  await live(directory, [end]);
  const database = openAgentDatabase(join(directory, 'agent.db'));
  const spools = sqliteSpools(database, { maxSize: 1_000_000, strategyOnFull: 'RejectNewData' });
  const held = spools.of.statistics.due(later(MORNING, 365 * 86_400_000), 10).map(({ frame }) => frame.content);
  // 15 km are in [8, 16), 17 minutes in [10, 20).
  expect(held).toEqual([{ kind: 'trip', localDate: 20_200_718, distanceClass: 5, durationClass: 2 }]);
  database.close();
});
