import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { decodeFrame } from '../../../../proto/codec/telemetry-codec.ts';
import { chanceFrom } from '../../../support/cloud/chance.ts';
import {
  expectComplete,
  expectDurable,
  frameOf,
  makeDeliveries,
  writeDeliveries,
} from '../../../support/cloud/deliveries.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { startIngest } from '../../../support/cloud/ingest-process.ts';
import { KILL_POINTS } from '../../../support/cloud/kill-points.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { RECORDS, type RecordRow, rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const SEED = 20_261_121;
const KILLS_AT_A_MOMENT = 4;
const KILLS_AT_A_STEP = 4;
const DELIVERIES = 1_200;

let program: string;
beforeAll(() => {
  program = compiledProgram('test/support/cloud/ingest-child.ts');
});

test(`kill -9 at ${KILLS_AT_A_MOMENT} moments and ${KILLS_AT_A_STEP} steps: what was answered is stored, once`, {
  timeout: 180_000,
}, async () => {
  const directory = scratchDirectory();
  const devices = [testDevice(1), testDevice(2), testDevice(3)];
  openStores(directory, devices).close();
  const chance = chanceFrom(SEED);
  const deliveries = makeDeliveries(devices, DELIVERIES, chance);
  const file = join(scratchDirectory(), 'deliveries.json');
  writeDeliveries(file, deliveries);
  const answered = new Set<number>();
  const order = (mode: 'endless' | 'passes') => ({
    directory,
    deliveries: file,
    answered: [...answered],
    seed: chance.below(1_000_000),
    mode,
  });
  const rounds = chance.shuffled([...Array(KILLS_AT_A_MOMENT).fill('moment'), ...Array(KILLS_AT_A_STEP).fill('step')]);
  for (const [round, kind] of rounds.entries()) {
    const killAt = { point: chance.of(KILL_POINTS), count: 1 + chance.below(20) };
    const child = startIngest(program, { ...order('endless'), ...(kind === 'step' && { killAt }) });
    await child.ready;
    if (kind === 'moment') {
      await sleep(chance.below(90));
      child.kill();
    }
    expect(await child.ended, child.errors()).toBe('SIGKILL');
    expect(child.faults).toEqual([]);
    for (const index of child.done) answered.add(index);
    if (round % 4 === 0) expectDurable(directory, deliveries, answered);
  }
  // Neither nothing nor everything was answered under fire.
  expect(answered.size).toBeGreaterThan(100);
  expect(answered.size).toBeLessThan(DELIVERIES);
  expectDurable(directory, deliveries, answered);

  const last = startIngest(program, order('passes'));
  await last.ready;
  await last.pass();
  expect(await last.finish(), last.errors()).toBe(0);
  expect(answered.size + last.done.size).toBe(DELIVERIES);
  expectComplete(directory, deliveries);
  expectContents(directory);
});

/** Every row holds what its sequence stands for, however often and in whatever company it was sent. */
function expectContents(directory: string): void {
  const paths = rowsIn<{ path: string }>(directory, 'personal', 'SELECT path FROM path ORDER BY id').map(
    (row) => row.path,
  );
  const rows = rowsIn<RecordRow>(directory, 'personal', RECORDS);
  expect(rows.length).toBeGreaterThan(500);
  for (const { sequence, body } of rows) {
    const decoded = decodeFrame(body, paths);
    const content = decoded.ok ? decoded.value : undefined;
    const sent = frameOf(sequence);
    if (sent.kind === 'signals')
      expect(content).toMatchObject({ kind: 'signals', signals: [{ path: 'Vehicle.Speed', value: sequence % 400 }] });
    else expect(content).toEqual(sent);
  }
}
