import type { FileRecord } from '../ports/file-store.ts';
import { ENTRIES_OF_FILES } from './exemption-evidence.ts';
import type { RegisterEntry } from './kind.ts';

/** The register whose entries cover files of a kind. */
export function registerOfFiles(fileKind: string): string | undefined {
  return Object.entries(ENTRIES_OF_FILES).find(([, covered]) => covered === fileKind)?.[0];
}

interface Receipt {
  readonly number: string;
  readonly authority: string;
}

/** What an import keeps of the register entry that covers it; undefined where nothing was reported or filed yet. */
export function entryOfFiles({ kind, id, body, isWithdrawn }: RegisterEntry): FileRecord['entry'] | undefined {
  if (kind === 'transit') {
    // Nobody is told of what only passes through; the tree alone says what may be imported.
    const filedTreeSha256 = String(body['outboundSha256']);
    return isWithdrawn ? undefined : { id: `${kind}/${id}`, authority: 'in transit', filedTreeSha256 };
  }
  const { filed, receipt, reports, filedSha256, state } = body;
  const reported = (reports as readonly { readonly receipt: Receipt }[] | undefined)?.[0]?.receipt;
  const given = (filed ?? receipt ?? reported) as Receipt | undefined;
  if (isWithdrawn || given === undefined || (state !== undefined && state !== 'filed')) return undefined;
  return {
    id: `${kind}/${id}`,
    authority: given.authority,
    filingNumber: given.number,
    ...(typeof filedSha256 === 'string' ? { filedTreeSha256: filedSha256 } : {}),
  };
}
