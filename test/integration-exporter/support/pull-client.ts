import { createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { sealReceipt } from '../../../cloud/exporter/envelope.ts';
import { encodeReceipt, type Permit } from '../../../proto/codec/transfer-codec.ts';
import { type Border, RECIPIENT_ID } from './border.ts';
import { writeExporterConfig } from './configs.ts';

export const PULL_ENDPOINT = 'https://recipient.example';

/** Writes exporter.yaml for a recipient that fetches, and the certificate that it is shown. */
export async function writePullConfig(
  border: Border,
  listen: { readonly host: string; readonly port: number },
  changes: Readonly<Record<string, unknown>> = {},
  { sealedTo = 'none', ...more }: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const server = await border.authority.issue('exporter', 'server');
  writeFileSync(join(border.root, 'keys/pull.crt'), server.certificate);
  writeFileSync(join(border.root, 'keys/pull.key'), server.key);
  const authorityFile = 'keys/authority.crt';
  const own = { id: RECIPIENT_ID, endpoint: PULL_ENDPOINT, certificateSha256: border.recipient.sha256, authorityFile };
  const pull = {
    listen,
    certificateFile: 'keys/pull.crt',
    keyFile: 'keys/pull.key',
    clientAuthorityFile: authorityFile,
  };
  return writeExporterConfig(border, PULL_ENDPOINT, {
    recipients: [{ ...own, sealedTo, delivery: 'pull' }],
    pull: { ...pull, ...changes },
    ...more,
  });
}

export interface Fetched {
  /** 0 when the line broke before an answer. */
  readonly status: number;
  /** What came of the body. */
  readonly body: Buffer;
}

/** A line to the pull server with the recipient's certificate, and nothing said on it yet. */
export function dialPull(border: Border, port: number, host = '127.0.0.1'): TLSSocket {
  const { certificate: cert, key } = border.recipient;
  const socket = connect({
    host,
    port,
    ca: border.authority.certificate,
    cert,
    key,
    checkServerIdentity: () => undefined,
  });
  socket.on('error', () => undefined);
  return socket;
}

/**
 * Asks over a line of its own and reads until the body is there, the line breaks, or so many bytes of the body have come: then it
 * reads no more, calls `stall`, and waits for the line to break.
 */
export async function fetchPull(
  border: Border,
  port: number,
  asked: { readonly path: string; readonly from?: number; readonly body?: Uint8Array; readonly host?: string },
  stallAt?: { readonly bytes: number; readonly stall: () => Promise<void> },
): Promise<Fetched> {
  const socket = dialPull(border, port, asked.host);
  const range = asked.from === undefined ? '' : `range: bytes=${asked.from}-\r\n`;
  const length = asked.body === undefined ? '' : `content-length: ${asked.body.length}\r\n`;
  socket.write(
    `${asked.body === undefined ? 'GET' : 'POST'} ${asked.path} HTTP/1.1\r\nhost: a\r\n${range}${length}\r\n`,
  );
  if (asked.body !== undefined) socket.write(asked.body);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Head | undefined;
  const fetched = (): Fetched => {
    const all = Buffer.concat(chunks);
    return { status: head?.status ?? 0, body: all.subarray(head?.bytes ?? all.length) };
  };
  try {
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      head ??= headOf(Buffer.concat(chunks));
      const got = head === undefined ? 0 : bytes - head.bytes;
      if (stallAt !== undefined && got >= stallAt.bytes) {
        await stallAt.stall();
        return fetched();
      }
      if (head !== undefined && got >= head.wanted) break;
    }
  } catch {
    // Broken off: what came is what there is.
  }
  socket.destroy();
  return fetched();
}

interface Head {
  readonly status: number;
  /** Of the head itself. */
  readonly bytes: number;
  /** Of the body, as it says. */
  readonly wanted: number;
}

function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, bytes: end + 4, wanted: Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) };
}

/** The recipient's signed receipt for a parcel of so many bytes, the manifest included. */
export function receiptFor(border: Border, permit: Permit, bytesReceived: number): Uint8Array {
  const key = createPrivateKey(border.recipient.key);
  const { transferId, manifestSha256, recipientId } = permit;
  const body = encodeReceipt({ transferId, manifestSha256, recipientId, receivedAtMs: 1, bytesReceived });
  return sealReceipt(body, key, createPublicKey(key));
}
