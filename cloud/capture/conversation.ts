import type { Instant } from '../../proto/words/time.ts';
import type { CaptureEvent } from './event.ts';

/** Which end of a connection: the process that records it, or the other. */
export type Side = 'own' | 'peer';

/** One TCP packet of the reconstruction, before it has bytes. */
export interface Packet {
  readonly from: Side;
  readonly at: Instant;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly payload: Uint8Array;
}

export const FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

export interface ConversationOptions {
  /** Who opened the connection. */
  readonly initiator: Side;
  readonly isV4: boolean;
  /** Number of the connection. Two connections of one file over the same ports begin at different sequence numbers. */
  readonly number: number;
}

/** The payload of a full Ethernet frame, by family: 1,500 bytes less the headers of IP and TCP without options. */
export const SEGMENT_PAYLOAD_BYTES = { v4: 1_460, v6: 1_440 } as const;

/** The other side acknowledges at the latest after so much: else a reader would see a window that is full. */
export const ACK_AFTER_BYTES = 1_048_576;

/**
 * Makes the packets of one connection from its events, one after the other: three to open it, data cut into full frames, an
 * acknowledgement by itself where data went one way for long, FIN and RST. The same events give the same packets, always; what a
 * network card really sent (sizes, acknowledgements, repetitions) a process does not see, and this does not pretend to know it.
 */
export function createConversation(options: ConversationOptions): (event: CaptureEvent) => readonly Packet[] {
  const sides: Readonly<Record<Side, SideState>> = {
    own: { next: initialSequence(options.number, 1), unacknowledged: 0, hasEnded: false },
    peer: { next: initialSequence(options.number, 2), unacknowledged: 0, hasEnded: false },
  };
  const size = options.isV4 ? SEGMENT_PAYLOAD_BYTES.v4 : SEGMENT_PAYLOAD_BYTES.v6;

  const packet = (from: Side, at: Instant, flags: number, payload: Uint8Array = NO_BYTES): Packet => {
    const [mine, theirs] = [sides[from], sides[other(from)]];
    const isFirst = flags === FLAGS.syn;
    const made = { from, at, flags, seq: mine.next, ack: isFirst ? 0 : theirs.next, payload };
    mine.next = (mine.next + payload.length + ((flags & (FLAGS.syn | FLAGS.fin)) === 0 ? 0 : 1)) >>> 0;
    theirs.unacknowledged = 0;
    mine.unacknowledged += payload.length;
    return made;
  };

  const piecesOf = (from: Side, { at, bytes }: CaptureEvent): readonly Packet[] => {
    const packets: Packet[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      const isLast = start + size >= bytes.length;
      const flags = isLast ? FLAGS.psh | FLAGS.ack : FLAGS.ack;
      packets.push(packet(from, at, flags, bytes.subarray(start, start + size)));
      if (sides[from].unacknowledged >= ACK_AFTER_BYTES) packets.push(packet(other(from), at, FLAGS.ack));
    }
    return packets;
  };

  const end = (from: Side, at: Instant): readonly Packet[] => {
    if (sides[from].hasEnded) return [];
    sides[from].hasEnded = true;
    const fin = packet(from, at, FLAGS.fin | FLAGS.ack);
    return sides[other(from)].hasEnded ? [fin, packet(other(from), at, FLAGS.ack)] : [fin];
  };

  let isOver = false;
  const breakOff = (from: Side, at: Instant): readonly Packet[] => {
    isOver = true;
    return [packet(from, at, FLAGS.rst | FLAGS.ack)];
  };

  return (event) => {
    const { kind, at } = event;
    const { initiator } = options;
    if (isOver || (sides.own.hasEnded && sides.peer.hasEnded)) return [];
    switch (kind) {
      case 'key':
        return [];
      case 'open':
        return [
          packet(initiator, at, FLAGS.syn),
          packet(other(initiator), at, FLAGS.syn | FLAGS.ack),
          packet(initiator, at, FLAGS.ack),
        ];
      case 'sent':
        return piecesOf('own', event);
      case 'received':
        return piecesOf('peer', event);
      case 'end-sent':
        return end('own', at);
      case 'end-received':
        return end('peer', at);
      case 'cut':
        return breakOff('own', at);
      case 'reset':
        return breakOff('peer', at);
    }
  };
}

interface SideState {
  next: number;
  unacknowledged: number;
  hasEnded: boolean;
}

const NO_BYTES = new Uint8Array(0);

const other = (side: Side): Side => (side === 'own' ? 'peer' : 'own');

/** Multiplicative hashing (Knuth): numbers that follow each other give sequence numbers far apart. */
function initialSequence(number: number, side: number): number {
  return Math.imul(number * 2 + side, 0x9e3779b1) >>> 0;
}
