import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The list of captured connections: one line of JSON each, appended when one has ended. It can be made into an index by anybody. */
export const CATALOGUE_FILE = 'connections.ndjson';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

/** A connection that has ended. Times are ms since 1970 UTC; `sent` is from the exporter, whoever opened the connection. */
export const ConnectionCapture = z.strictObject({
  kind: z.literal('connection'),
  /** Index of the opening entry in the traffic log. */
  connection: Count,
  transferId: z.string().max(64),
  initiator: z.enum(['own', 'peer']),
  ownIp: z.string().max(64),
  ownPort: z.int().min(0).max(65_535),
  peerIp: z.string().max(64),
  peerPort: z.int().min(0).max(65_535),
  startMs: Count,
  endMs: Count,
  bytesSent: Count,
  bytesReceived: Count,
  packetsSent: Count,
  packetsReceived: Count,
  frameBytesSent: Count,
  frameBytesReceived: Count,
  /** In order, all of them. */
  segments: z.array(z.strictObject({ sha256: Digest, bytes: Count })).min(1),
  /** False when the process that wrote it was killed: what it had made durable is there, and nobody knows how the connection ended. */
  isWhole: z.boolean(),
  previous: Digest,
});

/** Segments of a connection whose time was over. Written before they are removed. */
export const CaptureDeletion = z.strictObject({
  kind: z.literal('deleted'),
  connection: Count,
  atMs: Count,
  /** The row of law under which it had been kept. */
  row: z.string().max(64),
  previous: Digest,
});

export type ConnectionCapture = z.infer<typeof ConnectionCapture>;
export type CaptureDeletion = z.infer<typeof CaptureDeletion>;
export type CatalogueEntry = ConnectionCapture | CaptureDeletion;

const Entry = z.discriminatedUnion('kind', [ConnectionCapture, CaptureDeletion]);

/** What the first line follows. */
export const CHAIN_START = '0'.repeat(64);

/** A line and what the next one has to name as `previous`. */
export function encodeEntry(entry: CatalogueEntry): { readonly line: Buffer; readonly chain: string } {
  const text = JSON.stringify(entry);
  return { line: Buffer.from(`${text}\n`), chain: chainOf(text) };
}

/** An entry that follows another, or undefined for a line that is none or does not. */
export function decodeEntry(
  text: string,
  previous: string,
): { readonly entry: CatalogueEntry; readonly chain: string } | undefined {
  try {
    const parsed = Entry.safeParse(JSON.parse(text));
    if (!parsed.success || parsed.data.previous !== previous) return undefined;
    return { entry: parsed.data, chain: chainOf(text) };
  } catch {
    return undefined;
  }
}

function chainOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
