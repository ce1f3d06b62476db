import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { Endpoint } from '../self-check/endpoints.ts';
import { createPeerWatch, type PeerReport } from '../self-check/peer-watch.ts';
import type { Peer } from '../self-check/tcp-table.ts';
import { ownPeers } from './own-sockets.ts';

/** How often the sockets are listed; connections that are shorter are seen as they are made. */
const LOOK_MS = 250;

/** How often names are resolved again: an operator may move an endpoint. */
const RESOLVE_MS = 60_000;

export interface SelfCheck {
  readonly report: (seconds: number) => PeerReport;
  readonly stop: () => void;
}

/** Watches whom this process connects to, from before the first connection on. */
export async function startSelfCheck(endpoints: readonly Endpoint[]): Promise<SelfCheck> {
  let allowed = await resolve(endpoints);
  const made: Peer[] = [];
  const watch = createPeerWatch(
    () => allowed,
    () => {
      const open = ownPeers();
      return open === undefined ? undefined : [...open, ...made.splice(0)];
    },
  );
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once('connect', () => {
      const { remoteAddress, remotePort } = socket;
      // A Unix socket has neither: it does not leave the machine.
      if (remoteAddress === undefined || remotePort === undefined) return;
      made.push({ address: remoteAddress, port: remotePort });
    });
  };
  subscribe('net.client.socket', onSocket);
  const timers = [
    setInterval(watch.look, LOOK_MS),
    setInterval(() => {
      void resolve(endpoints).then((resolved) => {
        allowed = [...allowed, ...resolved];
      });
    }, RESOLVE_MS),
  ];
  return {
    report: (seconds) => {
      watch.look();
      return watch.report(seconds);
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      unsubscribe('net.client.socket', onSocket);
    },
  };
}

async function resolve(endpoints: readonly Endpoint[]): Promise<readonly Peer[]> {
  const found = await Promise.all(
    endpoints.map(async ({ host, port }) => {
      const addresses = await lookup(host, { all: true }).catch(() => []);
      return addresses.map(({ address }) => ({ address, port }));
    }),
  );
  return found.flat();
}
