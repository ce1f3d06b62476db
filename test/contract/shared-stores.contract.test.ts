import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqliteParts } from '../../cloud/adapters/sqlite-parts.ts';
import { sqlitePolicyArchive } from '../../cloud/adapters/sqlite-policy-archive.ts';
import { sqlitePublications } from '../../cloud/adapters/sqlite-publications.ts';
import { sqliteRegisters } from '../../cloud/adapters/sqlite-registers.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { describeSharedStores } from './shared-stores.contract.ts';

describeSharedStores('SQLite files', () => {
  const directory = scratchDirectory();
  const opened = <S extends { readonly close: () => void }>(store: S): S => {
    onTestFinished(() => store.close());
    return store;
  };
  return {
    registers: () => opened(sqliteRegisters(join(directory, 'registers.sqlite'))),
    publications: () => opened(sqlitePublications(join(directory, 'publications.sqlite'))),
    policies: () => opened(sqlitePolicyArchive(join(directory, 'policies.sqlite'))),
    parts: () => opened(sqliteParts(join(directory, 'parts.sqlite'))),
  };
});
