import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACK_AFTER_BYTES, createConversation, FLAGS, type Packet } from '../../../../cloud/capture/conversation.ts';
import type { CaptureEvent } from '../../../../cloud/capture/event.ts';
import { createTally, frameBytesOf } from '../../../../cloud/capture/tally.ts';
import { anyEvents, START } from '../../../support/capture/events.ts';

const options = { initiator: 'own', isV4: true, number: 7 } as const;
const packetsOf = (events: readonly CaptureEvent[]): readonly Packet[] => events.flatMap(createConversation(options));
const isBefore = (one: number, other: number) => ((other - one) | 0) > 0;

test('the bytes of both directions are in the packets, in order, under sequence numbers without a gap', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const over = events.findIndex(({ kind }) => kind === 'cut' || kind === 'reset');
      const packets = packetsOf(over < 0 ? events : events.slice(0, over));
      for (const from of ['own', 'peer'] as const) {
        const mine = packets.filter((packet) => packet.from === from);
        for (const [at, packet] of mine.entries()) {
          const next = mine[at + 1];
          if (next === undefined) continue;
          const length = packet.payload.length + ((packet.flags & (FLAGS.syn | FLAGS.fin)) === 0 ? 0 : 1);
          expect(next.seq).toBe((packet.seq + length) >>> 0);
        }
      }
      for (const packet of packets.slice(1)) {
        const answered = packets
          .slice(0, packets.indexOf(packet))
          .filter(({ from }) => from !== packet.from)
          .at(-1);
        if (answered !== undefined) expect(isBefore(packet.ack, answered.seq)).toBe(false);
      }
    }),
  );
});

test('what is counted while it is recorded is what the packets come to', () => {
  fc.assert(
    fc.property(anyEvents, fc.boolean(), (events, isV4) => {
      const tally = createTally({ ...options, isV4 });
      for (const event of events) tally.add({ ...event, length: event.bytes.length });
      const packets = events.flatMap(createConversation({ ...options, isV4 }));
      const of = (from: 'own' | 'peer') => packets.filter((packet) => packet.from === from);
      const sum = (list: readonly Packet[], measure: (packet: Packet) => number) =>
        list.reduce((total, packet) => total + measure(packet), 0);
      expect(tally.now()).toEqual({
        startMs: packets[0]?.at,
        endMs: packets.at(-1)?.at,
        bytesSent: sum(of('own'), ({ payload }) => payload.length),
        bytesReceived: sum(of('peer'), ({ payload }) => payload.length),
        packetsSent: of('own').length,
        packetsReceived: of('peer').length,
        frameBytesSent: sum(of('own'), (packet) => frameBytesOf(packet, isV4)),
        frameBytesReceived: sum(of('peer'), (packet) => frameBytesOf(packet, isV4)),
      });
    }),
  );
});

test('who opened the connection sends the first SYN; nothing follows RST, nor two FINs', () => {
  const open: CaptureEvent = { kind: 'open', at: START, bytes: new Uint8Array() };
  const bare = (kind: CaptureEvent['kind']): CaptureEvent => ({ ...open, kind });
  const fetched = [open].flatMap(createConversation({ ...options, initiator: 'peer' }));
  expect(fetched.map(({ from, flags }) => [from, flags])).toEqual([
    ['peer', 0x02],
    ['own', 0x12],
    ['peer', 0x10],
  ]);
  const ended = packetsOf([open, bare('end-sent'), bare('end-sent'), bare('end-received'), bare('cut')]).slice(3);
  expect(ended.map(({ from, flags }) => [from, flags])).toEqual([
    ['own', 0x11],
    ['peer', 0x11],
    ['own', 0x10],
  ]);
  const cut = packetsOf([open, bare('cut'), bare('end-sent'), bare('reset')]).slice(3);
  expect(cut.map(({ from, flags }) => [from, flags])).toEqual([['own', 0x14]]);
});

test('one direction alone is acknowledged before any window could fill', () => {
  const open: CaptureEvent = { kind: 'open', at: START, bytes: new Uint8Array() };
  const sent = Array.from(
    { length: 6 },
    (): CaptureEvent => ({ kind: 'sent', at: START, bytes: new Uint8Array(ACK_AFTER_BYTES / 2) }),
  );
  const acknowledgements = packetsOf([open, ...sent]).filter(
    ({ from, flags }) => from === 'peer' && flags === FLAGS.ack,
  );
  expect(acknowledgements.length).toBe(3);
});
