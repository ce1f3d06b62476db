import type { X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { type AttemptOptions, begin, mayGoOn } from '../attempt.ts';
import { checkReceipt } from '../check-receipt.ts';
import type { Claims } from '../claims.ts';
import { createCut } from '../cut.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import { isTransferId, type TransferId } from '../names.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { deliveredEntry } from '../traffic-entries.ts';

/** A transfer that a recipient is fetching. */
export interface Session {
  readonly id: TransferId;
  readonly prepared: Prepared;
  readonly attempt: number;
  /** Asked before every answer and every piece of a file. */
  readonly mayGoOn: () => ExporterFault | undefined;
}

export interface Caller {
  readonly recipientId: string;
  readonly certificate: X509Certificate;
}

/**
 * Transfers that one connection fetches. Each is checked whole when it is first asked for, and its intent and attempt are
 * durable before anything of it, its name included, is answered; what it is not permitted is as if it did not exist.
 */
export interface PullSessions {
  readonly open: (id: string, caller: Caller) => Promise<Result<Session, ExporterFault>>;
  /** The recipient's signed receipt; the transfer is delivered once it is in the log. */
  readonly settle: (session: Session, receipt: Buffer, caller: Caller) => Promise<Result<undefined, ExporterFault>>;
  /** Gives the transfers back. */
  readonly close: () => void;
}

/** The other side looks at a transfer now and then; whoever fetches waits for it so long and so often. */
const CLAIM_PAUSE_MS = 25;
const CLAIM_TRIES_MAX = 400;

async function takeSoon(id: TransferId, claims: Claims): Promise<boolean> {
  for (let tries = 0; tries < CLAIM_TRIES_MAX; tries += 1) {
    if (claims.take(id)) return true;
    await new Promise((resolve) => setTimeout(resolve, CLAIM_PAUSE_MS));
  }
  return false;
}

/** Transfers that one connection may have under way. */
const SESSIONS_MAX = 4;

export function createSessions(options: AttemptOptions & { readonly claims: Claims }): PullSessions {
  const sessions = new Map<string, Session>();
  let isClosed = false;

  const begun = async (id: TransferId, caller: Caller): Promise<Result<Session, ExporterFault>> => {
    const { traffic } = options;
    const { state } = traffic.history(id);
    if (state === 'delivered' || state === 'refused') return fail(exporterFault('PULL_UNKNOWN'));
    const prepared = await prepare(id, traffic.history(id), options);
    // The push side settles what can never be sent; whoever asks learns no more than that there is nothing.
    if (!prepared.ok) return fail(exporterFault('PULL_UNKNOWN'));
    const { recipient } = prepared.value;
    if (recipient.id !== caller.recipientId || recipient.delivery !== 'pull') {
      return fail(exporterFault('PULL_UNKNOWN'));
    }
    const cut = createCut();
    const stopped = () => mayGoOn(id, cut, prepared.value, options);
    const stop = stopped();
    if (stop !== undefined) return fail(stop);
    const attempt = await begin(id, prepared.value, traffic);
    return attempt.ok ? ok({ id, prepared: prepared.value, attempt: attempt.value, mayGoOn: stopped }) : attempt;
  };

  return {
    open: async (id, caller) => {
      const known = sessions.get(id);
      if (known !== undefined) return ok(known);
      if (!isTransferId(id) || sessions.size >= SESSIONS_MAX) return fail(exporterFault('PULL_UNKNOWN'));
      if (!(await takeSoon(id, options.claims))) return fail(exporterFault('TRANSFER_BUSY'));
      let session: Result<Session, ExporterFault> | undefined;
      try {
        session = await begun(id, caller);
        // A line that went while its parcel was hashed has given back what it had by then, and this was not among it.
        if (session.ok && !isClosed) sessions.set(id, session.value);
        return session;
      } finally {
        if (session?.ok !== true || isClosed) options.claims.release(id);
      }
    },
    settle: async ({ id, prepared, attempt }, receipt, { certificate }) => {
      const { permit, parcel } = prepared;
      const { manifestSha256, recipientId } = permit;
      const checked = checkReceipt(receipt, {
        certificate,
        id,
        manifestSha256,
        recipientId,
        totalBytes: parcel.totalBytes,
      });
      if (!checked.ok) return checked;
      if (options.traffic.history(id).state === 'delivered') return ok(undefined);
      const logged = await options.traffic.append([
        deliveredEntry(id, attempt, { receipt: checked.value, certificate }),
      ]);
      return logged.ok ? ok(undefined) : logged;
    },
    close: () => {
      isClosed = true;
      for (const { id } of sessions.values()) options.claims.release(id);
      sessions.clear();
    },
  };
}
