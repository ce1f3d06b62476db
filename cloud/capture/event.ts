import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';

/** What happened on one connection, in the order in which the process that owns the socket saw it. */
export interface CaptureEvent {
  readonly kind: EventKind;
  readonly at: Instant;
  /** `sent`, `received`: bytes of TCP. `key`: one line of a TLS key log, without its end. Else empty. */
  readonly bytes: Uint8Array;
}

/** An event that is on its way to be recorded: its bytes lie where they came from. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly at: Instant;
  /** One after the other they are the bytes of the event. */
  readonly parts: readonly Uint8Array[];
  readonly length: number;
}

/**
 * `open` once TCP stands · `key` a secret of TLS · `sent` and `received` · `end-sent` and `end-received` one direction is over (FIN) ·
 * `cut` we broke it off, `reset` the other side or the network did (RST).
 */
export const EVENT_KINDS = ['open', 'key', 'sent', 'received', 'end-sent', 'end-received', 'cut', 'reset'] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** Longer pieces are split by who records them. */
export const EVENT_BYTES_MAX = 1_048_576;

/** Kind, time in ms since 1970 UTC, length. */
export const EVENT_HEAD_BYTES = 1 + 6 + 4;

/** Events one after the other, each behind its head, in parts that follow each other: views, not copies. */
export function encodeEvents(events: readonly NewEvent[]): readonly Uint8Array[] {
  const heads = Buffer.alloc(events.length * EVENT_HEAD_BYTES);
  return events.flatMap(({ kind, at: time, parts, length }, index) => {
    assert(length <= EVENT_BYTES_MAX, 'an event of a capture has a bounded length');
    const head = heads.subarray(index * EVENT_HEAD_BYTES, (index + 1) * EVENT_HEAD_BYTES);
    head[0] = EVENT_KINDS.indexOf(kind);
    head.writeUIntBE(time, 1, 6);
    head.writeUInt32BE(length, 7);
    return [head, ...parts];
  });
}

/** Bytes of one event after the other, none of them longer than an event may be; one without bytes where there are none. */
export function splitIntoEvents(kind: EventKind, at: Instant, parts: readonly Uint8Array[]): readonly NewEvent[] {
  const events: NewEvent[] = [];
  let own: Uint8Array[] = [];
  let length = 0;
  const end = (): void => {
    events.push({ kind, at, parts: own, length });
    [own, length] = [[], 0];
  };
  for (const part of parts) {
    for (let start = 0; start < part.length; ) {
      const taken = part.subarray(start, start + EVENT_BYTES_MAX - length);
      own.push(taken);
      length += taken.length;
      start += taken.length;
      if (length === EVENT_BYTES_MAX) end();
    }
  }
  if (length > 0 || events.length === 0) end();
  return events;
}

/** The events again, or undefined when the bytes are not those of `encodeEvents`. Their bytes are views, not copies. */
export function decodeEvents(encoded: Buffer): readonly CaptureEvent[] | undefined {
  const events: CaptureEvent[] = [];
  let at = 0;
  while (at < encoded.length) {
    if (at + EVENT_HEAD_BYTES > encoded.length) return undefined;
    const kind = EVENT_KINDS[encoded[at] ?? EVENT_KINDS.length];
    const end = at + EVENT_HEAD_BYTES + encoded.readUInt32BE(at + 7);
    if (kind === undefined || end > encoded.length) return undefined;
    const time = encoded.readUIntBE(at + 1, 6) as Instant;
    events.push({ kind, at: time, bytes: encoded.subarray(at + EVENT_HEAD_BYTES, end) });
    at = end;
  }
  return events;
}
