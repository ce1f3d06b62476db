import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqliteLedger } from '../../cloud/adapters/sqlite-ledger.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { describeLedger } from './ledger.contract.ts';

describeLedger('SQLite file', () => {
  const file = join(scratchDirectory(), 'ledger.sqlite');
  return () => {
    const ledger = sqliteLedger(file);
    onTestFinished(() => ledger.close());
    return ledger;
  };
});
