/**
 * Bytes of a text in base64 (RFC 4648 section 4, padding required).
 *
 * Node's own decoder skips what is no base64 and reads on; here such a text is none.
 */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Buffer.byteLength(text, 'base64') ? bytes : undefined;
}
