import { freshOf, type PersonIndex } from './person-index.ts';
import { createTally, type Tally } from './tally.ts';

/** Transfers that fall under one approval: of these datasets, to these recipients, for these purposes, from an instant on. */
export interface Scope {
  readonly datasets: readonly string[];
  readonly recipients: readonly string[];
  readonly purposes: readonly string[];
  /** Milliseconds since 1970, UTC. */
  readonly since: number;
}

/** What a scope is told by. */
export interface ScopedTransfer {
  readonly datasetId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly requestedAt: number;
}

/** What was counted under an approval: distinct persons, of either kind once, and bytes. */
export interface ScopeCount {
  readonly before: number;
  /** With the persons in hand. */
  readonly projected: number;
  readonly bytes: number;
}

/** What one transfer holds or gives back. A person holds it once for each kind. */
export interface ScopedHolding {
  readonly transfer: ScopedTransfer;
  readonly persons: readonly Uint32Array[];
  readonly bytes: number;
}

export interface ScopeCounts {
  readonly hold: (holding: ScopedHolding) => void;
  readonly release: (holding: ScopedHolding) => void;
  /** @param all - everything that is held, read the first time that a scope is asked for */
  readonly count: (scope: Scope, persons: readonly Uint8Array[], all: () => Iterable<ScopedHolding>) => ScopeCount;
}

/** Scopes that are kept; beyond it all are read again. An installation has a few approvals, each a scope. */
const SCOPES_MAX = 64;

interface Kept {
  readonly scope: Scope;
  readonly tally: Tally;
  bytes: number;
}

/** Counts of scopes, kept along with what is held once they were asked for. */
export function createScopeCounts(index: PersonIndex): ScopeCounts {
  const kept = new Map<string, Kept>();

  function countIn(one: Kept, { transfer, persons, bytes }: ScopedHolding, act: 'hold' | 'release'): void {
    if (!isWithin(transfer, one.scope)) return;
    for (const numbers of persons) one.tally[act](numbers);
    one.bytes += act === 'hold' ? bytes : -bytes;
  }

  function keptOf(scope: Scope, all: () => Iterable<ScopedHolding>): Kept {
    const key = JSON.stringify(scope);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const fresh: Kept = { scope, tally: createTally(), bytes: 0 };
    for (const holding of all()) countIn(fresh, holding, 'hold');
    if (kept.size >= SCOPES_MAX) kept.clear();
    kept.set(key, fresh);
    return fresh;
  }

  const each = (holding: ScopedHolding, act: 'hold' | 'release'): void => {
    for (const one of kept.values()) countIn(one, holding, act);
  };
  return {
    hold: (holding) => each(holding, 'hold'),
    release: (holding) => each(holding, 'release'),
    count: (scope, persons, all) => {
      const { tally, bytes } = keptOf(scope, all);
      const before = tally.distinct();
      return { before, projected: before + freshOf(persons, index, tally), bytes };
    },
  };
}

function isWithin({ datasetId, recipientId, purpose, requestedAt }: ScopedTransfer, scope: Scope): boolean {
  return (
    requestedAt >= scope.since &&
    scope.datasets.includes(datasetId) &&
    scope.recipients.includes(recipientId) &&
    scope.purposes.includes(purpose)
  );
}
