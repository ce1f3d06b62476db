import type { PersonIndex } from '../../counting/person-index.ts';
import { createScopeCounts, type Scope, type ScopeCount, type ScopedHolding } from '../../counting/scope-counts.ts';
import { holdingOf } from './holding.ts';
import type { TransferStatements } from './transfer-statements.ts';

export type ApprovedCounts = ReturnType<typeof approvedCounts>;

/** What was counted in the scopes of approvals; kept along once it was asked for. */
export function approvedCounts(sql: TransferStatements, index: PersonIndex) {
  const scopes = createScopeCounts(index);

  function holdingsOf(transferId: string): ScopedHolding | undefined {
    const transfer = sql.find.get({ transferId });
    if (transfer === undefined) return undefined;
    const persons = sql.holdingsOfTransfer.all({ transferId }).map((row) => holdingOf(row).persons);
    return { transfer, persons, bytes: sql.volume.get({ transferId })?.bytes ?? 0 };
  }

  function* allSince(since: number): Generator<ScopedHolding> {
    for (const { transferId } of sql.holders.all({ since })) {
      const held = holdingsOf(transferId);
      if (held !== undefined) yield held;
    }
  }

  return {
    under: (scope: Scope, persons: readonly Uint8Array[], without?: string): ScopeCount => {
      const count = () => scopes.count(scope, persons, () => allSince(scope.since));
      const own = without === undefined ? undefined : holdingsOf(without);
      const all = count();
      // Counted once before, the scope is kept and has its own in it.
      if (own === undefined) return all;
      scopes.release(own);
      const others = count();
      scopes.hold(own);
      return others;
    },
    hold: (transferId: string): void => {
      const held = holdingsOf(transferId);
      if (held !== undefined) scopes.hold(held);
    },
    /** Reads what a transfer holds, to be given back once that is durable. */
    releaseOf: (transferId: string): (() => void) => {
      const held = holdingsOf(transferId);
      return () => (held === undefined ? undefined : scopes.release(held));
    },
  };
}
