import type { DocumentStore } from '../ports/register-store.ts';
import type { FactsInput } from '../transfer/facts.ts';
import type { Registers } from './change.ts';
import type { RegisterEntry } from './kind.ts';

type OnFile = FactsInput['onFile'];

/** Registers that hold documents on file, and the kind that facts call each. */
const KINDS = {
  notice: 'notice',
  'consent-form': 'separate-consent',
  pipia: 'pipia',
  contract: 'standard-contract',
  certificate: 'certification',
  assessment: 'security-assessment',
  'map-review': 'map-review',
  'external-provision': 'external-provision-approval',
  'recognised-processing': 'state-recognised-processing',
} as const satisfies Record<string, OnFile[number]['kind']>;

/** Keys of a body that facts know; the rest is for people. */
const SHARED = ['validFrom', 'validUntil', 'recipients', 'datasets', 'purposes'] as const;
const OWN = { contract: ['filing'], certificate: ['status'], assessment: ['appliedOn', 'scale'] } as const;

/**
 * What the registers have on file, as facts name it. An entry with a document that changed or went missing after it was
 * attached is left out: what it attested can no longer be shown.
 */
export function onFileEntries(registers: Registers, documents: Pick<DocumentStore, 'state'>): OnFile {
  return Object.entries(KINDS).flatMap(([register, kind]) =>
    registers
      .list(register)
      .filter((entry) => !entry.isWithdrawn && isBacked(entry, documents))
      .map((entry) => onFileOf(register, kind, entry)),
  );
}

export function isBacked({ attachments }: RegisterEntry, documents: Pick<DocumentStore, 'state'>): boolean {
  return attachments.every(({ sha256 }) => documents.state(sha256) === 'whole');
}

function onFileOf(register: string, kind: OnFile[number]['kind'], { id, body }: RegisterEntry): OnFile[number] {
  const own = register in OWN ? OWN[register as keyof typeof OWN] : [];
  const kept = [...SHARED, ...own].map((key) => [key, body[key]]);
  // `parseFacts` looks over the whole of it again.
  return { kind, id: `${register}/${id}`, ...Object.fromEntries(kept) } as OnFile[number];
}
