import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RESUME_WAIT_MS } from '../../../../cloud/emergency/resume-exports.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { Killed, row } from '../../../support/cloud/approval-gate.ts';
import { emergencyWorld, RESUMERS } from '../../../support/cloud/emergency-world.ts';

const stoppedWorld = () => {
  const world = emergencyWorld();
  world.stop();
  return world;
};
const code = (outcome: { readonly ok: boolean; readonly fault?: { readonly code: string } }) => outcome.fault?.code;

test('two different persons resume; one is not enough, and a restart keeps what the first one said', () => {
  const world = stoppedWorld();
  expect(world.resume('bob')).toMatchObject({ value: { state: 'waiting', approvals: 1 } });
  world.restart();
  expect([existsSync(world.mark), world.inForce() !== undefined]).toEqual([true, true]);
  expect(world.resume('carol')).toMatchObject({ value: { state: 'resumed', approvals: 2 } });
  expect([existsSync(world.mark), world.inForce()]).toEqual([false, undefined]);
  expect(world.kinds()).toEqual(['emergency-stop', 'emergency-resume', 'emergency-resume', 'emergency-resumed']);
  expect(world.codes()).toEqual(['EMERGENCY_STOPPED', 'EMERGENCY_RESUMED']);
  expect(world.permits.size).toBe(0);
});

test.each([
  ['the same person', 'bob', 'EMERGENCY_SAME_PERSON'],
  ['the same person under another account and spelling', 'bob-2', 'EMERGENCY_SAME_PERSON'],
  ['who may not', 'alice', 'APPROVAL_AUTHORITY'],
  ['nobody whom the profile knows', 'mallory', 'APPROVAL_ACCOUNT'],
])('%s is refused, logged and alerted', (_, by, expected) => {
  const world = stoppedWorld();
  world.resume('bob');
  expect(code(world.resume(by))).toBe(expected);
  expect(world.operations.at(-1)).toMatchObject({
    kind: 'emergency-resume-refused',
    actor: by,
    document: { code: expected },
  });
  expect(world.alerts.at(-1)?.document).toMatchObject({ code: 'EMERGENCY_RESUME_REFUSED', because: expected });
  expect(world.inForce()).toBeDefined();
});

test('a role given after the stop counts for nothing, and one taken strikes out what was given under it', () => {
  const world = stoppedWorld();
  world.world.matrix = [...RESUMERS, row('eve', 'p-eve', 'resume')];
  expect(code(world.resume('eve'))).toBe('EMERGENCY_ROLE_CHANGED');
  world.resume('bob');
  world.world.matrix = RESUMERS.filter(({ account }) => account !== 'bob');
  expect(world.resume('carol')).toMatchObject({ value: { state: 'waiting', approvals: 1 } });
});

test('without a profile at the stop, the first one after it says who may', () => {
  const world = emergencyWorld();
  world.world.matrix = undefined;
  world.stop();
  expect(code(world.resume('bob'))).toBe('APPROVAL_NO_PROFILE');
  world.world.matrix = RESUMERS;
  world.look();
  world.world.matrix = [...RESUMERS, row('eve', 'p-eve', 'resume')];
  expect(code(world.resume('eve'))).toBe('EMERGENCY_ROLE_CHANGED');
  world.resume('bob');
  expect(world.resume('dora')).toMatchObject({ value: { state: 'resumed' } });
});

test.each([
  ['one millisecond before its time', RESUME_WAIT_MS - 1, 'resumed'],
  ['at its time', RESUME_WAIT_MS, 'waiting'],
  ['before it was given, by a clock set back', -1, 'waiting'],
])("the first person's word, %s: %s ms", (_, ms, state) => {
  const world = stoppedWorld();
  world.resume('bob');
  world.world.now = (world.world.now + ms) as Instant;
  expect(world.resume('carol')).toMatchObject({ value: { state } });
});

test('a word that was written into the record and not into the log lifts nothing', () => {
  const world = stoppedWorld();
  const file = join(world.directory, 'emergency-stop.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as object;
  const forged = (account: string, person: string, logIndex: number) => ({
    account,
    person,
    at: world.world.now,
    logIndex,
  });
  writeFileSync(
    file,
    JSON.stringify({ ...record, approvals: [forged('bob', 'p-bob', 0), forged('carol', 'p-carol', 7)] }),
  );
  world.restart();
  expect([world.inForce() !== undefined, existsSync(world.mark)]).toEqual([true, true]);
});

test('nothing to resume is told, and a log that takes nothing lifts nothing', () => {
  expect(code(emergencyWorld().resume('bob'))).toBe('EMERGENCY_NOT_STOPPED');
  const world = stoppedWorld();
  world.resume('bob');
  world.world.isFull = true;
  expect(code(world.resume('carol'))).toBe('LOG_UNAVAILABLE');
  expect(world.inForce()).toBeDefined();
});

test('killed at any step of the second word, exports go on only under two words in the log, and the stop holds else', () => {
  const whole = stoppedWorld();
  whole.resume('bob');
  const before = whole.writes();
  whole.resume('carol');
  for (let killAt = before; killAt <= whole.writes(); killAt += 1) {
    const world = stoppedWorld();
    world.resume('bob');
    world.world.killAt = killAt;
    try {
      world.resume('carol');
    } catch (cause) {
      expect(cause).toBeInstanceOf(Killed);
    }
    world.restart();
    if (world.inForce() !== undefined) expect(world.resume('dora')).toMatchObject({ value: { state: 'resumed' } });
    const words = world.operations.filter(({ kind }) => kind === 'emergency-resume').map(({ actor }) => actor);
    expect([killAt, new Set(words).size >= 2, world.kinds().includes('emergency-resumed')]).toEqual([
      killAt,
      true,
      true,
    ]);
    expect([world.inForce(), existsSync(world.mark)]).toEqual([undefined, false]);
  }
});
