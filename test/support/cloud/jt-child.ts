import { writeSync } from 'node:fs';
import { registerJtTerminal, serveJtStores } from './jt-run.ts';
import { openStores } from './open-stores.ts';

/** What a child is told on its command line, as JSON. */
export interface JtChildOrder {
  readonly directory: string;
  readonly vin: string;
}

const { directory, vin } = JSON.parse(process.argv[2] ?? '') as JtChildOrder;
const stores = openStores(directory, []);
registerJtTerminal(stores, vin);
const { terminals } = await serveJtStores(stores);
writeSync(1, `${terminals.status().port}\n`);
