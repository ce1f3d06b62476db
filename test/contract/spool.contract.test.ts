import { join } from 'node:path';
import { openAgentDatabase } from '../../edge/adapters/sqlite-state.ts';
import { sqliteSpool } from '../support/edge/one-spool.ts';
import { tempDirectory } from '../support/edge/temp-directory.ts';
import { describeSpool } from './spool.contract.ts';

describeSpool('sqlite', {
  newPlace: () => join(tempDirectory(), 'agent.db'),
  open: (place, limits) => sqliteSpool(openAgentDatabase(place), limits),
});
