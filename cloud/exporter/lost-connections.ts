import { ok, type Result } from '../../proto/words/result.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';
import { type ConnectionFigures, figuresOf } from './connection-record.ts';
import type { ExporterFault } from './exporter-fault.ts';
import type { Traffic, TrafficEntry } from './traffic.ts';

/** Connections logged as ended in one append; one process has at most a few open when it is killed. */
const CLOSINGS_PER_APPEND_MAX = 64;

/**
 * Logs the end of connections that a killed process left open. What was recorded of them is what went over them at most; where
 * nothing was, nobody can say any more, and the entry says so: null is not zero.
 */
export async function closeLostConnections(
  traffic: Traffic,
  captureOf: (connection: number) => ConnectionCapture | undefined,
): Promise<Result<undefined, ExporterFault>> {
  const lost = traffic.openConnections();
  for (let at = 0; at < lost.length; at += CLOSINGS_PER_APPEND_MAX) {
    const entries: TrafficEntry[] = [];
    for (const { transferId, openLeafIndex, opening } of lost.slice(at, at + CLOSINGS_PER_APPEND_MAX)) {
      const captured = captureOf(openLeafIndex);
      const figures = captured === undefined ? UNKNOWN : figuresOf(captured);
      const document = { ...opening, openLeafIndex, ...figures, ended: 'PROCESS_KILLED' };
      entries.push({ kind: 'connection', transferId, document });
    }
    const logged = await traffic.append(entries);
    if (!logged.ok) return logged;
  }
  return ok(undefined);
}

const NOTHING = { dataVolumeBytes: null, bytesSent: null, bytesReceived: null, durationMs: null };
const UNKNOWN: ConnectionFigures = { ...NOTHING, capture: null };
