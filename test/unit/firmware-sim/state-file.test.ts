import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readState, STATE_FILE, writeState } from '../../../firmware-sim/state-file.ts';
import { WALL_START } from './run-virtually.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-state-'));
afterAll(() => rmSync(directory, { recursive: true }));

const STATE = {
  seed: 's',
  start: WALL_START,
  vehicles: new Map([['v0001', { source: 'synthetic', clock: WALL_START }]]),
};

test('what is written is read again, and nothing is left beside it', () => {
  const nested = join(directory, 'a', 'b');
  expect(writeState(nested, STATE).ok).toBe(true);
  expect(readState(nested)).toEqual({ ok: true, value: STATE });
  expect(readdirSync(nested)).toEqual([STATE_FILE]);
});

test('a directory without a state is no fault', () => {
  expect(readState(join(directory, 'absent'))).toEqual({ ok: true, value: undefined });
});

test.each([
  ['no JSON', '{'],
  ['another version', '{"simState":2}'],
  ['an unknown key', JSON.stringify({ simState: 1, seed: 's', start: '2020-01-01T00:00:00Z', vehicles: {}, extra: 1 })],
  ['a local time', JSON.stringify({ simState: 1, seed: 's', start: '2020-01-01T00:00:00', vehicles: {} })],
])('a state that is %s is refused', (name, text) => {
  const own = mkdtempSync(join(directory, name.replaceAll(' ', '-')));
  writeFileSync(join(own, STATE_FILE), text);
  expect(readState(own)).toMatchObject({ ok: false, fault: { code: 'SIM_STATE_UNREADABLE' } });
});

test('a state that cannot be written is a fault', () => {
  const file = join(directory, 'a-file');
  writeFileSync(file, '');
  chmodSync(file, 0o400);
  expect(writeState(file, STATE)).toMatchObject({ ok: false, fault: { code: 'SIM_STATE_UNWRITABLE' } });
});
