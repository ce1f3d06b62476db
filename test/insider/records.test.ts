import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../cloud/adapters/open-database.ts';
import { sqliteRegisters } from '../../cloud/adapters/sqlite-registers.ts';
import { bundledCaptures } from '../../cloud/composition/open-captures.ts';
import { CloudConfig } from '../../cloud/config/config.ts';
import type { MonitoredEvent } from '../../cloud/monitoring/event.ts';
import { createMonitor } from '../../cloud/monitoring/monitor.ts';
import { createRecipientBook } from '../../cloud/monitoring/recipient-book.ts';
import { registersAsLogged } from '../../cloud/registers-as-logged.ts';
import { readConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { scratchGate } from '../support/cloud/gate.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';
import { entryOf } from '../support/cloud/registers/entries.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';

// Somebody who can write the files that decisions rest on, or runs commands on them. docs/insider.md has the table.

const NOW = Date.parse('2026-06-01T04:00:00Z') as Instant;

test('15. reads files of the cloud with a command from abroad: nothing is read, logged as a transfer, alerted', async () => {
  const cloud = installedCloud(NOW);
  const loaded = readConfig(CloudConfig, cloud.config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  const asked = await cloud.access('traffic', { remote: '203.0.113.9 5 192.0.2.1 22' })(loaded.value);
  expect(!asked.ok && asked.fault.code).toBe('ACCESS_ADDRESS');
  expect(cloud.entries('operations')).toMatchObject([{ document: { manner: 'read-from-abroad' } }]);
  expect(cloud.entries('alerts')).toMatchObject([{ document: { code: 'READ_FROM_ABROAD' } }]);
});

test('16. takes the log away before he reads: nothing is read', async () => {
  const cloud = installedCloud(NOW);
  const loaded = readConfig(CloudConfig, cloud.config, 'cloud', {});
  assert(loaded.ok, 'the configuration is good');
  rmSync(cloud.layout.cloud('log'), { recursive: true });
  const asked = await cloud.access('zones')(loaded.value);
  expect(!asked.ok && asked.fault.code).toBe('READ_UNLOGGED');
  expect(existsSync(cloud.layout.cloud('log'))).toBe(false);
});

test('17. writes himself into a register with SQLite: exports are held, and it is alerted', async () => {
  const file = join(scratchDirectory(), 'registers.sqlite');
  const store = sqliteRegisters(file);
  const after = { ...entryOf('processor', { name: 'Maker' }), version: 1 };
  store.apply(after, 0);
  const leaf = { kind: 'register', document: Buffer.from(JSON.stringify({ after })) };
  const { differing } = registersAsLogged(
    (from) => [{ index: 0, leaf }].slice(from),
    store,
    ['processor'],
    () => 1,
  );
  const database = openDatabase(file, '');
  database.exec(`UPDATE entry SET document = replace(document, 'Maker', 'Mole'); UPDATE applied SET log_index = 9`);
  database.close();
  const gate = scratchGate({ stopped: () => (differing() === undefined ? undefined : 'registers-changed') });
  expect(await gate.ask({ kind: 'tracks' })).toMatchObject({ ok: false, fault: { code: 'EXPORTS_STOPPED' } });
  expect(gate.log).toMatchObject([{ kind: 'withheld', document: { stop: 'registers-changed' } }]);
  expect(gate.alerts).toMatchObject([{ code: 'REQUEST_WHILE_STOPPED' }]);
});

const found = (...events: readonly Partial<MonitoredEvent>[]): readonly string[] => {
  const recipients = createRecipientBook(new Map([['lab', 'https://lab.example:443']]), () => undefined);
  const monitor = createMonitor({ limits: {}, recipients });
  return events
    .map((one) => ({ log: 'operations', at: NOW, kind: '', transferId: '', actor: 'a', document: {}, ...one }) as const)
    .flatMap((one) => monitor.take(one as MonitoredEvent))
    .map(({ code }) => code);
};

test.each<[string, readonly Partial<MonitoredEvent>[], string]>([
  [
    '18. gives the exporter another permit key and a permit of his own',
    [
      {
        log: 'traffic',
        kind: 'intent',
        transferId: 'mine',
        document: { recipientId: 'lab', endpoint: 'https://lab.example:443' },
      },
    ],
    'SENT_WITHOUT_PERMIT',
  ],
  [
    '19. swaps cloud.yaml: readers, recipients, monitoring',
    [{ kind: 'permission-change', document: { before: { 'config-access': 'a' }, changed: ['config-access'] } }],
    'CONFIGURATION_CHANGED',
  ],
  [
    '20. sets the clock back to bring an expired permit to life',
    [{ kind: 'read' }, { kind: 'verdict', at: (NOW - 86_400_000) as Instant }],
    'CLOCK_SET_BACK',
  ],
])('%s: it is alerted', (_, events, code) => {
  expect(found(...events)).toContain(code);
});

test('21. swaps a capture for another: it is exported to nobody', () => {
  const directory = join(scratchDirectory(), 'captures');
  mkdirSync(directory);
  writeFileSync(join(directory, 'connections.ndjson'), '{"kind":"connection"}\n');
  const bundled = bundledCaptures(directory, { from: 0 as Instant, until: NOW });
  expect(!bundled.ok && bundled.fault.code).toBe('CAPTURE_LIST_CHANGED');
  expect(readFileSync(join(directory, 'connections.ndjson'), 'utf8')).toContain('connection');
});
