import { expect, test } from 'vitest';
import { changedKeys } from '../../../../console/models/changed-keys.ts';

test('keys that came, went or are otherwise were changed; of a new entry none', () => {
  expect(changedKeys({ id: 'a', x: [1], y: 1 }, { id: 'a', x: [2], z: 1 })).toEqual(['x', 'y', 'z']);
  expect(changedKeys(undefined, { id: 'a' })).toEqual([]);
});
