import type { Instant } from '../../proto/words/time.ts';
import type { MonitoredEvent } from './event.ts';

/** What may be held against an intent. Without a certificate: no register holds the recipient. */
export interface KnownRecipient {
  readonly endpoint: string;
  /** Of the register, lower-case hex. */
  readonly certificateSha256?: string;
  /** By the register its parcels are sealed; undefined where it does not say. */
  readonly isSealed?: boolean;
}

/** Recipients as configuration and register had them at any moment: traffic is followed later than it happens. */
export interface RecipientBook {
  /** Takes changes of the register, in the order of the operations log. */
  readonly take: (event: MonitoredEvent) => void;
  /** Undefined for nobody the configuration has, and for one whose entry was withdrawn. */
  readonly known: (id: string, at: Instant) => KnownRecipient | undefined;
}

/** As much of an entry of the register as is looked at. */
export interface RecipientEntry {
  readonly isWithdrawn?: boolean;
  readonly body?: Readonly<Record<string, unknown>>;
  /** While a change waits for a second person, what stands. */
  readonly pending?: { readonly standing: Readonly<Record<string, unknown>> };
}

/** Changes of one recipient that are remembered; what happened before them is held against the oldest. */
const CHANGES_MAX = 64;

interface Change {
  readonly at: Instant;
  readonly before: RecipientEntry | undefined;
  readonly after: RecipientEntry;
}

/**
 * @param endpoints - of the recipients of the configuration, by id
 * @param find - the register as it is now, for entries that no change was seen of
 */
export function createRecipientBook(
  endpoints: ReadonlyMap<string, string>,
  find: (id: string) => RecipientEntry | undefined,
): RecipientBook {
  const changes = new Map<string, readonly Change[]>();
  const entryAt = (id: string, at: Instant): RecipientEntry | undefined => {
    const all = changes.get(id);
    if (all === undefined) return find(id);
    const last = all.findLast((change) => change.at <= at);
    return last === undefined ? all[0]?.before : last.after;
  };
  return {
    take: ({ log, kind, at, document }) => {
      if (log !== 'operations' || kind !== 'register') return;
      const { before, after } = document as { before?: RecipientEntry | null; after?: Named };
      // A recipient that is in no configuration is nobody's, whatever the register says.
      if (after?.kind !== 'recipient' || !endpoints.has(after.id)) return;
      const all = [...(changes.get(after.id) ?? []), { at, before: before ?? undefined, after }];
      changes.set(after.id, all.slice(-CHANGES_MAX));
    },
    known: (id, at) => {
      const endpoint = endpoints.get(id);
      const entry = entryAt(id, at);
      if (endpoint === undefined || entry?.isWithdrawn === true) return undefined;
      const { certificateSha256, encryption } = entry?.pending?.standing ?? entry?.body ?? {};
      const { profile } = (encryption ?? {}) as { profile?: unknown };
      return {
        endpoint,
        ...(typeof certificateSha256 === 'string' ? { certificateSha256 } : {}),
        ...(typeof profile === 'string' ? { isSealed: profile !== 'none' } : {}),
      };
    },
  };
}

type Named = RecipientEntry & { readonly kind?: unknown; readonly id: string };
