import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** Who may be connected to is decided by whoever asks; both questions are asked before a byte is written. */
export interface ForwardAddress {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly authority: string; readonly certificateSha256: string | undefined };
  /** All addresses of a name. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** @returns the one to connect to; undefined refuses */
  readonly choose: (addresses: readonly string[]) => string | undefined;
  readonly mayReceive: (address: string | undefined) => boolean;
}

export type ForwardRefusal = 'address' | 'peer' | 'certificate' | 'unreachable';

const CONNECT_MS_MAX = 10_000;

/** @returns a connection to which nothing was written yet, or why there is none; a lookup that fails refuses */
export async function connectForward(to: ForwardAddress): Promise<Socket | ForwardRefusal> {
  const address = await chosen(to);
  if (address === undefined) return 'address';
  const opened = await open(to, address);
  if (typeof opened === 'string') return opened;
  // The second look: what the system connected to, and not what was asked for.
  const refusal = !to.mayReceive(opened.remoteAddress) ? 'peer' : isPinned(opened, to) ? undefined : 'certificate';
  if (refusal === undefined) return opened;
  opened.destroy();
  return refusal;
}

async function chosen({ host, lookup, choose }: ForwardAddress): Promise<string | undefined> {
  try {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly string[]>((resolve) => {
      timer = setTimeout(() => resolve([]), CONNECT_MS_MAX);
    });
    const addresses = isIP(host) === 0 ? await Promise.race([lookup(host), late]) : [host];
    clearTimeout(timer);
    return choose(addresses);
  } catch {
    return undefined;
  }
}

function open({ host, port, tls }: ForwardAddress, address: string): Promise<Socket | ForwardRefusal> {
  return new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      tls === undefined
        ? connect({ host: address, port })
        : connectTls({ host: address, port, ca: tls.authority, minVersion: 'TLSv1.2', ...name });
    const timer = setTimeout(() => socket.destroy(), CONNECT_MS_MAX);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    let isUntrusted = false;
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      isUntrusted = cause.syscall === undefined;
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(isUntrusted ? 'certificate' : 'unreachable');
    });
  });
}

function isPinned(socket: Socket, { tls }: ForwardAddress): boolean {
  if (tls?.certificateSha256 === undefined) return true;
  const { fingerprint256 } = (socket as TLSSocket).getPeerX509Certificate() ?? { fingerprint256: '' };
  return fingerprint256.replaceAll(':', '').toLowerCase() === tls.certificateSha256;
}
