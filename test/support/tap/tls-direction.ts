import type { Alert, Coverage } from './decrypt-tls13.ts';
import { HANDSHAKE, type HandshakeMessage, makeHandshakeReader } from './handshake-messages.ts';
import { parseRecords, RECORD, RECORD_HEADER_BYTES, type TlsRecord } from './tls-records.ts';
import { makeRecordOpener, nextSecret, type RecordOpener, type Suite } from './traffic-keys.ts';

/** Everything one side sent, as far as it opened. */
export interface Direction {
  readonly application: Buffer;
  readonly handshake: Buffer;
  readonly clear: Buffer;
  readonly cut: Buffer;
  readonly alerts: readonly Alert[];
  readonly coverage: Coverage;
}

/** The traffic secrets of one side; undefined where the key log holds none. */
export interface DirectionSecrets {
  readonly handshake: Buffer | undefined;
  readonly application: Buffer | undefined;
}

/** Reads one direction from its first byte to its last (RFC 8446, 5 and 7). */
export function readDirection(
  from: Alert['from'],
  stream: Buffer,
  secrets: DirectionSecrets,
  suite: Suite | undefined,
): Direction {
  const { records, tail, strayBytes } = parseRecords(stream);
  const keys = makeKeys(secrets, suite);
  const taken = makeCollector(from);
  let unreadBytes = strayBytes;
  for (const record of records) {
    if (record.type !== RECORD.application) taken.clear(record);
    else {
      const plain = keys.open(record);
      if (plain === undefined) unreadBytes += record.header.length + record.body.length;
      else for (const message of taken.sealed(plain)) keys.follow(message);
    }
  }
  return {
    ...taken.collected(),
    cut: keys.openCut(tail),
    coverage: { sentBytes: stream.length, unreadBytes, cutTailBytes: tail.length },
  };
}

interface Keys {
  readonly open: (record: TlsRecord) => Buffer | undefined;
  readonly openCut: (tail: Buffer) => Buffer;
  /** Changes keys where a message says so; the next record is the first under the new ones. */
  readonly follow: (message: HandshakeMessage) => void;
}

function makeKeys(secrets: DirectionSecrets, suite: Suite | undefined): Keys {
  let secret = secrets.handshake;
  let isApplication = false;
  let opener: RecordOpener | undefined;
  const change = (to: Buffer | undefined): void => {
    secret = to;
    opener = suite === undefined || to === undefined ? undefined : makeRecordOpener(suite, to);
  };
  change(secret);
  return {
    open: ({ header, body }) => opener?.open(header, body),
    openCut: (tail) => {
      const isSealed = tail.length > RECORD_HEADER_BYTES && tail.readUInt8(0) === RECORD.application;
      if (!isSealed || opener === undefined) return tail;
      return opener.openCut(tail.subarray(0, RECORD_HEADER_BYTES), tail.subarray(RECORD_HEADER_BYTES));
    },
    follow: ({ type }) => {
      if (type === HANDSHAKE.finished && !isApplication) {
        isApplication = true;
        change(secrets.application);
      } else if (type === HANDSHAKE.keyUpdate && suite !== undefined && secret !== undefined) {
        change(nextSecret(suite, secret));
      }
    },
  };
}

interface Collector {
  readonly clear: (record: TlsRecord) => void;
  /** Takes an opened record; returns the handshake messages that it completed. */
  readonly sealed: (plain: Buffer) => readonly HandshakeMessage[];
  readonly collected: () => Pick<Direction, 'application' | 'handshake' | 'clear' | 'alerts'>;
}

function makeCollector(from: Alert['from']): Collector {
  const application: Buffer[] = [];
  const handshake: Buffer[] = [];
  const clear: Buffer[] = [];
  const alerts: Alert[] = [];
  const reader = makeHandshakeReader();
  const sort = (type: number, content: Buffer): readonly HandshakeMessage[] => {
    if (type === RECORD.application) application.push(content);
    if (type === RECORD.alert && content.length >= 2) alerts.push({ from, description: content.readUInt8(1) });
    if (type !== RECORD.handshake) return [];
    handshake.push(content);
    return reader.take(content);
  };
  return {
    clear: ({ type, header, body }) => {
      clear.push(header, body);
      sort(type, body);
    },
    sealed: (plain) => {
      // Content, then its type, then padding of zeros (RFC 8446, 5.2).
      let end = plain.length;
      while (end > 0 && plain[end - 1] === 0) end--;
      return end === 0 ? [] : sort(plain.readUInt8(end - 1), plain.subarray(0, end - 1));
    },
    collected: () => ({
      application: Buffer.concat(application),
      handshake: Buffer.concat(handshake),
      clear: Buffer.concat(clear),
      alerts,
    }),
  };
}
