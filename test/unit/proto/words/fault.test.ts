import { expect, test } from 'vitest';
import { bilingual, causeText, type Fault, renderFault } from '../../../../proto/words/fault.ts';

const VIN = 'LUBN0GED0PH865797';

test('a cause is one line of at most 200 characters', () => {
  expect(causeText(new Error('first\nsecond'))).toBe('first');
  expect(causeText('x'.repeat(1_000))).toHaveLength(200);
  expect(causeText(undefined)).toBe('undefined');
});

test.each([
  ['a path', `ENOENT: no such file or directory, open '/etc/tongguan/${VIN}/vin'`],
  ['twice in a line', `${VIN} is not ${VIN}`],
  ['across the cut', `${'x'.repeat(190)} ${VIN}`],
])('a cause never holds a VIN: %s', (_, message) => {
  expect(causeText(new Error(message))).not.toContain(VIN.slice(0, 8));
});

test('a fault is two lines, in either language', () => {
  const fault: Fault = {
    code: 'X',
    problem: bilingual('broken', '损坏'),
    remedy: bilingual('mend it', '请修理'),
    retry: 'now',
  };
  expect(renderFault('edge', fault)).toBe('edge: error: broken [X]\nedge: hint: mend it');
  expect(renderFault('edge', fault, 'zh')).toBe('edge: error: 损坏 [X]\nedge: hint: 请修理');
});
