import { HOUR_MS } from '../../proto/words/time.ts';
import { type Finding, type MonitoredEvent, numberOf, type RunningRule, textOf } from './event.ts';
import { createRecent } from './recent.ts';
import type { MonitoringRow } from './rules.table.ts';

/** Recipients that may be served, by id, with their endpoints. */
export type KnownRecipients = () => ReadonlyMap<string, string>;

/** Intents that are remembered while connections for them may come. */
const INTENTS_MAX = 10_000;

/** A connection that a recipient opens bears no transfer. */
const FETCHED = '';

/** A habit is none before so many connections. */
const HABIT_MIN = 10;

const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** Intents to whom nobody knows, and connections without an intent, or to another address than this recipient's so far. */
export function destinationUnknown(row: MonitoringRow, recipients: KnownRecipients): RunningRule {
  const intents = new Map<string, string>();
  const addresses = new Map<string, string>();
  const finding = (subject: string, because: string): readonly Finding[] => [
    { code: row.id, subject, found: { because } },
  ];

  const intent = ({ transferId, document }: MonitoredEvent): readonly Finding[] => {
    const recipient = textOf(document, 'recipientId') ?? 'unnamed';
    intents.set(transferId, recipient);
    const [oldest] = intents.keys();
    if (intents.size > INTENTS_MAX && oldest !== undefined) intents.delete(oldest);
    const endpoint = recipients().get(recipient);
    if (endpoint === undefined) return finding(recipient, 'recipient-not-registered');
    return endpoint === textOf(document, 'endpoint') ? [] : finding(recipient, 'endpoint-differs');
  };
  const connection = ({ transferId, document }: MonitoredEvent): readonly Finding[] => {
    const recipient = intents.get(transferId);
    // A recipient opened it to fetch, and is known by its certificate; an intent follows before anything is answered.
    if (transferId === FETCHED && document['attempt'] === 0) return [];
    if (recipient === undefined) return finding(transferId === '' ? 'unnamed' : transferId, 'no-intent');
    const address = textOf(document, 'destinationIp') ?? 'unknown';
    const known = addresses.get(recipient);
    addresses.set(recipient, address);
    return known === undefined || known === address ? [] : finding(recipient, 'address-changed');
  };
  return {
    take: (event) => {
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

/** Whom a transfer goes to, by its intent; what a connection without one carried, by whose transfer was fetched last. */
function createRecipientOf(): (event: MonitoredEvent) => string | undefined {
  const recipients = new Map<string, string>();
  let fetching: string | undefined;
  return ({ log, kind, transferId, document }) => {
    if (log !== 'traffic') return undefined;
    if (transferId === FETCHED) return kind === 'connection' ? fetching : undefined;
    if (kind === 'attempt') fetching = recipients.get(transferId);
    const named = textOf(document, 'recipientId');
    if (kind === 'intent' && named !== undefined) recipients.set(transferId, named);
    const [oldest] = recipients.keys();
    if (recipients.size > INTENTS_MAX && oldest !== undefined) recipients.delete(oldest);
    return recipients.get(transferId);
  };
}
