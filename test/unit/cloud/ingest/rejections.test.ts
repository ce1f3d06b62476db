import { expect, test } from 'vitest';
import { REJECTIONS } from '../../../../cloud/ingest/rejections.ts';

test.each(Object.entries(REJECTIONS))('%s is told in both languages, with what to do', (_, { problem, remedy }) => {
  for (const words of [problem, remedy]) {
    expect(words.en).toMatch(/^[a-z][^\n]+$/);
    expect(words.zh).toMatch(/^[^\n]*\p{Script=Han}[^\n]*$/u);
  }
});

test('what looks like a lie is an alert, what looks like a fault of transmission is none', () => {
  const alerts = Object.entries(REJECTIONS).flatMap(([code, { isAlert }]) => (isAlert ? [code] : []));
  expect(alerts.sort()).toEqual([
    'ATTESTATION_EXPIRED',
    'ATTESTATION_UNBOUND',
    'CELL_NOT_ON_GRID',
    'IDENTIFIER_IN_PAYLOAD',
    'IMAGE_NOT_CLEAN',
    'IMAGE_TOO_LARGE',
    'IMAGE_UNDECLARED',
    'PATH_FORBIDDEN',
    'POINTS_NOT_REDUCED',
    'POLICY_UNKNOWN',
    'PURPOSE_UNKNOWN',
    'SIGNATURE_INVALID',
    'TIME_IN_FUTURE',
    'VALUE_IMPLAUSIBLE',
    'VALUE_OFF_GRID',
    'VIN_IN_PAYLOAD',
    'VIN_MISMATCH',
  ]);
});
