import { assert } from '../../proto/words/result.ts';
import { isV4, parseAddress } from './address.ts';
import type { ConnectionCapture } from './capture-record.ts';
import { createConversation, type Packet } from './conversation.ts';
import type { CaptureEvent } from './event.ts';
import { createFramer, type Ends } from './frame.ts';
import {
  closePacketBlock,
  decryptionSecrets,
  interfaceDescription,
  PACKET_HEAD_BYTES,
  packetBlockBytes,
  sectionHeader,
} from './pcapng.ts';
import { frameBytesOf } from './tally.ts';

/** A connection with a way to read its events, which is taken twice: for its secrets, and for its packets. */
export interface ReadableCapture {
  readonly capture: ConnectionCapture;
  readonly events: () => Iterable<CaptureEvent>;
}

/** Room for a whole frame, its block and a comment. */
const BLOCK_ROOM_BYTES = 4_096;
const CHUNK_BYTES = 1_048_576;

const RECONSTRUCTED =
  'Reconstructed, not captured on the wire: the bytes of TCP are those that the exporter wrote to and read from its own sockets, ' +
  'with the times of its calls. Ethernet, IP and TCP headers, packet sizes, sequence numbers and acknowledgements were made from them.';

/**
 * One pcapng file with everything a reader needs: packets in the order of time, the secrets of TLS before the packets that they open.
 *
 * @param captures - ascending by `startMs`
 */
export function* reconstruct(captures: Iterable<ReadableCapture>): Generator<Buffer> {
  yield sectionHeader(RECONSTRUCTED, 'tongguan');
  yield interfaceDescription('reconstructed', RECONSTRUCTED);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES + BLOCK_ROOM_BYTES);
  let filled = 0;
  for (const step of inOrder(captures)) {
    const bytes = step.kind === 'secrets' ? decryptionSecrets(step.lines) : undefined;
    if (bytes !== undefined || filled >= CHUNK_BYTES) {
      yield Buffer.from(chunk.subarray(0, filled));
      filled = 0;
    }
    if (bytes !== undefined) yield bytes;
    if (step.kind === 'packet') filled += writePacket(step, chunk, filled);
  }
  yield Buffer.from(chunk.subarray(0, filled));
}

type Framed = {
  readonly kind: 'packet';
  readonly packet: Packet;
  readonly isV4: boolean;
  readonly frame: ReturnType<typeof createFramer>;
  readonly comment: string | undefined;
};
type Secrets = { readonly kind: 'secrets'; readonly lines: readonly string[] };
type Step = Framed | Secrets;

function writePacket({ packet, isV4, frame, comment }: Framed, chunk: Buffer, at: number): number {
  const frameBytes = frameBytesOf(packet, isV4);
  assert(packetBlockBytes(frameBytes) + COMMENT_ROOM_BYTES <= BLOCK_ROOM_BYTES, 'a packet has room in a chunk');
  frame(packet, chunk, at + PACKET_HEAD_BYTES);
  return closePacketBlock(chunk, at, { frameBytes, atMs: packet.at, ...(comment !== undefined && { comment }) });
}

const COMMENT_ROOM_BYTES = 512;

interface Active {
  readonly steps: Iterator<Step>;
  next: Step;
}

/** Connections one beside the other; only those that are under way at a time are open. */
function* inOrder(captures: Iterable<ReadableCapture>): Generator<Step> {
  const waiting = captures[Symbol.iterator]();
  let coming = waiting.next();
  const active: Active[] = [];
  const timeOf = ({ next }: Active): number => (next.kind === 'packet' ? next.packet.at : Number.NEGATIVE_INFINITY);
  for (;;) {
    const earliest = active.reduce<Active | undefined>(
      (best, one) => (best === undefined || timeOf(one) < timeOf(best) ? one : best),
      undefined,
    );
    if (coming.done !== true && (earliest === undefined || coming.value.capture.startMs <= timeOf(earliest))) {
      begin(coming.value, active);
      coming = waiting.next();
      continue;
    }
    if (earliest === undefined) return;
    yield earliest.next;
    const after = earliest.steps.next();
    if (after.done === true) active.splice(active.indexOf(earliest), 1);
    else earliest.next = after.value;
  }
}

function begin(readable: ReadableCapture, active: Active[]): void {
  const steps = stepsOf(readable);
  const first = steps.next();
  if (first.done !== true) active.push({ steps, next: first.value });
}

function* stepsOf({ capture, events }: ReadableCapture): Generator<Step, undefined> {
  const lines: string[] = [];
  for (const { kind, bytes } of events()) if (kind === 'key') lines.push(Buffer.from(bytes).toString('latin1'));
  if (lines.length > 0) yield { kind: 'secrets', lines };
  const ends = endsOf(capture);
  const isFour = isV4(ends.own.address);
  const { connection: number, initiator, transferId } = capture;
  const conversation = createConversation({ initiator, isV4: isFour, number });
  const frame = createFramer(ends);
  let comment: string | undefined = `transfer ${transferId}, entry ${number} of the traffic log`;
  for (const event of events()) {
    for (const packet of conversation(event)) {
      yield { kind: 'packet', packet, isV4: isFour, frame, comment };
      comment = undefined;
    }
  }
  return undefined;
}

function endsOf({ ownIp, ownPort, peerIp, peerPort }: ConnectionCapture): Ends {
  const [own, peer] = [parseAddress(ownIp), parseAddress(peerIp)];
  assert(own !== undefined && peer !== undefined, 'the addresses of a capture are addresses');
  return { own: { address: own, port: ownPort }, peer: { address: peer, port: peerPort } };
}
