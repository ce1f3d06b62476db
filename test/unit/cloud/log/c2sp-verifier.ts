import { createHash, createPublicKey, verify } from 'node:crypto';

/**
 * A second reading of C2SP signed-note and tlog-checkpoint, for tests only: written from the text of the two
 * specifications, sharing nothing with cloud/log, and as literal as it can be.
 *
 * @param rawKey - 32 bytes, RFC 8032
 * @returns what the checkpoint says
 * @throws Error naming the sentence of the specification that the bytes break
 */
export function readC2spCheckpoint(
  bytes: Uint8Array,
  keyName: string,
  rawKey: Uint8Array,
): { readonly origin: string; readonly size: bigint; readonly root: Buffer; readonly extensions: readonly string[] } {
  const note = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  for (const character of note) {
    const codepoint = character.codePointAt(0) ?? 0;
    must(codepoint >= 0x20 || codepoint === 0x0a, 'no ASCII control characters other than newline');
  }
  const blank = note.lastIndexOf('\n\n');
  must(blank > 0, 'text, a blank line, signature lines');
  const text = note.slice(0, blank + 1);
  const signatureLines = note.slice(blank + 2).split('\n');
  must(signatureLines.pop() === '', 'a signature line ends in a newline');
  must(signatureLines.length >= 1, 'one or more signature lines');

  const id = createHash('sha256').update(keyName).update(Buffer.of(0x0a, 0x01)).update(rawKey).digest().subarray(0, 4);
  // RFC 8410: the fixed beginning of an Ed25519 SubjectPublicKeyInfo.
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), rawKey]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  let signed = 0;
  for (const line of signatureLines) {
    const [dash, name, blob, ...rest] = line.split(' ');
    must(
      dash === '\u2014' && name !== undefined && blob !== undefined && rest.length === 0,
      'em dash, name, signature',
    );
    const decoded = Buffer.from(blob ?? '', 'base64');
    must(decoded.toString('base64') === blob, 'base64 of RFC 4648 section 4');
    if (name !== keyName || !decoded.subarray(0, 4).equals(id)) continue;
    must(verify(null, Buffer.from(text), key, decoded.subarray(4)), 'a signature from a known key verifies');
    signed += 1;
  }
  must(signed > 0, 'some signature from a known key');

  const lines = text.split('\n');
  must(lines.pop() === '', 'the text ends in a newline');
  must(lines.length >= 3 && lines.every((line) => line !== ''), 'at least three non-empty lines');
  const [origin, size, root, ...extensions] = lines;
  must(/^(0|[1-9][0-9]*)$/.test(size ?? ''), 'ASCII decimal without leading zeroes');
  const decodedRoot = Buffer.from(root ?? '', 'base64');
  must(decodedRoot.length === 32 && decodedRoot.toString('base64') === root, 'base64 of a SHA-256 root');
  return { origin: origin ?? '', size: BigInt(size ?? '0'), root: decodedRoot, extensions };
}

function must(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(`not as specified: ${sentence}`);
}
