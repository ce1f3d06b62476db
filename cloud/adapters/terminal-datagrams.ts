import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Fault } from '../../proto/words/fault.ts';
import { portUnavailable } from '../../proto/words/port-fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { SessionLink, TerminalSession } from '../terminals/ingress/session.ts';
import {
  type EndReason,
  isWithin,
  type TerminalServer,
  type TerminalServerEvents,
  tickAll,
} from './terminal-server.ts';

export interface TerminalDatagramSettings {
  readonly host: string;
  readonly port: number;
  /** A peer that says nothing for so long is forgotten. */
  readonly idleMs: number;
}

/** Addresses that are remembered, and those of them that have not logged in: each of those is somebody's word only. */
const PEERS_MAX = 20_000;
const STRANGERS_MAX = 2_000;
/** A peer that has not logged in is forgotten after so long. */
const STRANGER_MS_MAX = 30_000;
/** Messages of one peer that may wait to be durable: what comes beyond them is let go, unanswered. */
const WAITING_MAX = 256;
/** Bytes of answers that wait for the network. */
const UNSENT_BYTES_MAX = 4_194_304;

interface Peer {
  readonly session: TerminalSession;
  heardAt: number;
  waiting: number;
}

/** UDP: one session for each address and port. What is lost on the way is sent again by who misses the answer. */
export async function listenForDatagrams(
  { host, port, idleMs }: TerminalDatagramSettings,
  events: Omit<TerminalServerEvents, 'find'> & { readonly now: () => number },
): Promise<Result<TerminalServer, Fault>> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const peers = new Map<string, Peer>();
  const strangers = new Set<string>();
  const forget = (name: string, reason: EndReason | undefined): void => {
    const peer = peers.get(name);
    if (peer === undefined) return;
    peers.delete(name);
    strangers.delete(name);
    if (reason !== undefined) events.onEnded(reason);
    peer.session.close();
  };
  const admit = (name: string, from: RemoteInfo): Peer | undefined => {
    if (peers.size >= PEERS_MAX || strangers.size >= STRANGERS_MAX) {
      events.onEnded('connections');
      return undefined;
    }
    const origin = { device: undefined, isWithin: (networks: readonly string[]) => isWithin(from.address, networks) };
    const link = linkOf(socket, from, {
      end: () => forget(name, undefined),
      waiting: (frames) => {
        peer.waiting = frames;
      },
    });
    const peer: Peer = { session: events.open(origin, link), heardAt: events.now(), waiting: 0 };
    peers.set(name, peer);
    return peer;
  };
  socket.on('message', (datagram, from) => {
    const name = `${from.address} ${from.port}`;
    const peer = peers.get(name) ?? admit(name, from);
    if (peer === undefined) return;
    if (peer.waiting >= WAITING_MAX) {
      events.onEnded('busy');
      return;
    }
    peer.heardAt = events.now();
    peer.session.push(datagram);
    // It may have logged in, have deregistered, or be forgotten by now.
    if (peer.session.isLoggedIn() || peers.get(name) !== peer) strangers.delete(name);
    else strangers.add(name);
  });
  const bound = await bind(socket, { host, port });
  if (!bound.ok) return bound;
  socket.on('error', () => events.onEnded('error'));
  const ticking = tickAll(sessionsOf(peers));
  const sweeping = setInterval(() => {
    const now = events.now();
    for (const [name, { session, heardAt }] of peers) {
      const isIn = session.isLoggedIn();
      if (Math.abs(now - heardAt) > (isIn ? idleMs : STRANGER_MS_MAX)) forget(name, isIn ? 'idle' : 'no-login');
    }
  }, SWEEP_MS).unref();
  return ok({
    port: bound.value,
    connections: () => peers.size,
    close: () =>
      new Promise((resolve) => {
        for (const timer of [ticking, sweeping]) clearInterval(timer);
        for (const name of [...peers.keys()]) forget(name, undefined);
        socket.close(() => resolve());
      }),
  });
}

const SWEEP_MS = 5_000;

const sessionsOf = (peers: ReadonlyMap<string, Peer>): Iterable<TerminalSession> => ({
  *[Symbol.iterator]() {
    for (const { session } of peers.values()) yield session;
  },
});

function linkOf(
  socket: Socket,
  { address, port }: RemoteInfo,
  peer: Pick<SessionLink, 'end' | 'waiting'>,
): SessionLink {
  return {
    ...peer,
    write: (bytes) => {
      if (bytes.length === 0 || socket.getSendQueueSize() > UNSENT_BYTES_MAX) return;
      // Whoever misses an answer sends again; a socket that is closed by then answers nobody.
      socket.send(bytes, port, address, () => undefined);
    },
  };
}

function bind(socket: Socket, { host, port }: { readonly host: string; readonly port: number }) {
  return new Promise<Result<number, Fault>>((resolve) => {
    const refuse = (cause: Error): void =>
      resolve(fail(portUnavailable({ key: 'terminals.jt808.udp.port', host, port }, cause)));
    socket.once('error', refuse);
    socket.bind(port, host, () => {
      socket.off('error', refuse);
      resolve(ok(socket.address().port));
    });
  });
}
