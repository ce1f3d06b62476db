import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { CloudConfig } from '../config/config.ts';
import { findOfTransfer } from '../log/find-entries.ts';
import { keepLog } from '../log/read-log.ts';
import type { SettleParts } from '../transfer/settle-transfers.ts';

/** Entries of a transfer that was refused before anything was begun; more are of one that was. */
const ENTRIES_MAX = 16;

/**
 * Whether the exporter's log has a transfer as refused and nothing else of it; nothing without `monitoring.trafficLog`, as then nobody
 * can tell. The log is opened the first time that it is asked.
 */
export function trafficOf({ config, path }: LoadedConfig<CloudConfig>): Pick<SettleParts, 'neverBegun'> {
  const { trafficLog } = config.monitoring ?? {};
  if (trafficLog === undefined) return {};
  const log = keepLog({
    directory: path(trafficLog.directory),
    origin: `${config.log.origin}/traffic`,
    publicKey: createPublicKey(readFileSync(path(trafficLog.publicKeyFile))),
  });
  return {
    neverBegun: (transferId) => {
      try {
        const read = log.read();
        if (!read.ok) return 'unknown';
        const { entries, next } = findOfTransfer(read.value, transferId, 0 as Instant, ENTRIES_MAX);
        if (entries.some(({ leaf }) => leaf.kind !== 'refused')) return false;
        return entries.length > 0 && next === undefined ? true : 'unknown';
      } catch {
        // A damaged file says nothing.
        return 'unknown';
      }
    },
  };
}
