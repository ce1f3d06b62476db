import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API_ENVIRONMENT, API_FLAGS, CLOUD_FLAGS } from '../../../bin/cloud-flags.ts';
import { sqliteParts } from '../../../cloud/adapters/sqlite-parts.ts';
import { sqliteRegisters } from '../../../cloud/adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../../../cloud/adapters/sqlite-transfer-register.ts';
import { CloudConfig } from '../../../cloud/config/config.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import { assert } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { provisionOne } from '../edge/roles.ts';
import { countPersons, fillRegisters } from './fill.ts';
import type { DecideOrder, DecideReport } from './orders.ts';

export interface VerdictFigures {
  /** By a process as `--role api` is started: it decides, and no vehicle connects to it. */
  readonly api: DecideReport;
  /** By one that is started to take frames in as well. */
  readonly all: DecideReport;
  readonly personsPerSecond: number;
  /** With the parts of anti-splitting written as well. */
  readonly personsPerSecondInAll: number;
}

/** Verdicts beside full books: as many persons counted, as many rows in the registers. */
export async function measureVerdicts(
  directory: string,
  { persons, rows, verdicts }: { readonly persons: number; readonly rows: number; readonly verdicts: number },
): Promise<VerdictFigures> {
  const { cloudConfig } = await provisionOne(directory);
  const loaded = readConfig(CloudConfig, cloudConfig, 'cloud', {});
  assert(loaded.ok, 'what `up` writes is right');
  const { config, path } = loaded.value;
  const [dataset] = config.datasets.filter(({ kind }) => kind === 'vehicle-day-statistics');
  const [recipient] = config.recipients;
  const [purpose] = recipient?.purposes ?? [];
  assert(dataset !== undefined && recipient !== undefined && purpose !== undefined, '`up` has one to ask for');
  const asked = { dataset: dataset.id, recipient: recipient.id, purpose };
  const now = Date.now() as Instant;
  const stores = path(config.stores.directory);
  sqliteRegisters(join(stores, 'registers.sqlite')).close();
  fillRegisters({ stores: { directory: stores, database: { kind: 'sqlite' } } }, rows, asked, now);
  const transfers = sqliteTransferRegister(join(stores, 'transfers.sqlite'));
  const parts = sqliteParts(join(stores, 'parts.sqlite'));
  const { countSeconds, partSeconds } = countPersons({ transfers, parts }, persons, asked, now);
  transfers.shut();
  parts.close();
  const order: DecideOrder = { config: cloudConfig, asked, verdicts };
  const api = decideIn(order, API_FLAGS, API_ENVIRONMENT);
  const all = decideIn(order, CLOUD_FLAGS, {});
  rmSync(directory, { recursive: true, force: true });
  return {
    api,
    all,
    personsPerSecond: persons / countSeconds,
    personsPerSecondInAll: persons / (countSeconds + partSeconds),
  };
}

function decideIn(
  order: DecideOrder,
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
): DecideReport {
  const program = fileURLToPath(new URL('decider.js', import.meta.url));
  const done = spawnSync(process.execPath, [...flags, program, JSON.stringify(order)], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1_048_576,
  });
  assert(done.status === 0, 'the process that decides ends well');
  return JSON.parse(done.stdout) as DecideReport;
}
