import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { decodeAcknowledgement } from '../../../proto/codec/control-codec.ts';
import { assert } from '../../../proto/words/result.ts';
import { downlinkTopic } from '../../../proto/words/topics.ts';
import type { BenchDevice, BenchFleet } from './fleet.ts';
import { connectPacket, PACKET_ID_BEFORE_PAYLOAD, packetReader, subscribePacket } from './packets.ts';

/** A vehicle's connection under load: it sends the next message when one is done, never more than so many at once. */
export interface BenchConnection {
  readonly start: () => void;
  /** No message is begun after it. */
  readonly stop: () => void;
  readonly inFlight: () => number;
  readonly close: () => void;
}

export interface ConnectionOrder {
  readonly port: number;
  readonly packets: readonly Buffer[];
  readonly payloadOffsets: readonly number[];
  readonly framesPerMessage: number;
  readonly until: 'puback' | 'twice';
  readonly inFlightMax: number;
  /** One message is done. @param sentAt - `performance.now()` */
  readonly onDone: (sentAt: number) => void;
  /** Messages that may be sent once have run out. */
  readonly onEmpty: () => void;
}

interface Slot {
  index: number;
  waitsFor: number;
  sentAt: number;
}

export async function openConnection(
  device: BenchDevice,
  fleet: BenchFleet,
  order: ConnectionOrder,
): Promise<BenchConnection> {
  const socket = connect({
    host: '127.0.0.1',
    port: order.port,
    cert: device.certificate,
    key: device.key,
    ca: fleet.serviceAuthority,
    minVersion: 'TLSv1.3',
  });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  const window = createWindow(socket, order);
  let answered: (code: number) => void = () => undefined;
  const read = packetReader({
    onConnack: (code) => answered(code),
    onSuback: (code) => answered(code),
    onPuback: window.puback,
    onMessage: window.acknowledged,
  });
  socket.on('data', (chunk: Buffer) => {
    read(chunk);
    window.fill();
  });
  let isClosing = false;
  socket.on('close', () => assert(isClosing, 'the broker keeps the connection'));
  const ask = async (packet: Buffer): Promise<void> => {
    const code = await new Promise<number>((resolve) => {
      answered = resolve;
      socket.write(packet);
    });
    assert(code === 0, 'the broker grants connection and subscription');
  };
  await ask(connectPacket(device.device));
  if (order.until === 'twice') await ask(subscribePacket(downlinkTopic(device.device)));
  const close = (): void => {
    isClosing = true;
    socket.destroy();
  };
  return { start: window.start, stop: window.stop, inFlight: window.inFlight, close };
}

interface Window {
  readonly start: () => void;
  readonly fill: () => void;
  readonly stop: () => void;
  readonly inFlight: () => number;
  readonly puback: (packetId: number) => void;
  readonly acknowledged: (payload: Buffer) => void;
}

/** Packet ids are the numbers of slots, from 1; a slot is free once its message is done. */
function createWindow(socket: TLSSocket, order: ConnectionOrder): Window {
  const { packets, payloadOffsets, framesPerMessage, until, inFlightMax, onDone, onEmpty } = order;
  const slots: Slot[] = Array.from({ length: inFlightMax }, () => ({ index: -1, waitsFor: 0, sentAt: 0 }));
  const free = slots.map((_, number) => number);
  const slotOf = new Map<number, number>();
  let next = 0;
  let isRunning = false;

  const step = (number: number): void => {
    const slot = slots[number];
    assert(slot !== undefined && slot.waitsFor > 0, 'an answer belongs to a message in flight');
    slot.waitsFor -= 1;
    if (slot.waitsFor > 0) return;
    slotOf.delete(slot.index);
    free.push(number);
    onDone(slot.sentAt);
  };

  const send = (number: number, now: number): void => {
    const slot = slots[number];
    const at = next % packets.length;
    const packet = packets[at];
    assert(slot !== undefined && packet !== undefined, 'there is a slot and a message');
    slot.index = next;
    slot.waitsFor = until === 'twice' ? 2 : 1;
    slot.sentAt = now;
    if (until === 'twice') slotOf.set(next, number);
    next += 1;
    packet.writeUInt16BE(number + 1, (payloadOffsets[at] ?? 0) - PACKET_ID_BEFORE_PAYLOAD);
    socket.write(packet);
  };

  const fill = (): void => {
    if (!isRunning || free.length === 0) return;
    const now = performance.now();
    socket.cork();
    while (free.length > 0) {
      if (until === 'twice' && next >= packets.length) {
        onEmpty();
        break;
      }
      const number = free.pop();
      if (number !== undefined) send(number, now);
    }
    socket.uncork();
  };

  return {
    start: () => {
      isRunning = true;
      fill();
    },
    stop: () => {
      isRunning = false;
    },
    fill,
    inFlight: () => inFlightMax - free.length,
    puback: (packetId) => step(packetId - 1),
    acknowledged: (payload) => {
      const decoded = decodeAcknowledgement(payload);
      assert(decoded.ok, 'an acknowledgement can be read');
      for (const { firstSequence, quarantined } of decoded.value.ranges) {
        const number = slotOf.get(firstSequence / framesPerMessage);
        assert(number !== undefined && !quarantined, 'what is acknowledged was sent, and was admitted');
        step(number);
      }
    },
  };
}
