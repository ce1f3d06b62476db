import { assert } from '../../proto/words/result.ts';
import type { StoredKey } from '../ports/key-vault.ts';
import type { CarriedSegment, SegmentHead } from '../ports/zone-store.ts';

/** What a record says in clear: what the rows of the zone's file and of its vault say. */
interface Head extends Omit<SegmentHead, 'key'> {
  readonly id: number;
  readonly session: number;
  readonly wrapped: string;
  readonly sealedSession: string;
}

const LENGTH_BYTES = 4;

/** A segment and what opens it under the zone's key, as bytes: length of the head, head, what is sealed. */
export function encodeSegment({ head, sealed, key, session }: CarriedSegment): Buffer {
  const { key: id, ...rest } = head;
  const wrapped = base64(key.wrapped);
  const text: Head = { ...rest, id, session: session.id, wrapped, sealedSession: base64(session.sealed) };
  const json = Buffer.from(JSON.stringify(text));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, sealed]);
}

/** @param bytes - under a mark of ours, so that they are as they were written */
export function decodeSegment(bytes: Buffer): CarriedSegment {
  const sealedAt = LENGTH_BYTES + bytes.readUInt32BE(0);
  const { id, session, wrapped, sealedSession, ...rest } = JSON.parse(
    bytes.toString('utf8', LENGTH_BYTES, sealedAt),
  ) as Head;
  assert(Number.isSafeInteger(id) && Number.isSafeInteger(rest.first), 'a marked record is a segment');
  const { deviceNumber, retention, day } = rest;
  const key: StoredKey = { id, session, deviceNumber, retention, day, wrapped: Buffer.from(wrapped, 'base64') };
  return {
    head: { ...rest, key: id },
    sealed: bytes.subarray(sealedAt),
    key,
    session: { id: session, sealed: Buffer.from(sealedSession, 'base64') },
  };
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
