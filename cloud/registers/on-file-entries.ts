import type { DocumentStore } from '../ports/register-store.ts';
import type { FactsInput } from '../transfer/facts.ts';
import { parseEntryOnce } from '../transfer/facts-entries.ts';
import type { Registers } from './change.ts';
import type { RegisterEntry } from './kind.ts';
import { type Change, type ChangesIn, changesOf } from './out-of-date.ts';

type OnFile = FactsInput['onFile'];

/** Registers that hold documents on file, and the kind that facts call each. */
export const ON_FILE_KINDS = {
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
const OWN = {
  contract: ['filing', 'kinds', 'manners'],
  certificate: ['status', 'kinds', 'manners'],
  assessment: ['appliedOn', 'scale', 'volume', 'kinds', 'manners'],
  pipia: ['kinds'],
} as const;

/** The day of a transfer, and what documents are held against on it. */
export type OnFileOn = Pick<ChangesIn, 'on' | 'changedRules'>;

/**
 * What the registers have on file, as facts name it. An entry with a document that changed or went missing after it was
 * attached is left out: what it attested can no longer be shown.
 *
 * @param of - of a transfer: then what they are out of date in is told
 */
export function onFileEntries(registers: Registers, documents: Pick<DocumentStore, 'state'>, of?: OnFileOn): OnFile {
  return Object.entries(ON_FILE_KINDS).flatMap(([register, kind]) =>
    registers
      .list(register)
      .filter((entry) => !entry.isWithdrawn && isBacked(entry, documents))
      .flatMap((entry) => {
        const changed = of === undefined ? [] : changesOf(entry, { find: registers.find, ...of });
        return changed.length === 0 ? asItStands(register, kind, entry) : formsOf(register, kind, entry, changed);
      }),
  );
}

export function isBacked({ attachments }: RegisterEntry, documents: Pick<DocumentStore, 'state'>): boolean {
  return attachments.every(({ sha256 }) => documents.state(sha256) === 'whole');
}

/** Of entries that nothing has changed under; an entry that changes is another one. */
const standing = new WeakMap<RegisterEntry, OnFile>();

function asItStands(register: string, kind: OnFile[number]['kind'], entry: RegisterEntry): OnFile {
  const forms = standing.get(entry) ?? formsOf(register, kind, entry, []).map(parseEntryOnce);
  standing.set(entry, forms);
  return forms;
}

function formsOf(
  register: string,
  kind: OnFile[number]['kind'],
  entry: RegisterEntry,
  changed: readonly Change[],
): OnFile {
  return [onFileOf(register, kind, entry, changed), ...extensionOf(register, kind, entry, changed)];
}

/** An assessment whose extension was granted stands for a further term of its own, from its end on. */
function extensionOf(
  register: string,
  kind: OnFile[number]['kind'],
  entry: RegisterEntry,
  changed: readonly Change[],
): OnFile {
  const { validUntil, extension } = entry.body;
  const { state, until, appliedOn } = (extension ?? {}) as Readonly<Record<string, string | undefined>>;
  if (register !== 'assessment' || state !== 'granted' || until === undefined) return [];
  const body = { ...entry.body, validFrom: validUntil, validUntil: until, appliedOn };
  const granted = { ...entry, id: `${entry.id}/extension`, body };
  return [onFileOf(register, kind, granted, changed)];
}

function onFileOf(
  register: string,
  kind: OnFile[number]['kind'],
  { id, body }: RegisterEntry,
  changed: readonly Change[],
): OnFile[number] {
  const own = register in OWN ? OWN[register as keyof typeof OWN] : [];
  const kept = [...SHARED, ...own].filter((key) => body[key] !== undefined).map((key) => [key, body[key]]);
  const stale = changed.length === 0 ? {} : { changed };
  // `parseFacts` looks over the whole of it again.
  return { kind, id: `${register}/${id}`, ...Object.fromEntries(kept), ...stale } as OnFile[number];
}
