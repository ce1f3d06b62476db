import { BlockList, createServer, isIPv4, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { ok, type Result } from '../../proto/words/result.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { Origin } from '../terminals/ingress/binding.ts';
import type { SessionLink, TerminalSession } from '../terminals/ingress/session.ts';
import { listen, openTlsServer, type TlsServerSettings } from './mqtt-server.ts';

export interface TerminalServerSettings {
  readonly host: string;
  readonly port: number;
  /** A connection that says nothing for so long is ended. */
  readonly idleMs: number;
  /** Without it terminals are told apart by source and code. */
  readonly tls?: Pick<TlsServerSettings, 'certificate' | 'key' | 'deviceAuthority'>;
  /** Of cloud.yaml, where its files are named. */
  readonly section: string;
}

export interface TerminalServerEvents {
  readonly find: (device: DeviceId) => RegisteredDevice | undefined;
  readonly open: (origin: Origin, link: SessionLink) => TerminalSession;
  /** A connection that was ended or not let in; counted by reason. */
  readonly onEnded: (reason: EndReason) => void;
}

export type EndReason =
  | 'idle'
  | 'no-login'
  | 'too-large-before-login'
  | 'not-reading'
  | 'busy'
  | 'connections'
  | 'tls'
  | 'error';

export interface TerminalServer {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const CONNECTIONS_MAX = 20_000;
/** Time from the connection to the login. */
const LOGIN_MS_MAX = 30_000;
/** Of a frame that is not whole, before anybody has logged in: a login is short. */
const HELD_BEFORE_LOGIN_MAX = 4_096;
/** Answers that may wait for a terminal to read them. */
const UNREAD_ANSWERS_BYTES_MAX = 65_536;
/** Frames of one connection that may wait to be durable. */
const WAITING_MAX = 256;

/** TCP, with TLS and device certificates where they are set: connections, limits and segments. What they say is the session's. */
export async function listenForTerminals(
  settings: TerminalServerSettings,
  events: TerminalServerEvents,
): Promise<Result<TerminalServer, Fault>> {
  const sockets = new Set<Socket>();
  const sessions = new Set<TerminalSession>();
  const opened = openServer(settings);
  if (!opened.ok) return opened;
  const server = opened.value;
  server.maxConnections = CONNECTIONS_MAX;
  server.on('drop', () => events.onEnded('connections'));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A peer that is gone, or no TLS: the socket is destroyed by Node, and its end is told by its session.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => events.onEnded('tls'));
  server.on(settings.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
    serve(socket, settings, events, sessions),
  );
  const listening = await listen(server, settings, `${settings.section}.port`);
  if (!listening.ok) return listening;
  server.on('error', () => events.onEnded('error'));
  const ticking = tickAll(sessions);
  return ok({
    port: listening.value,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        clearInterval(ticking);
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

function openServer({ host, port, tls, section }: TerminalServerSettings): Result<Server, Fault> {
  return tls === undefined ? ok(createServer()) : openTlsServer({ host, port, ...tls }, `${section}.tls`);
}

const TICK_MS = 1_000;

/** Lets sessions look at the clock. */
export const tickAll = (sessions: Iterable<TerminalSession>): NodeJS.Timeout =>
  setInterval(() => {
    for (const session of sessions) session.tick?.();
  }, TICK_MS).unref();

function serve(
  socket: Socket,
  { idleMs, tls }: TerminalServerSettings,
  events: TerminalServerEvents,
  sessions: Set<TerminalSession>,
): void {
  const end = (reason: EndReason): void => {
    if (!socket.destroyed) events.onEnded(reason);
    socket.destroy();
  };
  const device = tls === undefined ? undefined : deviceOf(socket as TLSSocket, events);
  if (tls !== undefined && device === undefined) {
    end('tls');
    return;
  }
  const session = events.open(
    { device, isWithin: (networks) => isWithin(socket.remoteAddress ?? '', networks) },
    linkOf(socket, end),
  );
  sessions.add(session);
  const login = setTimeout(() => {
    if (!session.isLoggedIn()) end('no-login');
  }, LOGIN_MS_MAX);
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  socket.setTimeout(idleMs, () => end('idle'));
  socket.on('data', (segment: Buffer) => {
    session.push(segment);
    if (!session.isLoggedIn() && session.held() > HELD_BEFORE_LOGIN_MAX) end('too-large-before-login');
  });
  socket.once('close', () => {
    clearTimeout(login);
    sessions.delete(session);
    session.close();
  });
}

function linkOf(socket: Socket, end: (reason: EndReason) => void): SessionLink {
  return {
    write: (bytes) => {
      if (socket.destroyed || bytes.length === 0) return;
      socket.write(bytes);
      if (socket.writableLength > UNREAD_ANSWERS_BYTES_MAX) end('not-reading');
    },
    // What was answered before still goes out.
    end: () => socket.destroySoon(),
    waiting: (frames) => {
      if (frames >= WAITING_MAX) socket.pause();
      else if (socket.isPaused() && frames < WAITING_MAX / 2) socket.resume();
    },
  };
}

function deviceOf(socket: TLSSocket, { find }: TerminalServerEvents): RegisteredDevice | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : find(deviceIdOf(certificate.publicKey));
}

/** @param networks - CIDR; what does not parse holds nobody */
export function isWithin(remoteAddress: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    try {
      list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
    } catch {
      return false;
    }
  }
  const plain = remoteAddress.replace(/^::ffff:/, '');
  return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}
