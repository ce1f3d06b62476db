import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { sqliteTransferRegister } from '../../../cloud/adapters/sqlite-transfer-register.ts';
import { approveTransfer, rejectTransfer } from '../../../cloud/approvals/approve.ts';
import { createPermitWatch } from '../../../cloud/approvals/permit-watch.ts';
import { verifyEvidence } from '../../../cloud/audit/verify-evidence.ts';
import type { AuthorityRow, TransferRegister } from '../../../cloud/ports/transfer-register.ts';
import { SHIPPED_RULES } from '../../../cloud/rules/shipped-rules.ts';
import type { ExportGateParts } from '../../../cloud/transfer/export-gate.ts';
import { requestTransfer } from '../../../cloud/transfer/export-gate.ts';
import { resumeTransfers, settleReturns } from '../../../cloud/transfer/settle-transfers.ts';
import { ok } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { STATISTICS } from '../datasets/parcels.ts';
import { definedDataset, NOW, recipient, scratchGate } from './gate.ts';

export const row = (account: string, person: string, ...may: string[]): AuthorityRow => ({
  account,
  person,
  may,
  since: '2026-01-01',
});

/** Alice asks; Bob (with two accounts) and Carol may approve. */
export const MATRIX: readonly AuthorityRow[] = [
  row('alice', 'p-alice', 'request', 'approve'),
  row('alice-2', 'p-alice', 'approve'),
  row('bob', 'p-bob', 'approve'),
  row('bob-2', 'P-BOB', 'approve'),
  row('carol', 'p-carol', 'approve', 'request'),
];

export class Killed extends Error {}

/** A gate that issues on approval, over a small parcel, with everything that may change or fail in between. */
export function approvalGate(over: Partial<ExportGateParts> = {}) {
  const base = scratchGate();
  const { log } = base;
  const one = definedDataset(STATISTICS);
  const permitKey = generateKeyPairSync('ed25519').privateKey;
  const world = {
    now: NOW as Instant,
    matrix: MATRIX as readonly AuthorityRow[] | undefined,
    killAt: Infinity,
    registersAt: 0,
  };
  let register: TransferRegister = base.transfers;
  let writes = 0;
  const dying = <T extends object>(target: () => T, names: readonly (keyof T)[]): T =>
    new Proxy({} as T, {
      get: (_, name) => {
        const value = target()[name as keyof T];
        if (typeof value !== 'function' || !names.includes(name as keyof T)) return value;
        return (...args: unknown[]) => {
          writes += 1;
          if (writes > world.killAt) throw new Killed();
          return (value as (...all: unknown[]) => unknown)(...args);
        };
      },
    });
  const persons = Array.from({ length: 5 }, (_, at) => new Uint8Array(16).fill(at + 1));
  const parts: ExportGateParts = {
    ...base.parts,
    clock: { now: () => world.now },
    operations: dying(() => base.parts.operations, ['append']),
    transfers: dying(
      () => register,
      ['wait', 'hold', 'permit', 'withhold', 'close', 'addApproval', 'dropApproval', 'revoke'],
    ),
    border: dying(() => base.parts.border, ['stageBytes', 'clear', 'revoke']),
    dataset: (id) => (id === one.id ? one : undefined),
    matrix: () => world.matrix,
    permits: { key: permitKey, hours: 1, issue: 'on-approval' },
    build: async (_request, transferId) => {
      base.parts.border.stageBytes(transferId, 'manifest.json', new Uint8Array(3));
      return ok({ manifestSha256: new Uint8Array(32).fill(7), rows: 5, bytes: 3, persons, families: [] });
    },
    ...over,
  };
  const watched = {
    gate: parts,
    registersAt: () => world.registersAt,
    onFault: () => undefined,
    onRevoked: (alert: Readonly<Record<string, unknown>>) => void base.alerts.push(alert),
  };
  let look = createPermitWatch(watched);
  const setMatrix = (matrix: readonly AuthorityRow[] | undefined) => {
    world.matrix = matrix;
    const body = { id: 'maker', authorities: matrix ?? [] };
    const document = { after: { kind: 'processor', id: 'maker', isWithdrawn: matrix === undefined, body } };
    log.push({ kind: 'register', transferId: '', actor: 'admin', document });
  };
  setMatrix(MATRIX);
  return {
    world,
    parts,
    log,
    alerts: base.alerts,
    setMatrix,
    at: base.at,
    look: () => look(),
    writes: () => writes,
    kinds: () => log.map(({ kind }) => kind).filter((kind) => kind !== 'register'),
    state: () => register.find('t1')?.state,
    counted: () => register.project({ year: 2026, kind: 'plain', persons: [] }).before,
    ask: (requestedBy = 'alice') =>
      requestTransfer({ dataset: one, recipient, purpose: 'warranty', requestedBy }, parts),
    approve: (by: string) => approveTransfer({ transferId: 't1', by }, parts),
    reject: (by: string) => rejectTransfer({ transferId: 't1', by, reason: 'not now' }, parts),
    settle: () => settleReturns({ ...parts, neverBegun: () => true, isReceipt: () => true }),
    /** As after a kill: the store is opened anew, and what was under way is taken up. */
    restart: () => {
      world.killAt = Infinity;
      register.shut();
      register = sqliteTransferRegister(base.at('register', 'transfers.sqlite'));
      resumeTransfers(parts);
      look = createPermitWatch(watched);
      look();
    },
    findings: (entries = log) =>
      verifyEvidence(
        entries.map(({ document, ...leaf }, index) => ({
          index,
          hash: new Uint8Array(32),
          leaf: { ...leaf, recordedAtMs: 0, document: Buffer.from(JSON.stringify(document)) },
        })),
        [],
        { permitKeys: [createPublicKey(permitKey)], recipientKeys: new Map() },
        [SHIPPED_RULES],
      ).findings.map(({ finding }) => finding),
  };
}
