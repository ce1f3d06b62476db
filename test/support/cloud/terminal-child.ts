import { writeSync } from 'node:fs';
import { openStores } from './open-stores.ts';
import { registerTerminal, serveTerminals } from './terminal-run.ts';

/** What a child is told on its command line, as JSON. */
export interface TerminalChildOrder {
  readonly directory: string;
  readonly vin: string;
  readonly iccid: string;
}

const { directory, vin, iccid } = JSON.parse(process.argv[2] ?? '') as TerminalChildOrder;
const stores = openStores(directory, []);
registerTerminal(stores, vin, iccid);
const { terminals } = await serveTerminals(stores);
writeSync(1, `${terminals.status().port}\n`);
