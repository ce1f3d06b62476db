import type { Fault } from '../../proto/words/fault.ts';
import { civilDateOf, civilYearOf } from '../../proto/words/time.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import type { DecidingRule } from '../transfer/verdict.ts';
import { advance } from './approve.ts';
import { decideAnew } from './decide-anew.ts';

/** A permit under which nothing changed that is seen at a glance is decided anew at least this often. */
const WHOLE_LOOK_MS = 60_000;

export interface PermitWatchParts {
  readonly gate: ExportGateParts;
  /** Rises with each change of a register. */
  readonly registersAt: () => number;
  readonly onFault: (fault: Fault) => void;
  /** What the alerts log is told of a permit that fell. */
  readonly onRevoked: (alert: Readonly<Record<string, unknown>>) => void;
}

/**
 * Looks after what is neither refused nor delivered yet: approvals that are complete after a crash or have lapsed, and
 * permits whose basis fell or whose parcel is not where it may be sent from. A permit that would not be given now is revoked.
 *
 * @returns the look; it is cheap while neither registers, counts nor the day have changed
 */
export function createPermitWatch({ gate, registersAt, onFault, onRevoked }: PermitWatchParts): () => void {
  const told = { onFault, onRevoked };
  const stood = new Map<string, { readonly seen: string; readonly at: number }>();

  return () => {
    const { transfers, border } = gate;
    for (const row of transfers.inState('awaiting-approval')) {
      const advanced = advance(row, ACTOR, gate);
      if (!advanced.ok && !EXPECTED.includes(advanced.fault.code)) onFault(advanced.fault);
    }
    const now = gate.clock.now();
    const permitted = transfers.inState('permitted');
    const ids = new Set(permitted.map(({ transferId }) => transferId));
    for (const id of stood.keys()) if (!ids.has(id)) stood.delete(id);
    const returned = new Set(border.returns().flatMap((one) => (one.outcome === 'failed' ? [] : [one.transferId])));
    for (const row of permitted) {
      const { transferId } = row;
      const seen = glance();
      const last = stood.get(transferId);
      const isMarked = border.isRevoked(transferId);
      if (!border.isCleared(transferId) && !returned.has(transferId)) {
        revoke(row, { because: border.isStaged(transferId) ? 'never-cleared' : 'parcel-gone' }, gate, told);
        continue;
      }
      // A clock that was set back must not stop the looks.
      const isFresh = last !== undefined && last.seen === seen && Math.abs(now - last.at) < WHOLE_LOOK_MS;
      // What came back is settled and no longer decided.
      if (!isMarked && (isFresh || returned.has(transferId))) continue;
      const fallen = whatFell(row, isMarked, gate);
      if (fallen === undefined) stood.set(transferId, { seen, at: now });
      else revoke(row, fallen, gate, told);
    }
  };

  function glance(): string {
    const now = gate.clock.now();
    const year = civilYearOf(now);
    const all = (['plain', 'sensitive'] as const).map((kind) => gate.transfers.totals(year, kind).all);
    return [civilDateOf(now), registersAt(), ...all].join(' ');
  }
}

const ACTOR = 'cloud';

/** Not waiting any more, or not under this configuration. */
const EXPECTED: readonly string[] = ['APPROVAL_LAPSED', 'APPROVAL_STATE', 'EXPORTS_STOPPED'];

/** Withdraws every permit that has not come back, whatever it rests on; may be called again. @returns how many */
export function revokeAll(because: string, { gate, onFault }: Pick<PermitWatchParts, 'gate' | 'onFault'>): number {
  const permitted = gate.transfers.inState('permitted');
  if (permitted.length === 0) return 0;
  const returned = new Set(gate.border.returns().flatMap((one) => (one.outcome === 'failed' ? [] : [one.transferId])));
  const standing = permitted.filter(({ transferId }) => !returned.has(transferId));
  // One alert tells of what withdraws them all.
  const told = { onFault, onRevoked: () => undefined };
  for (const row of standing) revoke(row, { because }, gate, told);
  return standing.length;
}

/** Why a permit falls, as the log tells it. */
interface Fallen {
  readonly because: string;
  readonly factsDigest?: string;
  readonly rules?: readonly Pick<DecidingRule, 'id' | 'citation' | 'reason'>[];
  readonly missing?: readonly string[];
}

/** Undefined while the permit would be given again. What cannot be decided any more has no basis. */
function whatFell(row: TransferRow, isMarked: boolean, gate: ExportGateParts): Fallen | undefined {
  const anew = decideAnew(row, gate);
  if (!anew.ok) return { because: anew.fault.code };
  const { verdict } = anew.value.weighed;
  if (verdict.decision === 'permit') return isMarked ? { because: 'revoked-before-a-restart' } : undefined;
  const rules = verdict.rules.map(({ id, citation, reason }) => ({ id, citation, reason }));
  const missing = verdict.missing.map(({ what }) => what);
  return { because: verdict.because, factsDigest: verdict.factsDigest, rules, missing };
}

/** The mark first: a crash after it leaves a permit that the exporter no longer honours, and the next look writes it down. */
function revoke(
  { transferId }: TransferRow,
  fallen: Fallen,
  { border, operations, transfers }: ExportGateParts,
  { onFault, onRevoked }: Pick<PermitWatchParts, 'onFault' | 'onRevoked'>,
): void {
  const { because, rules, missing = [] } = fallen;
  const marked = border.revoke(transferId);
  if (!marked.ok) onFault(marked.fault);
  if (!marked.ok) return;
  const logged = operations.append([{ kind: 'revocation', transferId, actor: ACTOR, document: fallen }]);
  if (!logged.ok) {
    onFault(logged.fault);
    return;
  }
  if (border.isCleared(transferId)) transfers.revoke(transferId);
  else {
    // Clearing is one rename: what still lies in staging has never left. Of a parcel that somebody took away nobody can say.
    transfers.close(transferId, 'revoked', border.isStaged(transferId) ? 'released' : 'counted');
    border.discard(transferId);
  }
  onRevoked({ code: 'PERMIT_REVOKED', transferId, because, rules: rules?.map(({ id }) => id) ?? [], missing });
}
