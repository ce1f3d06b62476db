import { ok, type Result } from '../../proto/words/result.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { Traffic, TrafficEntry } from './traffic.ts';

/** Connections logged as ended in one append; one process has at most a few open when it is killed. */
const CLOSINGS_PER_APPEND_MAX = 64;

/**
 * Logs the end of connections that a killed process left open. How much went over them nobody can say any more, and the
 * entry says so: null is not zero.
 */
export async function closeLostConnections(traffic: Traffic): Promise<Result<undefined, ExporterFault>> {
  const lost = traffic.openConnections();
  for (let at = 0; at < lost.length; at += CLOSINGS_PER_APPEND_MAX) {
    const entries: TrafficEntry[] = [];
    for (const { transferId, openLeafIndex, opening } of lost.slice(at, at + CLOSINGS_PER_APPEND_MAX)) {
      const document = { ...opening, openLeafIndex, ...UNKNOWN, ended: 'PROCESS_KILLED' };
      entries.push({ kind: 'connection', transferId, document });
    }
    const logged = await traffic.append(entries);
    if (!logged.ok) return logged;
  }
  return ok(undefined);
}

const UNKNOWN = { dataVolumeBytes: null, bytesSent: null, bytesReceived: null, durationMs: null } as const;
