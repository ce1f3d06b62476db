/** One TLS record as it stood on the wire (RFC 8446, 5.1). */
export interface TlsRecord {
  readonly type: number;
  /** The five bytes that are also the additional data of the encryption. */
  readonly header: Buffer;
  readonly body: Buffer;
}

export interface RecordStream {
  readonly records: readonly TlsRecord[];
  /** The last record, of which only a part was sent; empty when the stream ends between records. */
  readonly tail: Buffer;
  /** Bytes from the first one that cannot start a record, to the end: this is not TLS. */
  readonly strayBytes: number;
}

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, application: 23 } as const;
export const RECORD_HEADER_BYTES = 5;

/** 2^14 bytes of content, one of type, 255 of expansion (RFC 8446, 5.2). */
const RECORD_BODY_MAX_BYTES = 16_640;

/** Cuts one direction of a connection into records. */
export function parseRecords(stream: Buffer): RecordStream {
  const records: TlsRecord[] = [];
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= stream.length) {
    const header = stream.subarray(at, at + RECORD_HEADER_BYTES);
    if (!isHeader(header)) return { records, tail: Buffer.alloc(0), strayBytes: stream.length - at };
    const end = at + RECORD_HEADER_BYTES + header.readUInt16BE(3);
    if (end > stream.length) break;
    records.push({ type: header.readUInt8(0), header, body: stream.subarray(at + RECORD_HEADER_BYTES, end) });
    at = end;
  }
  return { records, tail: stream.subarray(at), strayBytes: 0 };
}

function isHeader(header: Buffer): boolean {
  const type = header.readUInt8(0);
  const isKnown = type >= RECORD.changeCipherSpec && type <= RECORD.application;
  return isKnown && header.readUInt8(1) === 3 && header.readUInt16BE(3) <= RECORD_BODY_MAX_BYTES;
}
