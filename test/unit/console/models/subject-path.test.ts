import { expect, test } from 'vitest';
import { subjectPath } from '../../../../console/models/subject-path.ts';

test.each([
  ['DATASET_BARRED', 't20261123-0a1b2c', '/transfers/t20261123-0a1b2c'],
  ['DEVICE_TRUST_LOWERED', 'ab'.repeat(16), `/fleet?device=${'ab'.repeat(16)}`],
  ['ACCOUNT_LINK', 'zhao.wei', '/accounts'],
  ['REGISTERS_CHANGED', '', undefined],
  ['PERSONS_MERGED', 'tour', undefined],
  ['DEVICE_TRUST_LOWERED', 'fleet', '/fleet'],
])('%s about %j leads to %j', (code, subject, path) => {
  expect(subjectPath(code, subject)).toBe(path);
});
