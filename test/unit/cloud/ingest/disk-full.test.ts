import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chanceFrom } from '../../../support/cloud/chance.ts';
import {
  type Delivery,
  expectComplete,
  expectDurable,
  makeDeliveries,
  writeDeliveries,
} from '../../../support/cloud/deliveries.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { type IngestProcess, startIngest } from '../../../support/cloud/ingest-process.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { compiledProgram } from '../../../support/compiled.ts';

const SEED = 7;
const DELIVERIES = 800;
/** What empty stores take: fifteen files with their write-ahead logs and indexes. */
const STORES_KIB = 1_800;
/** Enough for some of the deliveries. */
const ROOM_KIB = 200;

let program: string;
beforeAll(() => {
  program = compiledProgram('test/support/cloud/ingest-child.ts');
});

interface Scene {
  readonly directory: string;
  readonly deliveries: readonly Delivery[];
  readonly start: (answered: ReadonlySet<number>, wrapper?: readonly string[]) => IngestProcess;
}

function scene(directory: string): Scene {
  const devices = [testDevice(1), testDevice(2)];
  openStores(directory, devices).close();
  const deliveries = makeDeliveries(devices, DELIVERIES, chanceFrom(SEED));
  const file = join(scratchDirectory(), 'deliveries.json');
  writeDeliveries(file, deliveries);
  return {
    directory,
    deliveries,
    start: (answered, wrapper = []) => {
      const order = { directory, deliveries: file, answered: [...answered], seed: SEED, mode: 'passes' } as const;
      const child = startIngest(program, order, wrapper);
      onTestFinished(child.kill);
      return child;
    },
  };
}

/** Some was stored before the disk was full; what came after was answered with a fault, and the operator was told. */
function expectFull({ directory, deliveries }: Scene, child: IngestProcess): void {
  expect(child.done.size).toBeGreaterThan(0);
  expect(child.faults.length).toBeGreaterThan(0);
  expect(child.done.size + child.faults.length).toBe(DELIVERIES);
  expect(new Set(child.told)).toEqual(new Set(['STORE_UNAVAILABLE']));
  expectDurable(directory, deliveries, child.done);
}

/** What got a fault is sent again and is stored once, beside what had been stored before. */
async function expectRecovery({ directory, deliveries }: Scene, child: IngestProcess, before = 0): Promise<void> {
  const faults = child.faults.length;
  await child.pass();
  expect(child.faults.length, child.errors()).toBe(faults);
  expect(before + child.done.size).toBe(DELIVERIES);
  expect(await child.finish(), child.errors()).toBe(0);
  expectComplete(directory, deliveries);
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
const limited = ['prlimit', `--fsize=${ROOM_KIB * 1024}:unlimited`];

describe.skipIf(!hasPrlimit)('files that cannot grow (needs `prlimit` of util-linux)', () => {
  test('nothing is answered that is not stored, and the same process goes on once there is room', async () => {
    const full = scene(scratchDirectory());
    const child = full.start(new Set(), limited);
    await child.ready;
    await child.pass();
    expectFull(full, child);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
    await expectRecovery(full, child);
  });

  test('nothing is answered that is not stored, and a new process goes on from what is there', async () => {
    const full = scene(scratchDirectory());
    const child = full.start(new Set(), limited);
    await child.ready;
    await child.pass();
    expectFull(full, child);
    child.kill();
    await child.ended;
    const next = full.start(child.done);
    await next.ready;
    await expectRecovery(full, next, child.done.size);
  });
});

/** A tmpfs of a size that the deliveries do not fit into; undefined where this may not be done. */
function mountSmall(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-full-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${STORES_KIB + ROOM_KIB}k`, 'tmpfs', directory]).status === 0)
    return directory;
  rmdirSync(directory);
  return undefined;
}

/** Also while a process that was killed still holds a file in it. */
function unmount(directory: string): void {
  spawnSync('umount', ['--lazy', directory]);
  rmdirSync(directory);
}

const probe = mountSmall();
if (probe !== undefined) unmount(probe);

describe.skipIf(probe === undefined)('a full file system (needs the right to mount a tmpfs)', () => {
  test('nothing is answered that is not stored, and the same process goes on once there is room', async () => {
    const directory = mountSmall();
    if (directory === undefined) return expect.unreachable();
    onTestFinished(() => unmount(directory));
    const full = scene(directory);
    const child = full.start(new Set());
    await child.ready;
    await child.pass();
    expectFull(full, child);
    execFileSync('mount', ['-o', 'remount,size=64m', directory]);
    await expectRecovery(full, child);
  });
});
