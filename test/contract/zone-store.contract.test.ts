import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqliteZoneStore } from '../../cloud/adapters/sqlite-zone-store.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { describeZoneStore } from './zone-store.contract.ts';

describeZoneStore('one SQLite file', () => {
  const file = join(scratchDirectory(), 'zone.sqlite');
  return {
    open: () => {
      const store = sqliteZoneStore(file);
      onTestFinished(() => store.close());
      return store;
    },
  };
});
