import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { redacted } from '../../../../proto/words/redacted.ts';

const VIN = 'LUBN0GED0PH865797';

describe('redacted', () => {
  const hidden = redacted(VIN);
  const ways: readonly (readonly [string, () => string])[] = [
    ['a template', () => `${hidden}`],
    ['concatenation', () => `x${String(hidden)}`.slice(1)],
    ['toString', () => hidden.toString()],
    ['util.inspect', () => inspect(hidden)],
    ['format %s', () => format('%s', hidden)],
    ['format %o', () => format('%o', hidden)],
  ];

  test.each(ways)('prints <redacted> by %s', (_, print) => {
    expect(print()).toBe('<redacted>');
  });

  test.each([
    ['JSON', () => JSON.stringify({ deep: [hidden] })],
    ['JSON format', () => format('%j', { deep: hidden })],
    [
      'inspection of what holds it, with everything shown',
      () => inspect({ deep: { hidden } }, { depth: null, showHidden: true }),
    ],
    ['an Error that names it', () => inspect(new Error(`no such vehicle ${hidden}`))],
    ['its keys', () => Object.entries(hidden).map(String).join()],
  ])('never shows the value by %s', (_, print) => {
    expect(print()).not.toContain(VIN);
  });

  test('reveals the value to who asks', () => {
    expect(hidden.reveal()).toBe(VIN);
  });
});
