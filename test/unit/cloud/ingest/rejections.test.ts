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
    'CONTENT_NOT_OF_POLICY',
    'DEVICE_BARRED',
    'IDENTIFIER_IN_PAYLOAD',
    'IMAGE_NOT_CLEAN',
    'IMAGE_SHOWS_SUBJECT',
    'IMAGE_TOO_LARGE',
    'IMAGE_UNDECLARED',
    'INTERVAL_NOT_OF_POLICY',
    'PATH_FORBIDDEN',
    'POINTS_NOT_REDUCED',
    'POLICY_NOT_IN_FORCE',
    'POLICY_UNKNOWN',
    'PURPOSE_UNKNOWN',
    'QUANTUM_NOT_OF_POLICY',
    'RECORD_UNREADABLE',
    'SIGNATURE_INVALID',
    'STEPS_NOT_OF_POLICY',
    'TERMINAL_PLATFORM_VEHICLE',
    'TERMINAL_SIGNATURE',
    'TERMINAL_UNBOUND',
    'TERMINAL_UNDECRYPTED',
    'TERMINAL_VIN_MISMATCH',
    'TIMES_APART',
    'TIME_IN_FUTURE',
    'TIME_LONG_PAST',
    'TIME_NOT_FLOORED',
    'VALUE_IMPLAUSIBLE',
    'VALUE_OFF_GRID',
    'VIN_IN_PAYLOAD',
    'VIN_MISMATCH',
  ]);
});
