import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { acknowledgeAll, createRig, feedSpeeds, type Rig, speedFrame, speedsIn } from '../../support/edge/agent-rig.ts';
import { later, MORNING } from '../../support/edge/candidates.ts';
import { policyOf, SPEED } from '../../support/edge/policies.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';

const MIB = 1_048_576;

/** A file system of so many MiB; the test is skipped, and says so, where mounting is not allowed. */
function smallDisk(context: TestContext, mib: number): string {
  const directory = join(tempDirectory(), 'state');
  mkdirSync(directory);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', directory]).status === 0;
  context.skip(!mounted, 'mounting a small file system takes root');
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
}

/** Takes what is left of a disk, but for so many bytes. */
function fill(directory: string, leave: number): string {
  const filler = join(directory, 'filler');
  const free = Number(execFileSync('df', ['--output=avail', '-B1', directory], { encoding: 'utf8' }).split('\n')[1]);
  writeFileSync(filler, new Uint8Array(Math.max(0, free - leave)));
  return filler;
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** How many frames the cloud's word took out of the spool. */
function acknowledgedOf(rig: Rig): number {
  const before = rig.spool.status().framesWaiting;
  acknowledgeAll(rig);
  return before - rig.spool.status().framesWaiting;
}

function rigOn(directory: string): Rig {
  const rig = createRig({ file: join(directory, 'agent.db') });
  rig.agent.usePolicy(policyOf({ allowedPaths: new Set([SPEED]) }));
  return rig;
}

/** Speeds that no compression makes small, each another. */
const noiseOf = (index: number): number => Math.abs(Math.sin(index + 1)) * 200;

describe('a full disk', () => {
  test('others fill it: frames wait, nothing that was stored is lost, and all is sealed once there is space', (context) => {
    const directory = smallDisk(context, 12);
    const rig = rigOn(directory);
    feedSpeeds(rig, 500, 0);
    rig.agent.flush();
    const filler = fill(directory, 0);
    feedSpeeds(rig, 700, 500);
    rig.agent.flush();
    expect(new Set(rig.faults)).toEqual(new Set(['SPOOL_UNAVAILABLE']));
    expect(speedsIn(rig)).toEqual(upTo(500));
    rig.agent.flush();
    rmSync(filler);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual(upTo(1_200));
    expect(rig.agent.removals()).toEqual({});
    expect(acknowledgedOf(rig)).toBe(1_200);
  });

  test('it gets full under the spool’s own hands: an append that fails half-way leaves what was there, whole', (context) => {
    const directory = smallDisk(context, 12);
    const rig = rigOn(directory);
    feedSpeeds(rig, 500, 0);
    rig.agent.flush();
    // Enough for the spool to try, and not enough to finish.
    const filler = fill(directory, 4 * MIB + 40_000);
    let stored = 500;
    for (let round = 0; round < 40 && rig.faults.length === 0; round += 1) {
      feedSpeeds(rig, 400, stored);
      rig.agent.flush();
      if (rig.faults.length === 0) stored += 400;
    }
    expect(rig.faults[0]).toBe('SPOOL_UNAVAILABLE');
    expect(speedsIn(rig)).toEqual(upTo(stored));
    expect(rig.database.pragma('integrity_check', { simple: true })).toBe('ok');
    rmSync(filler);
    rig.agent.flush();
    expect(speedsIn(rig)).toEqual(upTo(stored + 400));
  });

  test('the spool itself fills it: acknowledgements still go through, and empty it', (context) => {
    const rig = rigOn(smallDisk(context, 10));
    let next = 0;
    while (rig.faults.length === 0 && next < 800_000) {
      for (const last = next + 2_000; next < last; next += 1)
        rig.agent.take(speedFrame(later(MORNING, next * 1_000), noiseOf(next)));
    }
    expect(rig.faults[0]).toBe('SPOOL_UNAVAILABLE');
    const waiting = rig.spool.status().framesWaiting;
    expect(waiting).toBeGreaterThan(10_000);
    expect(acknowledgedOf(rig)).toBe(waiting);
    rig.agent.flush();
    expect(rig.spool.status().framesWaiting).toBeGreaterThan(0);
    expect(speedsIn(rig)[0]).toBe(noiseOf(waiting));
  });

  test('a restart on a full disk starts with everything that was stored', (context) => {
    const directory = smallDisk(context, 12);
    const first = rigOn(directory);
    feedSpeeds(first, 900, 0);
    first.agent.flush();
    first.database.close();
    fill(directory, 0);
    const second = rigOn(directory);
    expect(speedsIn(second)).toEqual(upTo(900));
    feedSpeeds(second, 10, 900);
    second.agent.flush();
    expect(second.faults).toContain('SPOOL_UNAVAILABLE');
  });

  test('without root: a file that may not grow is a full disk too', (context) => {
    const rig = rigOn(tempDirectory());
    feedSpeeds(rig, 500, 0);
    rig.agent.flush();
    const limit = (bytes: string) =>
      spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]).status === 0;
    context.skip(!limit('200000'), 'there is no prlimit');
    try {
      for (let round = 0; round < 20 && rig.faults.length === 0; round += 1) {
        feedSpeeds(rig, 500, 500 + round * 500);
        rig.agent.flush();
      }
    } finally {
      limit('unlimited');
    }
    expect(rig.faults[0]).toBe('SPOOL_UNAVAILABLE');
    const stored = speedsIn(rig);
    expect(stored).toEqual(upTo(stored.length));
    rig.agent.flush();
    expect(speedsIn(rig).length).toBeGreaterThan(stored.length);
    expect(speedsIn(rig)).toEqual(upTo(speedsIn(rig).length));
    expect(rig.agent.removals()).toEqual({});
  });
});
