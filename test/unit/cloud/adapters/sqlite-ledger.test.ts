import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteLedger } from '../../../../cloud/adapters/sqlite-ledger.ts';
import type { BatchNote, Extents, Ledger, LedgerTotals } from '../../../../cloud/ports/ledger.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { rowsIn } from '../../../support/cloud/rows.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const totals: LedgerTotals = { framesAdmitted: 1, duplicates: 2, framesQuarantined: 3, framesDroppedByVehicles: 4 };

function open(directory: string): Ledger {
  const ledger = sqliteLedger(join(directory, 'ledger.sqlite'));
  onTestFinished(() => ledger.close());
  return ledger;
}

const note = (change: Partial<BatchNote> = {}): BatchNote => ({
  deviceNumber: 1,
  epoch: 11,
  firstSequence: 0,
  count: 2,
  receivedAt: NOW,
  policyId: 'test',
  policyVersion: 1,
  steps: [{ stage: 'allow-signals', parameters: 'paths=7' }],
  removals: [],
  ...change,
});

const changed = (extents: Extents, deviceNumber = 1, epoch = 11) => ({ deviceNumber, epoch, extents });

describe('sqliteLedger', () => {
  test('knows nothing of a device it never saw, and has counted nothing', () => {
    const ledger = open(scratchDirectory());
    expect(ledger.extents(1, 11)).toEqual([]);
    expect(Object.values(ledger.totals())).toEqual([0, 0, 0, 0]);
  });

  test('gives back extents and totals, at once and after it was opened again', () => {
    const directory = scratchDirectory();
    const ledger = open(directory);
    const extents: Extents = [
      [0, 5],
      [9, Number.MAX_SAFE_INTEGER],
    ];
    ledger.commit({ changes: [changed(extents), changed([[1, 2]], 2), changed([[3, 4]], 1, 12)], notes: [], totals });
    ledger.close();
    for (const held of [open(directory)]) {
      expect(held.extents(1, 11)).toEqual(extents);
      expect(held.extents(2, 11)).toEqual([[1, 2]]);
      expect(held.extents(1, 12)).toEqual([[3, 4]]);
      expect(held.totals()).toEqual(totals);
    }
  });

  test('keeps the last extents of a device and epoch, and an epoch of 48 bits', () => {
    const directory = scratchDirectory();
    const ledger = open(directory);
    const epoch = 2 ** 48 - 1;
    ledger.commit({ changes: [changed([[0, 5]], 1, epoch)], notes: [], totals });
    ledger.commit({ changes: [changed([[0, 9]], 1, epoch)], notes: [], totals });
    expect(ledger.extents(1, epoch)).toEqual([[0, 9]]);
    ledger.close();
    expect(open(directory).extents(1, epoch)).toEqual([[0, 9]]);
  });

  test('writes one provenance for many batches, and another for other steps', () => {
    const directory = scratchDirectory();
    const ledger = open(directory);
    const notes = [
      note(),
      note({ firstSequence: 2 }),
      note({ firstSequence: 4, steps: [] }),
      note({ firstSequence: 6, policyVersion: 2 }),
      note({ firstSequence: 8, removals: [{ cause: 'imagery', count: 5 }] }),
    ];
    ledger.commit({ changes: [], notes, totals });
    ledger.commit({ changes: [], notes: [note({ firstSequence: 10 }), note()], totals });
    expect(rowsIn(directory, 'ledger', 'SELECT * FROM provenance')).toHaveLength(3);
    const rows = rowsIn<{ first_sequence: number; removals: string | null }>(
      directory,
      'ledger',
      'SELECT * FROM batch',
    );
    expect(rows.map(({ first_sequence }) => first_sequence)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(rows.filter(({ removals }) => removals !== null)).toHaveLength(1);
  });

  test('a commit that fails leaves everything as it was', () => {
    const directory = scratchDirectory();
    const ledger = open(directory);
    ledger.commit({ changes: [changed([[0, 5]])], notes: [], totals });
    const bad = note({ count: undefined as never });
    const commit = { changes: [changed([[0, 99]])], notes: [bad], totals: { ...totals, framesAdmitted: 99 } };
    expect(() => ledger.commit(commit)).toThrow();
    expect(ledger.extents(1, 11)).toEqual([[0, 5]]);
    expect(ledger.totals()).toEqual(totals);
    ledger.close();
    expect(open(directory).extents(1, 11)).toEqual([[0, 5]]);
    expect(open(directory).totals()).toEqual(totals);
  });
});
