/**
 * The random of a ClientHello, by which a line of a key log names its connection. Hex, lower case; undefined when the bytes do not
 * begin with a ClientHello in TLS records.
 *
 * @param bytes - the first that the client sent
 */
export function clientRandomOf(bytes: Uint8Array): string | undefined {
  const isHello = bytes.length >= RANDOM_END && bytes[0] === HANDSHAKE_RECORD && bytes[5] === CLIENT_HELLO;
  return isHello ? Buffer.from(bytes.subarray(RANDOM_START, RANDOM_END)).toString('hex') : undefined;
}

/** The random that a line of a key log is for; undefined for a line of another form. */
export function clientRandomOfKey(line: string): string | undefined {
  return /^[A-Z0-9_]{1,64} ([0-9a-fA-F]{64}) [0-9a-fA-F]{2,256}$/.exec(line)?.[1]?.toLowerCase();
}

/** Without both of these what was sent and received after the handshake cannot be read by anybody. */
export const TRAFFIC_SECRETS = ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'] as const;

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
/** After 5 bytes of the record, 4 of the message and 2 of the version. */
const RANDOM_START = 11;
const RANDOM_END = RANDOM_START + 32;
