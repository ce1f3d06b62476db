import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqliteTransferRegister } from '../../cloud/adapters/sqlite-transfer-register.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { describeTransferRegister } from './transfer-register.contract.ts';

describeTransferRegister('one SQLite file', () => {
  const directory = scratchDirectory();
  return {
    open: () => {
      const register = sqliteTransferRegister(join(directory, 'transfers.sqlite'));
      onTestFinished(() => register.shut());
      return register;
    },
  };
});
