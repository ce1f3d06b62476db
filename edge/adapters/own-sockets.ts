import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Peer, parseTcpTable } from '../self-check/tcp-table.ts';

/**
 * Whom this process is connected to by TCP at this moment, from Linux's own account of it.
 *
 * @returns undefined where there is no such account
 */
export function ownPeers(): readonly Peer[] | undefined {
  try {
    const inodes = new Set(readdirSync('/proc/self/fd').flatMap(inodeOf));
    const tables = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/self/net/${name}`, 'utf8'));
    return tables
      .flatMap((text) => parseTcpTable(text).filter(({ inode }) => inodes.has(inode)))
      .map(({ peer }) => peer);
  } catch {
    return undefined;
  }
}

/** A handle that is closed meanwhile is no socket any more. */
function inodeOf(descriptor: string): readonly string[] {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1];
    return inode === undefined ? [] : [inode];
  } catch {
    return [];
  }
}
