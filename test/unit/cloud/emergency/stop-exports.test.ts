import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stopMarkFiles } from '../../../../cloud/adapters/stop-mark-files.ts';
import { Killed } from '../../../support/cloud/approval-gate.ts';
import { emergencyWorld } from '../../../support/cloud/emergency-world.ts';

const STOPPED_KINDS = ['emergency-stop'];

test('a stop is logged, alerted, marked, its permits withdrawn and its incident entered', () => {
  const world = emergencyWorld();
  expect(world.inForce()).toBeUndefined();
  const stopped = world.stop();
  expect(stopped).toMatchObject({
    ok: true,
    value: { faults: [], record: { isMarked: true, isAlerted: true, hasIncident: true } },
  });
  expect(JSON.parse(readFileSync(world.mark, 'utf8'))).toMatchObject({
    stop: 1,
    by: 'alice',
    reason: 'a parcel went astray',
  });
  expect(readdirSync(join(world.directory, 'border', 'outbox'))).toEqual(['STOP']);
  expect([world.kinds(), world.codes()]).toEqual([STOPPED_KINDS, ['EMERGENCY_STOPPED']]);
  expect([world.permits.size, world.incidents.size]).toEqual([0, 1]);
});

test('the log comes before the mark', () => {
  const world = emergencyWorld();
  world.world.killAt = 3;
  expect(() => world.stop()).not.toThrow();
  // Remembered, logged, that noted; everything after it failed.
  expect([world.kinds(), existsSync(world.mark)]).toEqual([STOPPED_KINDS, false]);
});

test('killed at any step, a stop that was begun is whole after a restart', () => {
  const whole = emergencyWorld();
  whole.stop();
  const steps = whole.writes();
  expect(steps).toBeGreaterThan(8);
  for (let killAt = 1; killAt <= steps; killAt += 1) {
    const world = emergencyWorld();
    world.world.killAt = killAt;
    // A kill ends everything; here later steps are tried and fail too.
    try {
      world.stop();
    } catch (cause) {
      expect(cause).toBeInstanceOf(Killed);
    }
    world.restart();
    expect([killAt, world.inForce() !== undefined, existsSync(world.mark)]).toEqual([killAt, true, true]);
    expect([world.permits.size, world.incidents.size]).toEqual([0, 1]);
    expect(new Set(world.kinds())).toEqual(new Set(STOPPED_KINDS));
    expect(world.codes()).toContain('EMERGENCY_STOPPED');
    world.restart();
    expect(world.kinds().length).toBeLessThanOrEqual(2);
  }
});

test('a log that takes nothing stops no stop, and takes it when it can', () => {
  const world = emergencyWorld();
  world.world.isFull = true;
  const stopped = world.stop();
  expect(stopped).toMatchObject({
    ok: true,
    value: { record: { isMarked: true }, faults: [{ code: 'LOG_UNAVAILABLE' }, {}] },
  });
  expect([existsSync(world.mark), world.permits.size, world.kinds()]).toEqual([true, 0, []]);
  expect(world.resume('bob')).toMatchObject({ ok: false, fault: { code: 'EMERGENCY_UNLOGGED' } });
  world.world.isFull = false;
  world.look();
  expect([world.kinds(), world.codes()]).toEqual([STOPPED_KINDS, ['EMERGENCY_STOPPED']]);
});

test('a disk that takes no record stops no stop', () => {
  const world = emergencyWorld();
  mkdirSync(join(world.directory, 'emergency-stop.json.tmp'));
  expect(world.stop().ok).toBe(true);
  for (let looks = 0; looks < 5; looks += 1) world.look();
  expect([existsSync(world.mark), world.kinds()]).toEqual([true, STOPPED_KINDS]);
  rmSync(join(world.directory, 'emergency-stop.json.tmp'), { recursive: true });
  world.restart();
  expect(world.inForce()).toBeDefined();
});

test('a mark that was written past the cloud is noticed: logged with its words, alerted, permits withdrawn', () => {
  const world = emergencyWorld();
  const note = { id: 'stop-20260302-cafe0000', at: world.world.now, by: 'night-shift', reason: 'cloud was down' };
  stopMarkFiles(join(world.directory, 'border')).write(note);
  world.restart();
  expect(world.operations[0]).toMatchObject({
    actor: 'night-shift',
    document: { stop: note.id, source: 'mark', reason: 'cloud was down' },
  });
  expect([world.permits.size, world.incidents.has(note.id)]).toEqual([0, true]);
});

test.each([
  ['an empty file in the outbox', 'outbox/STOP', ''],
  ['an empty mark', 'emergency-stop', ''],
  ['a mark that holds anything', 'emergency-stop', '{"id":"x","at":"no"}'],
])('%s is a stop too', (_, name, content) => {
  const world = emergencyWorld();
  writeFileSync(join(world.directory, 'border', name), content);
  expect(world.inForce()).toBeDefined();
  world.look();
  expect([world.kinds(), world.permits.size]).toEqual([STOPPED_KINDS, 0]);
});

test('a record that nobody can read is a stop', () => {
  const world = emergencyWorld();
  writeFileSync(join(world.directory, 'emergency-stop.json'), '{');
  expect(world.inForce()).toBe('unknown');
  world.look();
  expect([existsSync(world.mark), world.kinds()]).toEqual([true, STOPPED_KINDS]);
});

test('a mark that somebody takes away is put back, and that is alerted', () => {
  const world = emergencyWorld();
  world.stop();
  rmSync(world.mark);
  rmSync(join(world.directory, 'border', 'outbox', 'STOP'));
  expect(world.inForce()).toBeDefined();
  world.look();
  expect([existsSync(world.mark), world.codes()]).toEqual([true, ['EMERGENCY_STOPPED', 'EMERGENCY_MARK_REMOVED']]);
  expect(world.kinds()).toEqual([...STOPPED_KINDS, 'emergency-mark-restored']);
});

test('a reason that a log must not hold stops all the same, without the reason', () => {
  const world = emergencyWorld();
  expect(world.stop('see LSVAA4182E2184847 \n at once').ok).toBe(true);
  expect(JSON.stringify([world.operations, readFileSync(world.mark, 'utf8')])).not.toContain('LSVAA4182E2184847');
});

test('without a border directory the caller is told that nothing was stopped, and how to', () => {
  const world = emergencyWorld();
  rmSync(join(world.directory, 'border'), { recursive: true });
  expect(world.stop()).toMatchObject({
    ok: false,
    fault: { code: 'EMERGENCY_STOP_FAILED', remedy: { en: expect.stringContaining('kill') } },
  });
});

test('a second stop leaves the first one in force and stands in the log', () => {
  const world = emergencyWorld();
  world.stop();
  const first = world.inForce();
  world.stop('again');
  expect([world.inForce(), world.kinds()]).toEqual([first, [...STOPPED_KINDS, 'emergency-stop-again']]);
});
