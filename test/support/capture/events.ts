import fc from 'fast-check';
import type { ConnectionCapture } from '../../../cloud/capture/capture-record.ts';
import type { CaptureEvent } from '../../../cloud/capture/event.ts';
import type { Instant } from '../../../proto/words/time.ts';

export const START = Date.UTC(2026, 2, 1, 1, 0) as Instant;

/** A connection as a process may see one: opened, used, ended somehow. */
export const anyEvents: fc.Arbitrary<readonly CaptureEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('sent', 'received', 'key', 'end-sent', 'end-received', 'cut', 'reset'),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1_400, max: 9_000 }).map((n) => new Uint8Array(n).fill(7)),
      ),
      laterMs: fc.nat(50),
    }),
    { maxLength: 20 },
  )
  .map((steps) => {
    let at: number = START;
    const events: CaptureEvent[] = [{ kind: 'open', at: START, bytes: new Uint8Array() }];
    for (const { kind, bytes, laterMs } of steps) {
      at += laterMs;
      const isContent = kind === 'sent' || kind === 'received' || kind === 'key';
      events.push({ kind, at: at as Instant, bytes: isContent ? bytes : new Uint8Array() });
    }
    return events;
  });

export function anyCapture(changes: Partial<ConnectionCapture> = {}): ConnectionCapture {
  return {
    ...{ kind: 'connection', connection: 2, transferId: 't-1', initiator: 'own', isWhole: true },
    ...{ ownIp: '10.0.0.1', ownPort: 40_000, peerIp: '192.0.2.7', peerPort: 443 },
    ...{ startMs: START, endMs: START + 1_000, bytesSent: 1, bytesReceived: 1, packetsSent: 1, packetsReceived: 1 },
    ...{ frameBytesSent: 55, frameBytesReceived: 55, previous: '0'.repeat(64) },
    segments: [{ sha256: 'f'.repeat(64), bytes: 100 }],
    ...changes,
  };
}
