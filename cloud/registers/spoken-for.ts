import type { FactsInput } from '../transfer/facts.ts';
import type { Registers } from './change.ts';
import type { Concerned } from './entry-index.ts';
import type { EntryBody } from './kind.ts';
import { ON_FILE_KINDS } from './on-file-entries.ts';

type OnFileKind = FactsInput['onFile'][number]['kind'];

export interface SpokenOf extends Concerned {
  /** `KIND/ID` of the register entry that imported files were taken in under. */
  readonly entry?: string | undefined;
}

/**
 * Kinds of document that the registers speak of for one transfer: an entry names all of it, whether it still counts or not.
 * They say then what there is of that kind, and `onFile` of the configuration no longer does: what was withdrawn, damaged or
 * came to its end in a register is not made good by a line of a file.
 */
export function kindsSpokenFor(registers: Pick<Registers, 'list'>, of: SpokenOf): ReadonlySet<OnFileKind> {
  const scoped = Object.entries({ ...ON_FILE_KINDS, ...STATED_KINDS }).filter(([register, kind]) =>
    registers.list(register).some(({ body }) => namesTransfer(kind, body, of)),
  );
  const ofFiles = Object.entries(OF_FILES).filter(([register]) => of.entry?.startsWith(`${register}/`));
  return new Set([...scoped, ...ofFiles].map(([, kind]) => kind));
}

/** Whether an entry names all of a transfer. */
export function namesTransfer(kind: OnFileKind, body: EntryBody, of: Concerned): boolean {
  return scopesOf(body).some((scope) => namesAll(kind, scope, of));
}

/** Registers whose entries name the transfer that they are evidence for. */
export const STATED_KINDS = {
  'individual-contract': 'exemption-2-evidence',
  'labour-basis': 'exemption-3-evidence',
  'urgent-need': 'exemption-4-evidence',
  'ftz-list': 'exemption-6-evidence',
} as const;

/** Registers whose entries are evidence for the files that were imported under them. */
const OF_FILES = {
  transit: 'exemption-1-evidence',
  vulnerability: 'exemption-7-evidence',
  incident: 'exemption-8-evidence',
  'source-filing': 'exemption-9-evidence',
} as const;

interface Scope {
  readonly recipients?: readonly string[];
  readonly datasets?: readonly string[];
  readonly purposes?: readonly string[];
}

/** Of a zone list each filing has a scope of its own. */
const scopesOf = (body: EntryBody): readonly Scope[] => [body as Scope, ...((body['filings'] ?? []) as Scope[])];

/** Geography is cleared for a dataset, whoever receives it. */
const OF_DATASETS: readonly OnFileKind[] = ['map-review', 'state-recognised-processing'];

function namesAll(
  kind: OnFileKind,
  { recipients, datasets, purposes }: Scope,
  { recipient, dataset, purpose }: Concerned,
): boolean {
  if (datasets?.includes(dataset) !== true) return false;
  return (
    OF_DATASETS.includes(kind) || (recipients?.includes(recipient) === true && purposes?.includes(purpose) === true)
  );
}
