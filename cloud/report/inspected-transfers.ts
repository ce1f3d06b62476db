import type { InspectedTransfer } from './inspection-index.ts';

/** Entries of the operations log, in order. */
export interface InspectedLeaf {
  readonly kind: string;
  readonly transferId: string;
  readonly document: Uint8Array;
}

/** Takes entries in and tells the transfers that they speak of, each with how far it came, by id. */
export function createTransferTally() {
  const transfers = new Map<string, InspectedTransfer>();
  return {
    take: ({ kind, transferId, document }: InspectedLeaf): void => {
      if (transferId === '') return;
      const before = transfers.get(transferId) ?? { transferId, ...NOTHING };
      transfers.set(transferId, advanced(before, kind, document));
    },
    all: (): readonly InspectedTransfer[] =>
      [...transfers.values()].sort((a, b) => (a.transferId < b.transferId ? -1 : 1)),
  };
}

const NOTHING = { verdicts: 0, decision: '–', approvals: 0, permits: 0, outcome: '–' };

function advanced(one: InspectedTransfer, kind: string, document: Uint8Array): InspectedTransfer {
  switch (kind) {
    case 'verdict':
      return { ...one, verdicts: one.verdicts + 1, decision: textAt(document, 'verdict', 'decision') };
    case 'withheld':
      return { ...one, decision: textAt(document, 'because') };
    case 'approval':
      return { ...one, approvals: one.approvals + 1 };
    case 'permit':
      return { ...one, permits: one.permits + 1 };
    case 'closed':
      return { ...one, outcome: textAt(document, 'outcome') };
    case 'revocation':
    case 'rejection':
      return { ...one, outcome: kind };
    default:
      return one;
  }
}

function textAt(document: Uint8Array, ...keys: readonly string[]): string {
  let value: unknown = JSON.parse(Buffer.from(document).toString('utf8'));
  for (const key of keys)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : '–';
}
