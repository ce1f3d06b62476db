/** A permit as the exporter is given it, read from what was signed (proto/schema/transfer.proto). Times are UTC milliseconds. */
export interface PermitText {
  readonly transferId: string;
  readonly manifestSha256: string;
  readonly recipientId: string;
  readonly recipientCertificateSha256: string;
  readonly endpoint: string;
  readonly purpose: string;
  readonly datasetId: string;
  readonly persons: number;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly verdictLeafIndex: number;
  /** SHA-256 of the key that the parcel is sealed to; `none`, or empty for permits of before. */
  readonly sealedTo: string;
  /** SHA-256 of the public key that signed it. */
  readonly keyId: string;
}

type Fields = ReadonlyMap<number, number | Uint8Array>;

const [BODY, KEY_ID] = [2, 3];
const [VARINT, BYTES] = [0, 2];
const SEVEN_BITS = 128;
const VARINT_BYTES_MAX = 8;

/** Undefined for what is no permit; the page then has the document alone. */
export function readPermit(envelopeBase64: unknown): PermitText | undefined {
  if (typeof envelopeBase64 !== 'string') return undefined;
  try {
    const envelope = fieldsOf(Uint8Array.from(atob(envelopeBase64), (sign) => sign.charCodeAt(0)));
    const body = fieldsOf(bytesOf(envelope, BODY));
    return {
      ...{ transferId: textOf(body, 1), manifestSha256: hexOf(body, 2), recipientId: textOf(body, 3) },
      ...{ recipientCertificateSha256: hexOf(body, 4), endpoint: textOf(body, 5), purpose: textOf(body, 6) },
      ...{ datasetId: textOf(body, 7), persons: countOf(body, 8), notBefore: countOf(body, 9) },
      ...{ expiresAt: countOf(body, 10), verdictLeafIndex: countOf(body, 11), sealedTo: textOf(body, 13) },
      keyId: hexOf(envelope, KEY_ID),
    };
  } catch {
    return undefined;
  }
}

/** @throws RangeError for bytes that end too soon, or a kind of field that permits do not have */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, number | Uint8Array>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let place = 0; place < VARINT_BYTES_MAX; place += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('bytes end within a figure');
      at += 1;
      value += (byte % SEVEN_BITS) * SEVEN_BITS ** place;
      if (byte < SEVEN_BITS) return value;
    }
    throw new RangeError('a figure is too large');
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag % 8;
    if (kind !== VARINT && kind !== BYTES) throw new RangeError('a field of another kind');
    const value = varint();
    if (kind === BYTES && at + value > bytes.length) throw new RangeError('bytes end within a field');
    fields.set(Math.floor(tag / 8), kind === VARINT ? value : bytes.subarray(at, at + value));
    if (kind === BYTES) at += value;
  }
  return fields;
}

/** @throws RangeError where there are no bytes */
function bytesOf(fields: Fields, number: number): Uint8Array {
  const value = fields.get(number) ?? new Uint8Array();
  if (typeof value === 'number') throw new RangeError('a figure in place of bytes');
  return value;
}

const textOf = (fields: Fields, number: number): string => new TextDecoder().decode(bytesOf(fields, number));

const hexOf = (fields: Fields, number: number): string =>
  [...bytesOf(fields, number)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Figures that are nothing are left out on the wire. */
const countOf = (fields: Fields, number: number): number => Number(fields.get(number) ?? 0);
