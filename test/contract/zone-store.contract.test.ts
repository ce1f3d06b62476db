import { onTestFinished } from 'vitest';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { testZone } from '../support/cloud/zones.ts';
import { describeZoneStore } from './zone-store.contract.ts';

describeZoneStore('one SQLite file', () => {
  const directory = scratchDirectory();
  return {
    open: () => {
      const store = testZone(directory, 'personal');
      onTestFinished(() => store.close());
      return store;
    },
  };
});
