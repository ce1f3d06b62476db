import { createHash, type X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { CapturedConnection } from './capture/open-capture.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';
import type { Recipient } from './open-permit.ts';

/** The exporter's own certificate and key, PEM. */
export interface ClientIdentity {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** A connection to the right recipient. The certificate is taken along: a client's socket gives it away only once (Node 20). */
export interface SecureLine {
  readonly socket: TLSSocket;
  readonly certificate: X509Certificate;
}

/**
 * Opens TCP and sends nothing on it.
 *
 * One address only: a race between two of them would leave a connection that nobody recorded.
 *
 * @param signal - destroys the socket, also later on
 */
export function openTcp(host: string, port: number, signal: AbortSignal): Promise<Result<Socket, ExporterFault>> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, autoSelectFamily: false, signal });
    // The listener stays on: an error later on closes the socket, and whoever uses it sees that.
    socket.on('error', (cause) => resolve(fail(exporterFault('RECIPIENT_UNREACHABLE', errorCode(cause)))));
    socket.once('connect', () => resolve(ok(socket)));
  });
}

/**
 * TLS 1.3 with our certificate. The other side must be who the authority, the name in its certificate and the pinned
 * SHA-256 say it is, all three; until then, and until the secrets of TLS are on record, no byte of HTTP is written.
 */
export function handshake(
  { line: socket, keyLog, isReadable }: Pick<CapturedConnection, 'line' | 'keyLog' | 'isReadable'>,
  peer: { readonly host: string; readonly recipient: Recipient; readonly identity: ClientIdentity },
): Promise<Result<SecureLine, ExporterFault>> {
  const pinned = peer.recipient.certificateSha256;
  return new Promise((resolve) => {
    let isOther = false;
    const secure = connectTls({
      socket,
      host: peer.host,
      servername: isIP(peer.host) === 0 ? peer.host : '',
      ca: peer.recipient.authority,
      cert: peer.identity.certificate,
      key: peer.identity.key,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: (name, certificate) => {
        isOther = fingerprintOf(certificate.raw) !== pinned;
        return isOther ? new Error('another certificate') : checkServerIdentity(name, certificate);
      },
    });
    secure.on('keylog', keyLog);
    const giveUp = (why: string) => {
      const fault = isOther ? exporterFault('RECIPIENT_CERTIFICATE_OTHER') : exporterFault('RECIPIENT_TLS', why);
      secure.destroy();
      resolve(fail(fault));
    };
    secure.on('error', (cause) => giveUp(errorCode(cause)));
    secure.once('close', () => giveUp('CLOSED'));
    secure.once('secureConnect', () => {
      // The same question a second time, of the finished connection: no shortcut of the handshake may have skipped it.
      const certificate = secure.getPeerX509Certificate();
      isOther = certificate === undefined || fingerprintOf(certificate.raw) !== pinned;
      if (certificate === undefined || isOther || !secure.authorized) return giveUp('UNAUTHORIZED');
      void isReadable().then((readable) => {
        if (!readable.ok) secure.destroy();
        resolve(readable.ok ? ok({ socket: secure, certificate }) : readable);
      });
    });
  });
}

export function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
