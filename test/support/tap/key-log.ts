/** Secrets of one connection that a key log can hold (draft-ietf-tls-keylogfile, the NSS format). */
export type SecretLabel =
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

/** Finds a secret by its label and the random of the ClientHello. */
export type KeyLog = (label: SecretLabel, clientRandom: Buffer) => Buffer | undefined;

/**
 * Reads what `node --tls-keylog=FILE` wrote. Logs of both ends may stand one after the other, which helps when one end
 * was killed before it had written its lines; broken lines and other labels are passed over.
 */
export function parseKeyLog(text: string): KeyLog {
  const secrets = new Map<string, Buffer>();
  for (const [, label, random, secret] of text.matchAll(/^([A-Z0-9_]+) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){32,48})$/gim)) {
    if (label === undefined || random === undefined || secret === undefined) continue;
    secrets.set(`${label} ${random.toLowerCase()}`, Buffer.from(secret, 'hex'));
  }
  return (label, clientRandom) => secrets.get(`${label} ${clientRandom.toString('hex')}`);
}
