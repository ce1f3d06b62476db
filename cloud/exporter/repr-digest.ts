/** `Repr-Digest` (RFC 9530) of a whole file, whatever part of it a request carries. @param sha256 - lower-case hex */
export function digestField(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}

/** The SHA-256 of such a field in lower-case hex, or undefined where it is not exactly one. */
export function parseDigestField(field: string): string | undefined {
  const [, encoded] = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(field) ?? [];
  const sha256 = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('hex');
  return sha256 !== '' && digestField(sha256) === field ? sha256 : undefined;
}

/** `Content-Range` of a PUT that goes on where another ended: always up to the end of the file. */
export function parseContentRange(field: string): { readonly from: number; readonly total: number } | undefined {
  const [, first = '', last = '', whole = ''] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(field) ?? [];
  const [from, to, total] = [Number(first), Number(last), Number(whole)];
  return whole !== '' && to === total - 1 && from <= to ? { from, total } : undefined;
}
