import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { AttemptOptions } from '../attempt.ts';
import type { Claims } from '../claims.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import { fingerprintOf } from '../handshake.ts';
import { createMinuteLimit } from './minute-limit.ts';
import { type Caller, createSessions, type PullSessions } from './pull-session.ts';

export interface RecipientLimits {
  readonly connectionsPerRecipientMax: number;
  readonly connectionsPerMinuteMax: number;
}

/** A connection with a registered recipient at its other end. */
export interface Line {
  readonly caller: Caller;
  readonly sessions: PullSessions;
  /** It is served nothing else. */
  readonly fault?: ExporterFault;
}

/**
 * Connections of recipients, by the certificates that they showed. Each costs an entry, its end and a capture that the law keeps for
 * weeks, so a recipient may begin only so many in a minute; those beyond hear that, and count as a stranger's.
 */
export interface RecipientLines {
  /** @returns `nobody` who is registered is at the other end, or as many as may be open are */
  readonly take: (socket: TLSSocket) => Line | 'nobody' | 'too-many';
}

export function createRecipientLines(
  options: AttemptOptions & { readonly claims: Claims; readonly pullLimits: RecipientLimits },
): RecipientLines {
  const { connectionsPerRecipientMax, connectionsPerMinuteMax } = options.pullLimits;
  const open = new Map<string, number>();
  const isWithin = createMinuteLimit(connectionsPerMinuteMax);
  return {
    take: (socket) => {
      const shown = socket.authorized ? socket.getPeerX509Certificate() : undefined;
      const caller = shown === undefined ? undefined : callerOf(shown, options);
      if (caller === undefined) return 'nobody';
      const { recipientId } = caller;
      const isFrequent = !isWithin(recipientId, options.clock.now());
      const before = open.get(recipientId) ?? 0;
      if (before >= connectionsPerRecipientMax) return 'too-many';
      open.set(recipientId, before + 1);
      const sessions = createSessions(options);
      socket.once('close', () => {
        sessions.close();
        open.set(recipientId, (open.get(recipientId) ?? 1) - 1);
      });
      return { caller, sessions, ...(isFrequent && { fault: exporterFault('PULL_CONNECTIONS_TOO_OFTEN') }) };
    },
  };
}

function callerOf(certificate: X509Certificate, { recipients }: AttemptOptions): Caller | undefined {
  const shown = fingerprintOf(certificate.raw);
  for (const { id, certificateSha256, delivery } of recipients.values()) {
    if (delivery === 'pull' && certificateSha256 === shown) return { recipientId: id, certificate };
  }
  return undefined;
}
