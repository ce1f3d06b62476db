import type { Holding } from '../../counting/tallies.ts';
import type { TransferTables } from './transfer-tables.ts';

export type HoldingRow = Omit<TransferTables['holding'], 'transfer_id'>;

export function holdingOf({ kind, route, exempt, persons }: HoldingRow): Holding {
  const bytes = new Uint8Array(persons);
  return { kind, route, isExempt: exempt === 1, persons: new Uint32Array(bytes.buffer, 0, bytes.length / 4) };
}
