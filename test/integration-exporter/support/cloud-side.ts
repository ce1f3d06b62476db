import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import { sqliteTransferRegister } from '../../../cloud/adapters/sqlite-transfer-register.ts';
import { revokeAll } from '../../../cloud/approvals/permit-watch.ts';
import { settleReturns } from '../../../cloud/transfer/settle-transfers.ts';
import { ok } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Border } from './border.ts';

const YEAR = 2026;
const personsOf = (id: string, count: number) =>
  Array.from({ length: count }, (_, at) => createHash('md5').update(`${id} ${at}`).digest());

/** The cloud's end of the border: it reserves persons with a permit and counts them when the transfer comes back. */
export function cloudSide(border: Border) {
  mkdirSync(join(border.root, 'stores'));
  const transfers = sqliteTransferRegister(join(border.root, 'stores', 'transfers.sqlite'));
  const closed: string[] = [];
  const parts: Parameters<typeof settleReturns>[0] = {
    operations: {
      append: (entries) => {
        closed.push(...entries.map(({ kind, transferId }) => `${kind} ${transferId}`));
        return ok({ firstIndex: 0, leafHashes: [] });
      },
    },
    transfers,
    border: borderDirectory(join(border.root, 'border')),
    neverBegun: () => true,
    isReceipt: () => true,
  };
  return {
    permit: (id: string, count: number) => {
      const row = {
        transferId: id,
        requestedAt: 1 as Instant,
        datasetId: 'd',
        recipientId: 'r',
        purpose: 'p',
        persons: 0,
      };
      transfers.add({ ...row, state: 'requested' });
      const persons = { plain: personsOf(id, count) };
      transfers.permit(id, { year: YEAR, route: 'free-flow', isExempt: false, persons }, transfers.counted());
    },
    settle: () => settleReturns(parts),
    /** As an emergency stop does. */
    revokeAll: () =>
      revokeAll('emergency-stop', {
        gate: parts as unknown as Parameters<typeof revokeAll>[1]['gate'],
        onFault: ({ code }) => {
          throw new Error(code);
        },
      }),
    stateOf: (id: string) => transfers.find(id)?.state,
    /** Persons of the year, reserved or counted. */
    counted: () => transfers.totals(YEAR, 'plain').all,
    /** What the operations log was told, in order. */
    closed,
    shut: () => transfers.shut(),
  };
}
