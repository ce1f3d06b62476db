import { createDecipheriv, createHmac } from 'node:crypto';

/** Traffic secrets by the client random they belong to, from an NSS key log (`node --tls-keylog`). */
export type KeyLog = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

export function parseKeyLog(text: string): KeyLog {
  const sessions = new Map<string, Map<string, Buffer>>();
  for (const line of text.split('\n')) {
    const [label, random, secret] = line.trim().split(' ');
    if (label === undefined || random === undefined || secret === undefined) continue;
    const session = sessions.get(random) ?? new Map<string, Buffer>();
    sessions.set(random, session.set(label, Buffer.from(secret, 'hex')));
  }
  return sessions;
}

/** What one side of a TLS 1.3 connection said, in plain (RFC 8446). */
export interface Decrypted {
  /** Records in the clear (ClientHello), then every decrypted handshake and application record, in order. */
  readonly plain: Buffer;
  /** Whole records that no key opened. */
  readonly unreadBytes: number;
  /** Bytes of a last record that was cut when its sender was killed; nobody could read them either. */
  readonly cutBytes: number;
}

interface Record_ {
  readonly type: number;
  readonly header: Buffer;
  readonly body: Buffer;
}

const HANDSHAKE = 22;
const APPLICATION = 23;

/** Cipher suites of RFC 8446 section B.4. */
const SUITES: Readonly<Record<number, { readonly cipher: string; readonly hash: string; readonly keyBytes: number }>> = {
  0x1301: { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 },
  0x1302: { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 },
  0x1303: { cipher: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 },
};

/** Decrypts what the client sent. The server's bytes are needed for the cipher suite that it chose. */
export function decryptClient(connection: { readonly clientToServer: Buffer; readonly serverToClient: Buffer }, keys: KeyLog): Decrypted {
  const { records, cutBytes } = recordsOf(connection.clientToServer);
  const hello = records[0];
  const answer = recordsOf(connection.serverToClient).records.find(({ type }) => type === HANDSHAKE);
  const secrets = hello === undefined ? undefined : keys.get(hello.body.subarray(6, 38).toString('hex'));
  const suite = answer === undefined ? undefined : SUITES[suiteOf(answer.body)];
  const parts: Buffer[] = [];
  let unreadBytes = 0;
  const readers = ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'].flatMap((label) => {
    const secret = secrets?.get(label);
    return secret === undefined || suite === undefined ? [] : [reader(secret, suite)];
  });
  for (const record of records) {
    if (record.type !== APPLICATION) {
      parts.push(record.body);
      continue;
    }
    const plain = open(readers, record);
    if (plain === undefined) unreadBytes += record.body.length;
    else parts.push(plain);
  }
  return { plain: Buffer.concat(parts), unreadBytes, cutBytes };
}

/** Handshake keys come first; once the next keys open a record, the earlier are done with. */
function open(readers: Reader[], record: Record_): Buffer | undefined {
  for (let index = 0; index < readers.length; index += 1) {
    const plain = readers[index]?.(record);
    if (plain === undefined) continue;
    readers.splice(0, index);
    return plain;
  }
  return undefined;
}

type Reader = (record: Record_) => Buffer | undefined;

function reader(secret: Buffer, { cipher, hash, keyBytes }: { cipher: string; hash: string; keyBytes: number }): Reader {
  const key = expandLabel(secret, 'key', keyBytes, hash);
  const iv = expandLabel(secret, 'iv', 12, hash);
  let sequence = 0;
  return ({ header, body }) => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
    const decipher = createDecipheriv(cipher as 'aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAAD(header);
    decipher.setAuthTag(body.subarray(body.length - 16));
    const plain = decipher.update(body.subarray(0, body.length - 16));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    sequence += 1;
    return plain;
  };
}

/** HKDF-Expand-Label with an empty context (RFC 8446 section 7.1); one block is enough for a key or an iv. */
function expandLabel(secret: Buffer, label: string, length: number, hash: string): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

function recordsOf(bytes: Buffer): { readonly records: readonly Record_[]; readonly cutBytes: number } {
  const records: Record_[] = [];
  let offset = 0;
  while (offset + 5 <= bytes.length) {
    const length = bytes.readUInt16BE(offset + 3);
    if (offset + 5 + length > bytes.length) break;
    const header = bytes.subarray(offset, offset + 5);
    records.push({ type: header[0] ?? 0, header, body: bytes.subarray(offset + 5, offset + 5 + length) });
    offset += 5 + length;
  }
  return { records, cutBytes: bytes.length - offset };
}

/** ServerHello: type 1, length 3, version 2, random 32, session id, then the suite. */
function suiteOf(hello: Buffer): number {
  const sessionBytes = hello[38] ?? 0;
  return hello.length >= 41 + sessionBytes ? hello.readUInt16BE(39 + sessionBytes) : 0;
}
