import type { DocumentStore } from '../ports/register-store.ts';
import type { FactsInput } from '../transfer/facts.ts';
import { ON_FILE_MAX } from '../transfer/facts-entries.ts';
import type { Registers } from './change.ts';
import type { RegisterEntry } from './kind.ts';
import { type Change, type ChangesIn, changesOf } from './out-of-date.ts';

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
const OWN = {
  contract: ['filing'],
  certificate: ['status'],
  assessment: ['appliedOn', 'scale'],
  pipia: ['kinds'],
} as const;

/** Documents that one transfer can rest on, and what they are held against. */
export interface OnFileFor extends Pick<ChangesIn, 'on' | 'changedRules'> {
  readonly dataset: string;
}

/**
 * What the registers have on file, as facts name it. An entry with a document that changed or went missing after it was
 * attached is left out: what it attested can no longer be shown.
 *
 * @param of - of one transfer: documents that do not name its dataset are left out, and what they are out of date in is told
 */
export function onFileEntries(registers: Registers, documents: Pick<DocumentStore, 'state'>, of?: OnFileFor): OnFile {
  const entries = Object.entries(KINDS).flatMap(([register, kind]) =>
    registers
      .list(register)
      .filter((entry) => !entry.isWithdrawn && isOfDataset(entry, of) && isBacked(entry, documents))
      .map((entry) => ({ register, kind, entry })),
  );
  return latest(entries, of).map(({ register, kind, entry }) => {
    const changed = of === undefined ? [] : changesOf(entry, { find: registers.find, ...of });
    return onFileOf(register, kind, entry, changed);
  });
}

export function isBacked({ attachments }: RegisterEntry, documents: Pick<DocumentStore, 'state'>): boolean {
  return attachments.every(({ sha256 }) => documents.state(sha256) === 'whole');
}

const isOfDataset = ({ body }: RegisterEntry, of: OnFileFor | undefined): boolean =>
  of === undefined || (body['datasets'] as readonly string[]).includes(of.dataset);

/** Facts name so many and no more: what ends last stays, and what is left out can only withhold. */
function latest<T extends { readonly entry: RegisterEntry }>(
  entries: readonly T[],
  of: OnFileFor | undefined,
): readonly T[] {
  if (of === undefined || entries.length <= REGISTERED_MAX) return entries;
  const until = ({ entry }: T) => String(entry.body['validUntil']);
  return entries.toSorted((a, b) => (until(a) < until(b) ? 1 : -1)).slice(0, REGISTERED_MAX);
}

/** Leaves room for documents of the configuration and evidence of exemptions. */
const REGISTERED_MAX = ON_FILE_MAX / 2;

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
