import { fullForm, type Peer } from './tcp-table.ts';

/** Everybody that a process was connected to while it was watched. */
export interface PeerReport {
  readonly seconds: number;
  /** How often it was looked. */
  readonly looks: number;
  readonly peers: readonly SeenPeer[];
  /** No peer but those that the configuration names, and it could be looked. */
  readonly ok: boolean;
}

export interface SeenPeer extends Peer {
  readonly isConfigured: boolean;
  readonly seen: number;
}

export interface PeerWatch {
  readonly look: () => void;
  readonly report: (seconds: number) => PeerReport;
}

/** Peers told of; a process with more of them is reported as not ok in any case. */
const PEERS_MAX = 10_000;

/**
 * @param allowed - addresses that the configured endpoints resolve to, with their ports
 * @param ownPeers - peers of this process at this moment; undefined when they cannot be read
 */
export function createPeerWatch(
  allowed: () => readonly Peer[],
  ownPeers: () => readonly Peer[] | undefined,
): PeerWatch {
  const seen = new Map<string, SeenPeer>();
  let looks = 0;
  let isBlind = false;
  return {
    look: () => {
      const peers = ownPeers();
      if (peers === undefined) isBlind = true;
      else looks += 1;
      const known = new Set(allowed().map(nameOf));
      for (const peer of peers ?? []) {
        const name = nameOf(peer);
        const before = seen.get(name);
        // Configured at one look and not at another is not configured.
        const isConfigured = known.has(name) && (before?.isConfigured ?? true);
        if (before !== undefined || seen.size < PEERS_MAX)
          seen.set(name, { ...peer, isConfigured, seen: (before?.seen ?? 0) + 1 });
        else isBlind = true;
      }
    },
    report: (seconds) => {
      const peers = [...seen.values()];
      const ok = !isBlind && looks > 0 && peers.every(({ isConfigured }) => isConfigured);
      return { seconds, looks, peers, ok };
    },
  };
}

const nameOf = ({ address, port }: Peer): string => `${fullForm(address)} ${port}`;
