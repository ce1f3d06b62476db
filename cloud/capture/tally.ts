import type { Instant } from '../../proto/words/time.ts';
import { type ConversationOptions, createConversation, FLAGS, type Packet } from './conversation.ts';
import { EVENT_BYTES_MAX, type NewEvent } from './event.ts';

/** What the reconstruction of a connection comes to; any reader of the exported file counts the same. */
export interface Tally {
  /** Of the first and the last packet; both 0 before there is one. */
  readonly startMs: number;
  readonly endMs: number;
  /** Bytes of the TCP stream. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Bytes of whole Ethernet frames. */
  readonly frameBytesSent: number;
  readonly frameBytesReceived: number;
}

export const EMPTY_TALLY: Tally = {
  ...{ startMs: 0, endMs: 0, bytesSent: 0, bytesReceived: 0 },
  ...{ packetsSent: 0, packetsReceived: 0, frameBytesSent: 0, frameBytesReceived: 0 },
};

/** Ethernet, IP and TCP without options; a SYN has options. */
export const HEADER_BYTES = { v4: 54, v6: 74 } as const;
export const SYN_OPTION_BYTES = 8;

export function frameBytesOf({ flags, payload }: Pick<Packet, 'flags' | 'payload'>, isV4: boolean): number {
  const options = (flags & FLAGS.syn) === 0 ? 0 : SYN_OPTION_BYTES;
  return (isV4 ? HEADER_BYTES.v4 : HEADER_BYTES.v6) + options + payload.length;
}

/** Counts as events come; the same packets that an export writes. */
export function createTally(options: ConversationOptions): {
  readonly add: (event: Pick<NewEvent, 'kind' | 'at' | 'length'>) => void;
  readonly now: () => Tally;
} {
  const conversation = createConversation(options);
  const tally: { -readonly [Key in keyof Tally]: number } = { ...EMPTY_TALLY };
  return {
    add: ({ kind, at, length }) => {
      for (const packet of conversation({ kind, at, bytes: BLANK.subarray(0, length) })) {
        if (tally.packetsSent + tally.packetsReceived === 0) tally.startMs = packet.at;
        tally.endMs = packet.at satisfies Instant;
        const bytes = frameBytesOf(packet, options.isV4);
        if (packet.from === 'own') {
          tally.bytesSent += packet.payload.length;
          tally.packetsSent += 1;
          tally.frameBytesSent += bytes;
        } else {
          tally.bytesReceived += packet.payload.length;
          tally.packetsReceived += 1;
          tally.frameBytesReceived += bytes;
        }
      }
    },
    now: () => ({ ...tally }),
  };
}

/** Packets are counted by their lengths; what is in them is not looked at. */
const BLANK = new Uint8Array(EVENT_BYTES_MAX);
