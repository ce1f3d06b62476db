import { expect, test } from 'vitest';
import {
  attempt,
  logCorrupt,
  logExists,
  logLimit,
  logMissing,
  logNoEntry,
  logUnavailable,
} from '../../../../cloud/log/faults.ts';
import { assert, fail, ok } from '../../../../proto/words/result.ts';

const faults = [
  logUnavailable('/d', new Error('ENOSPC: no space left on device\n    at x')),
  logCorrupt('/d', 'root-differs'),
  logCorrupt('/d', 'entry-content', 7),
  logMissing('/d'),
  logExists('/d'),
  logLimit('document'),
  logNoEntry(7, 3),
];

test.each(faults)('$code says what is wrong and what to do, in both languages, on one line each', (fault) => {
  for (const { en, zh } of [fault.problem, fault.remedy]) {
    expect(en).toMatch(/^[\x20-\x7e]+$/);
    expect(en).toMatch(/^[a-z`]/);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(`${en}${zh}`).not.toMatch(/[\n\r]/);
  }
});

test('a fault names the place where there is one', () => {
  expect(logCorrupt('/d', 'entry-content', 7).problem.en).toContain('entry `7`');
  expect(logCorrupt('/d', 'root-differs').problem.en).not.toContain('entry `');
});

test('a failed system call is a fault, a bug goes on being thrown', () => {
  const failing = (cause: unknown) => () =>
    attempt('/d', () => {
      throw cause;
    });
  expect(failing(Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' }))()).toMatchObject({
    ok: false,
    fault: { code: 'LOG_UNAVAILABLE', problem: { en: expect.stringContaining('EIO: i/o error, write') } },
  });
  expect(failing(new TypeError('not a function'))).toThrow('not a function');
  expect(() => attempt('/d', () => ok(assert(false, 'x')))).toThrow('broken invariant');
});

test('a result passes through', () => {
  expect(attempt('/d', () => ok(1))).toEqual({ ok: true, value: 1 });
  expect(attempt('/d', () => fail(logMissing('/d')))).toEqual({ ok: false, fault: logMissing('/d') });
});
