import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../cloud/adapters/open-database.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import type { TransferRegister, TransferState } from '../../../../cloud/ports/transfer-register.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const ACTS = ['add', 'withhold', 'wait', 'permit', 'revoke', 'deliver', 'refuse'] as const;
const acts = fc.array(fc.record({ act: fc.constantFrom(...ACTS), id: fc.nat(5), to: fc.nat(1) }), { maxLength: 30 });

function act(register: TransferRegister, what: (typeof ACTS)[number], id: string, to: number): void {
  const isThere = register.find(id) !== undefined;
  if (what === 'add' && isThere) return;
  if (what === 'add') {
    const ends = { datasetId: 'battery', recipientId: `lab-${to}`, purpose: 'research' };
    register.add({ transferId: id, requestedAt: 1 as Instant, ...ends, state: 'requested', persons: 0 });
  }
  if (what === 'withhold') register.withhold(id, 1);
  if (what === 'wait') register.wait(id, 1);
  if (what === 'permit' && register.find(id)?.state === 'requested')
    register.permit(
      id,
      { year: 2026, route: 'free-flow', isExempt: false, bytes: 7, persons: personsOf(id) },
      register.counted(),
    );
  if (what === 'revoke') register.revoke(id);
  if (what === 'deliver') register.close(id, 'delivered', 'counted');
  if (what === 'refuse') register.close(id, 'refused', 'released');
}

const personsOf = (id: string) => ({ plain: [createHash('md5').update(id).digest()] });

/** What is kept until the file changes. */
const asked = (register: TransferRegister) => [register.countedDays(2026, 'all'), register.volumes(1970)];

/** What `tallies` and `counts` say, made from every row. */
function scanned(register: TransferRegister) {
  const rows = register.list();
  const keys = new Map<string, number>();
  for (const { recipientId, state } of rows) {
    const key = `${recipientId} ${state}`;
    keys.set(key, (keys.get(key) ?? 0) + 1);
  }
  const within = (...states: TransferState[]) => rows.filter(({ state }) => states.includes(state)).length;
  const counts = {
    cleared: within('permitted', 'delivered'),
    withheld: within('withheld'),
    delivered: within('delivered'),
  };
  return { tallies: [...keys].sort(), counts };
}

const told = (register: TransferRegister) => ({
  tallies: register
    .tallies()
    .map(({ recipientId, state, count }) => [`${recipientId} ${state}`, count])
    .sort(),
  counts: register.counts(),
});

test('tallies, counts and days that are kept along are what a scan of every transfer gives, and so after a start', () => {
  const directory = scratchDirectory();
  let run = 0;
  fc.assert(
    fc.property(acts, (list) => {
      run += 1;
      const file = join(directory, `${run}.sqlite`);
      const register = sqliteTransferRegister(file);
      for (const one of list) {
        asked(register);
        act(register, one.act, `t-${one.id}`, one.to);
      }
      expect(told(register)).toEqual(scanned(register));
      const kept = asked(register);
      register.shut();
      const again = sqliteTransferRegister(file);
      expect(told(again)).toEqual(scanned(again));
      expect(kept).toEqual(asked(again));
      again.shut();
    }),
    { numRuns: 12 },
  );
});

test('a file from before there were tallies is counted when it is opened', () => {
  const file = join(scratchDirectory(), 'transfers.sqlite');
  const before = sqliteTransferRegister(file);
  for (const id of ['a', 'b', 'c']) act(before, 'add', id, 0);
  act(before, 'deliver', 'a', 0);
  before.shut();
  const database = openDatabase(file, '');
  database.exec(
    'DROP TRIGGER tally_of_new; DROP TRIGGER tally_of_moved; DROP TRIGGER tally_of_removed; DROP TABLE tally',
  );
  database.close();
  const after = sqliteTransferRegister(file);
  act(after, 'add', 'd', 1);
  expect(told(after)).toEqual(scanned(after));
  expect(after.counts()).toEqual({ cleared: 1, withheld: 0, delivered: 1 });
  after.shut();
});
