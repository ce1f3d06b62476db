import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqlitePolicyArchive } from '../../../../cloud/adapters/sqlite-policy-archive.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';
import { CHARGE, signedBundle } from '../../../support/edge/policies.ts';

function open(directory = scratchDirectory()) {
  const archive = sqlitePolicyArchive(join(directory, 'policies.sqlite'));
  onTestFinished(() => archive.close());
  return archive;
}

test('keeps each bundle once, by its digest, and finds it by name and version after a restart', () => {
  const directory = scratchDirectory();
  const archive = open(directory);
  const [first, other] = [signedBundle({ version: 3 }), signedBundle({ version: 3, allowedPaths: [CHARGE] })];
  for (const bundle of [first, first, other, signedBundle({ id: 'else', version: 3 })]) archive.keep(bundle, NOW);
  archive.close();
  const again = open(directory);
  expect(again.count()).toBe(3);
  expect(again.find('tour', 3).map(({ allowedPaths }) => allowedPaths[0])).toEqual(['Vehicle.Speed', CHARGE]);
  expect(again.find('tour', 4)).toEqual([]);
});

test('a version that was asked for before it was there is found once it is', () => {
  const archive = open();
  expect(archive.find('tour', 1)).toEqual([]);
  archive.keep(signedBundle({ version: 1 }), NOW);
  expect(archive.find('tour', 1)).toHaveLength(1);
});
