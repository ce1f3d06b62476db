/** Handshake messages that the decrypter has to understand (RFC 8446, 4). */
export const HANDSHAKE = { clientHello: 1, serverHello: 2, finished: 20, keyUpdate: 24 } as const;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
}

/** Puts messages together that were cut into records, or packed into one. */
export interface HandshakeReader {
  /** Takes the next piece and returns the messages that it completed. */
  readonly take: (piece: Buffer) => readonly HandshakeMessage[];
}

export interface ClientHello {
  readonly random: Buffer;
  /** Host name in the clear (RFC 6066, 3). */
  readonly serverName: string | undefined;
}

export interface ServerHello {
  /** `0x1301` and so on. */
  readonly cipherSuite: number;
  readonly isTls13: boolean;
  /** HelloRetryRequest: another ClientHello follows, and no keys yet. */
  readonly isRetry: boolean;
}

const MESSAGE_HEADER_BYTES = 4;
const EXTENSION = { serverName: 0, supportedVersions: 43 } as const;
const TLS_1_3 = 0x0304;
/** SHA-256 of "HelloRetryRequest" (RFC 8446, 4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

export function makeHandshakeReader(): HandshakeReader {
  let held: Buffer = Buffer.alloc(0);
  const take = (piece: Buffer): readonly HandshakeMessage[] => {
    held = Buffer.concat([held, piece]);
    const messages: HandshakeMessage[] = [];
    while (held.length >= MESSAGE_HEADER_BYTES) {
      const end = MESSAGE_HEADER_BYTES + held.readUIntBE(1, 3);
      if (end > held.length) break;
      messages.push({ type: held.readUInt8(0), body: held.subarray(MESSAGE_HEADER_BYTES, end) });
      held = held.subarray(end);
    }
    return messages;
  };
  return { take };
}

/** @throws RangeError when the message is malformed */
export function parseClientHello(body: Buffer): ClientHello {
  const random = body.subarray(2, 34);
  let at = 34;
  at += 1 + body.readUInt8(at);
  at += 2 + body.readUInt16BE(at);
  at += 1 + body.readUInt8(at);
  const name = extensionsOf(body, at).get(EXTENSION.serverName);
  // List length, kind of name, length of name; there is only the one kind.
  return { random, serverName: name?.subarray(5, 5 + name.readUInt16BE(3)).toString('latin1') };
}

/** @throws RangeError when the message is malformed */
export function parseServerHello(body: Buffer): ServerHello {
  const at = 34 + 1 + body.readUInt8(34);
  const version = extensionsOf(body, at + 3).get(EXTENSION.supportedVersions);
  return {
    cipherSuite: body.readUInt16BE(at),
    isTls13: version?.readUInt16BE(0) === TLS_1_3,
    isRetry: body.subarray(2, 34).equals(RETRY_RANDOM),
  };
}

function extensionsOf(body: Buffer, start: number): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = start + 2;
  while (at + 4 <= body.length) {
    const end = at + 4 + body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, end));
    at = end;
  }
  return found;
}
