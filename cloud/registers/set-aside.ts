import type { SetAside } from '../transfer/fact-sources.ts';
import type { Registers } from './change.ts';
import type { Concerned } from './entry-index.ts';
import type { EvidenceFor, RegisterReads } from './exemption-evidence.ts';
import type { RegisterEntry } from './kind.ts';
import { isBacked, ON_FILE_KINDS } from './on-file-entries.ts';
import { namesTransfer, STATED_KINDS } from './spoken-for.ts';
import { whyNoEvidence } from './stated-evidence.ts';

/**
 * Entries that name all of a transfer and are not weighed for it: a verdict that misses a document says that there was one, and
 * what became of it.
 *
 * @param own - the registers as the transfer looks at them
 * @param of - the transfer, where exemptions are claimed: then their papers are told of too
 */
export function setAsideFor(
  own: Pick<Registers, 'list'>,
  named: Concerned,
  reads: RegisterReads,
  of: EvidenceFor | undefined,
): readonly SetAside[] {
  const kinds = { ...ON_FILE_KINDS, ...(of === undefined ? {} : STATED_KINDS) };
  return Object.entries(kinds).flatMap(([register, kind]) =>
    own
      .list(register)
      .filter(({ body }) => namesTransfer(kind, body, named))
      .flatMap((entry) => {
        const why = whyNotWeighed(entry, reads, of);
        return why === undefined ? [] : [{ kind, id: `${register}/${entry.id}`, why }];
      }),
  );
}

function whyNotWeighed(
  entry: RegisterEntry,
  reads: RegisterReads,
  of: EvidenceFor | undefined,
): SetAside['why'] | undefined {
  if (entry.isWithdrawn) return 'withdrawn';
  if (!isBacked(entry, reads.documents)) return 'document-changed';
  return of === undefined ? undefined : whyNoEvidence(entry, of, reads);
}
