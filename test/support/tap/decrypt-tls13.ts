import {
  type ClientHello,
  HANDSHAKE,
  makeHandshakeReader,
  parseClientHello,
  parseServerHello,
} from './handshake-messages.ts';
import { type KeyLog, parseKeyLog } from './key-log.ts';
import type { Recording } from './tap.ts';
import { type DirectionSecrets, readDirection } from './tls-direction.ts';
import { parseRecords, RECORD } from './tls-records.ts';
import { SUITES, type Suite } from './traffic-keys.ts';

/** All that could be read of one TLS 1.3 connection. */
export interface DecryptedTls {
  /** Application data. */
  readonly clientToServer: Buffer;
  readonly serverToClient: Buffer;
  /** Handshake messages with their headers, whether sent in the clear or sealed: hello, certificates, tickets, key updates. */
  readonly handshakeClient: Buffer;
  readonly handshakeServer: Buffer;
  /** Records that were sent in the clear, whole: what anybody on the path reads. */
  readonly clearClient: Buffer;
  readonly clearServer: Buffer;
  /** Plaintext of a last record that was cut off, content type and padding included; nothing vouches for it. */
  readonly cutClient: Buffer;
  readonly cutServer: Buffer;
  readonly client: Coverage;
  readonly server: Coverage;
  readonly alerts: readonly Alert[];
  readonly serverName: string | undefined;
  /** `TLS_AES_128_GCM_SHA256` and so on; undefined when the server never chose one of TLS 1.3. */
  readonly cipherSuite: string | undefined;
}

/** What was read of one direction, in bytes on the wire, record headers included. */
export interface Coverage {
  readonly sentBytes: number;
  /** Whole records that did not open, and bytes that are no record: 0 unless a secret is missing or this is not TLS 1.3. */
  readonly unreadBytes: number;
  /** The part of a last record that was sent before the sender died. */
  readonly cutTailBytes: number;
}

export interface Alert {
  readonly from: 'client' | 'server';
  /** RFC 8446, 6: 0 close_notify, 42 bad_certificate, 48 unknown_ca, 116 certificate_required ... */
  readonly description: number;
}

/**
 * Decrypts a recorded connection from the secrets that one of its ends logged; written from RFC 8446 and sharing no code
 * with the product. It follows key updates; it does not read early data, which Node never sends.
 *
 * @param keylogText - contents of the file of `node --tls-keylog=FILE`
 * @throws RangeError when a hello message is malformed
 */
export function decryptTls13(recording: Recording, keylogText: string): DecryptedTls {
  const keyLog = parseKeyLog(keylogText);
  const hello = firstClientHello(recording.clientToServer);
  const suite = suiteOf(recording.serverToClient);
  const client = readDirection('client', recording.clientToServer, secretsOf('CLIENT', keyLog, hello), suite);
  const server = readDirection('server', recording.serverToClient, secretsOf('SERVER', keyLog, hello), suite);
  return {
    clientToServer: client.application,
    serverToClient: server.application,
    handshakeClient: client.handshake,
    handshakeServer: server.handshake,
    clearClient: client.clear,
    clearServer: server.clear,
    cutClient: client.cut,
    cutServer: server.cut,
    client: client.coverage,
    server: server.coverage,
    alerts: [...client.alerts, ...server.alerts],
    serverName: hello?.serverName,
    cipherSuite: suite?.name,
  };
}

/** Every buffer of a decrypted connection that holds something one side sent, under a name for the test's message. */
export function sentBy(
  side: Alert['from'],
  tls: DecryptedTls,
): readonly { readonly name: string; readonly bytes: Buffer }[] {
  const isClient = side === 'client';
  return [
    { name: `${side}: in the clear`, bytes: isClient ? tls.clearClient : tls.clearServer },
    { name: `${side}: handshake`, bytes: isClient ? tls.handshakeClient : tls.handshakeServer },
    { name: `${side}: application data`, bytes: isClient ? tls.clientToServer : tls.serverToClient },
    { name: `${side}: record cut off`, bytes: isClient ? tls.cutClient : tls.cutServer },
  ];
}

function firstClientHello(stream: Buffer): ClientHello | undefined {
  const first = clearMessages(stream).find(({ type }) => type === HANDSHAKE.clientHello);
  return first === undefined ? undefined : parseClientHello(first.body);
}

/** The suite of the ServerHello that settles it, not of a request to say hello again. */
function suiteOf(stream: Buffer): Suite | undefined {
  for (const { type, body } of clearMessages(stream)) {
    if (type !== HANDSHAKE.serverHello) continue;
    const hello = parseServerHello(body);
    if (!hello.isRetry) return hello.isTls13 ? SUITES.get(hello.cipherSuite) : undefined;
  }
  return undefined;
}

function clearMessages(stream: Buffer) {
  const reader = makeHandshakeReader();
  return parseRecords(stream)
    .records.filter(({ type }) => type === RECORD.handshake)
    .flatMap(({ body }) => reader.take(body));
}

function secretsOf(side: 'CLIENT' | 'SERVER', keyLog: KeyLog, hello: ClientHello | undefined): DirectionSecrets {
  if (hello === undefined) return { handshake: undefined, application: undefined };
  return {
    handshake: keyLog(`${side}_HANDSHAKE_TRAFFIC_SECRET`, hello.random),
    application: keyLog(`${side}_TRAFFIC_SECRET_0`, hello.random),
  };
}
