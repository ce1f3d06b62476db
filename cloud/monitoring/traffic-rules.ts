import { HOUR_MS } from '../../proto/words/time.ts';
import { type Finding, type MonitoredEvent, numberOf, type RunningRule, textOf } from './event.ts';
import { createRecent } from './recent.ts';
import type { RecipientBook } from './recipient-book.ts';
import type { MonitoringRow } from './rules.table.ts';

/** Intents that are remembered while connections for them may come. */
const INTENTS_MAX = 10_000;

/** A connection that a recipient opens bears no transfer, and is no attempt of ours. */
const FETCHED = { transferId: '', attempt: 0 };

/** A habit is none before so many connections. */
const HABIT_MIN = 10;

const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** Intents to whom nobody knows, and connections without an intent, or to another address than this recipient's so far. */
export function destinationUnknown(row: MonitoringRow, recipients: RecipientBook): RunningRule {
  const intents = new Map<string, string>();
  const addresses = new Map<string, string>();
  const finding = (subject: string, because: string): readonly Finding[] => [
    { code: row.id, subject, found: { because } },
  ];

  const intent = ({ at, transferId, document }: MonitoredEvent): readonly Finding[] => {
    const recipient = textOf(document, 'recipientId') ?? 'unnamed';
    intents.set(transferId, recipient);
    const [oldest] = intents.keys();
    if (intents.size > INTENTS_MAX && oldest !== undefined) intents.delete(oldest);
    const known = recipients.known(recipient, at);
    if (known === undefined) return finding(recipient, 'recipient-not-registered');
    if (known.endpoint !== textOf(document, 'endpoint')) return finding(recipient, 'endpoint-differs');
    const certificate = textOf(document, 'recipientCertificateSha256');
    if ((known.certificateSha256 ?? certificate) !== certificate) return finding(recipient, 'certificate-differs');
    return known.isSealed === true && textOf(document, 'sealedTo') === 'none' ? finding(recipient, 'not-sealed') : [];
  };
  const connection = ({ transferId, document }: MonitoredEvent): readonly Finding[] => {
    const recipient = intents.get(transferId);
    // A recipient opened it to fetch, and is known by its certificate; an intent follows before anything is answered.
    if (transferId === FETCHED.transferId && numberOf(document, 'attempt') === FETCHED.attempt) return [];
    if (recipient === undefined) return finding(transferId === '' ? 'unnamed' : transferId, 'no-intent');
    const address = textOf(document, 'destinationIp') ?? 'unknown';
    const known = addresses.get(recipient);
    addresses.set(recipient, address);
    return known === undefined || known === address ? [] : finding(recipient, 'address-changed');
  };
  return {
    take: (event) => {
      recipients.take(event);
      if (event.log !== 'traffic') return [];
      if (event.kind === 'intent') return intent(event);
      return event.kind === 'connection-open' ? connection(event) : [];
    },
  };
}

/** More bytes in one connection than the recipient ever took, by far. */
export function volumeUnusual(row: MonitoringRow): RunningRule {
  const bytesTo = createRecent<number>(row.windowMs);
  const recipientOf = createRecipientOf();
  return {
    take: (event) => {
      const recipient = recipientOf(event);
      const bytes = numberOf(event.document, 'dataVolumeBytes');
      if (event.kind !== 'connection' || recipient === undefined || bytes === undefined) return [];
      const before = bytesTo.before(recipient, event.at, bytes);
      const largest = Math.max(...before);
      if (before.length < HABIT_MIN || bytes <= row.limit * largest) return [];
      return [{ code: row.id, subject: recipient, found: { bytes, largest } }];
    },
  };
}

/** A connection at an hour, Asia/Shanghai, that is far from each so far. */
export function hourUnusual(row: MonitoringRow): RunningRule {
  const hours = createRecent<number>(row.windowMs);
  const recipientOf = createRecipientOf();
  return {
    take: (event) => {
      const recipient = recipientOf(event);
      if (event.kind !== 'connection-open' || recipient === undefined) return [];
      const hour = Math.floor((event.at + SHANGHAI_OFFSET_MS) / HOUR_MS) % 24;
      const before = hours.before(recipient, event.at, hour);
      const nearest = Math.min(...before.map((one) => Math.min(Math.abs(one - hour), 24 - Math.abs(one - hour))));
      return before.length < HABIT_MIN || nearest <= row.limit
        ? []
        : [{ code: row.id, subject: recipient, found: { hour, nearest } }];
    },
  };
}

/** Strangers at the listener of the exporter, beyond as many as it records: somebody tries to get in, or to fill its disk. */
export function strangersRefused(row: MonitoringRow): RunningRule {
  const refused = createRecent<number>(row.windowMs);
  return {
    take: ({ log, kind, at, document }) => {
      const connections = numberOf(document, 'connections');
      if (log !== 'traffic' || kind !== 'strangers-refused' || connections === undefined) return [];
      const total = refused.before('pull', at, connections).reduce((sum, one) => sum + one, connections);
      return total <= row.limit ? [] : [{ code: row.id, subject: 'pull', found: { connections: total } }];
    },
  };
}

/** Whom a transfer goes to, by its intent; what a connection without one carried, by whose transfer was fetched last. */
function createRecipientOf(): (event: MonitoredEvent) => string | undefined {
  const recipients = new Map<string, string>();
  let fetching: string | undefined;
  return ({ log, kind, transferId, document }) => {
    if (log !== 'traffic') return undefined;
    if (transferId === FETCHED.transferId) return kind === 'connection' ? fetching : undefined;
    if (kind === 'attempt') fetching = recipients.get(transferId);
    const named = textOf(document, 'recipientId');
    if (kind === 'intent' && named !== undefined) recipients.set(transferId, named);
    const [oldest] = recipients.keys();
    if (recipients.size > INTENTS_MAX && oldest !== undefined) recipients.delete(oldest);
    return recipients.get(transferId);
  };
}
