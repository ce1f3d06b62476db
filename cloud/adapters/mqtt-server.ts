import { constants } from 'node:crypto';
import type { Server as TcpServer } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { portUnavailable } from '../../proto/words/port-fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

/** Where vehicles connect, and with whose certificates. */
export interface TlsServerSettings {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** PEM of the authority that signs device certificates. */
  readonly deviceAuthority: string;
}

const HANDSHAKE_MS_MAX = 10_000;

/**
 * @param section - of cloud.yaml, where its files are named
 * @returns a server that asks for device certificates and does not listen yet
 */
export function openTlsServer(settings: TlsServerSettings, section: string): Result<Server, Fault> {
  try {
    return ok(createServer(tlsOptions(settings)));
  } catch (cause) {
    return fail(certificateUnusable(section, causeText(cause)));
  }
}

/** Connections that may wait to be taken: a fleet that comes out of a tunnel, or finds the cloud again, calls in at once. */
const BACKLOG = 4_096;

/**
 * @param key - of cloud.yaml, where the port is named
 * @returns the port it listens on
 */
export function listen(
  server: TcpServer,
  { host, port }: Pick<TlsServerSettings, 'host' | 'port'>,
  key: string,
): Promise<Result<number, Fault>> {
  return new Promise((resolve) => {
    const refuseToListen = (cause: Error): void => resolve(fail(portUnavailable({ key, host, port }, cause)));
    server.once('error', refuseToListen);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', refuseToListen);
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/** Why a certificate was not trusted, in OpenSSL's word (`CERT_HAS_EXPIRED`); Node itself only says that the socket hung up. */
export function whyUntrusted(socket: TLSSocket, cause: Error): string {
  const word: unknown = socket.authorizationError;
  return typeof word === 'string' ? word : causeText(cause);
}

function tlsOptions(settings: TlsServerSettings) {
  return {
    cert: settings.certificate,
    key: settings.key,
    ca: settings.deviceAuthority,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    handshakeTimeout: HANDSHAKE_MS_MAX,
    // No vehicle of ours resumes a session, and one that did would not be held against its certificate again. Making tickets
    // was a quarter of a handshake, and a third of what a connection holds (docs/adr/0148).
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const;
}

function certificateUnusable(section: string, cause: string): Fault<'CERTIFICATE_UNUSABLE'> {
  return {
    code: 'CERTIFICATE_UNUSABLE',
    problem: bilingual(
      `the certificates of the vehicle port cannot be used: ${cause}`,
      `车辆接入端口的证书无法使用：${cause}`,
    ),
    remedy: bilingual(
      `check \`${section}.certificateFile\`, \`${section}.keyFile\` and \`${section}.deviceAuthorityFile\`: PEM, and key and certificate of one pair`,
      `请检查 \`${section}.certificateFile\`、\`${section}.keyFile\` 与 \`${section}.deviceAuthorityFile\`：须为 PEM 格式，且密钥与证书配对`,
    ),
    retry: 'after-remedy',
  };
}
