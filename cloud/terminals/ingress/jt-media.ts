import { type ImageFrame, MINUTE_MS } from '../../../proto/codec/sensor-frames.ts';
import type { SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import type { Result } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Sender } from '../../ports/device-register.ts';
import { readBody } from '../jt808/body.ts';
import type { Fields } from '../value.ts';
import { editionOf, RESULT } from './jt-answer.ts';
import {
  acknowledge,
  type Conversation,
  commit,
  hold,
  type Incoming,
  quarantine,
  refuse,
  send,
} from './jt-conversation.ts';
import { claimsOf, doubtOfTime } from './jt-doubts.ts';
import { recordsOfMessage } from './jt-records.ts';
import type { KeptPicture, PictureLoss } from './picture-intake.ts';
import { instantOf, isFields } from './record-batch.ts';

/** Id, type, format, event, channel and a position; the picture follows (8.55). */
export const MEDIA_HEAD_BYTES = 36;
const PICTURE = 0;
const JPEG = 0;
const KINDS: Readonly<Record<number, string>> = { 1: 'audio', 2: 'video' };

/** What a medium says of itself, and the file. */
interface Medium {
  readonly head: Buffer;
  readonly file: Buffer;
  readonly fields: Fields;
  readonly at: Instant;
}

/**
 * A medium (8.55). Of a picture outside of the vehicle a treated one is kept, if the policy of this port says so; the raw
 * one lies nowhere, and neither does sound or video. What the medium says of itself is kept with its position, together
 * with why nothing else is. Answered when that is durable.
 */
export function takeMedium(talk: Conversation, incoming: Incoming, bound: Sender): void {
  const { parts } = talk;
  const now = parts.clock.now();
  const medium = read(talk, incoming, bound, now);
  const doubt = medium === undefined ? 'TERMINAL_LAYOUT' : doubtOfTime(medium.at, now);
  if (medium === undefined || doubt !== undefined) {
    quarantine(talk, incoming, doubt ?? 'TERMINAL_LAYOUT', bound);
    return;
  }
  const treated = treat(talk, medium, bound);
  if (treated === undefined) {
    refuse(talk, incoming, 'refused-busy', RESULT.failed);
    return;
  }
  hold(talk, 1);
  void treated.then((picture) => {
    hold(talk, -1);
    keep(talk, incoming, bound, medium, picture);
  });
}

function read({ parts }: Conversation, { frame }: Incoming, bound: Sender, now: Instant): Medium | undefined {
  const [head, file] = [frame.body.subarray(0, MEDIA_HEAD_BYTES), frame.body.subarray(MEDIA_HEAD_BYTES)];
  const { fields, fault } = readBody({ ...frame, body: head }, editionOf(frame, parts.older));
  const { type, format, location, package: _, ...rest } = fields;
  if (fault !== undefined || !isFields(location)) return undefined;
  // One edition may have no position there: then a file does not begin where one should, and nothing is guessed.
  if (type === PICTURE && format === JPEG && (file[0] !== 0xff || file[1] !== 0xd8)) return undefined;
  const said = instantOf(location['at']);
  const at = said ?? parts.recent.firstReceived(bound.number, `${frame.id} ${head.toString('hex')}`, now);
  return { head, file, fields: { ...rest, type: type ?? 0, format: format ?? 0, location }, at };
}

type Loss = PictureLoss | 'audio' | 'video' | 'image-format';

/** @returns undefined when there is no room for it now */
function treat(
  { parts }: Conversation,
  { fields, file, at }: Medium,
  bound: Sender,
): Promise<Result<KeptPicture, Loss>> | undefined {
  const { type, format, channel } = fields;
  const isPicture = type === PICTURE && format === JPEG;
  if (!isPicture) {
    const fault = (KINDS[Number(type)] ?? 'image-format') as Loss;
    return Promise.resolve({ ok: false, fault });
  }
  return parts.pictures.take({ terminal: bound.number, channel: Number(channel), at, bytes: file });
}

function keep(
  talk: Conversation,
  incoming: Incoming,
  bound: Sender,
  { head, fields, at }: Medium,
  picture: Result<KeptPicture, Loss>,
): void {
  const { parts } = talk;
  const receivedAt = parts.clock.now();
  const { location } = fields;
  const steps = isFields(location) ? claimsOf(talk, location, bound, at) : [];
  const edition = editionOf(incoming.frame, parts.older);
  const record = recordsOfMessage(
    fields,
    { name: head, octets: head },
    { at, tag: parts.tagOf(bound), edition, message: 'media', steps },
  );
  const batch: SealedBatch = picture.ok
    ? { ...record, frames: [...record.frames, frameOf(picture.value, at)] }
    : { ...record, removals: [{ cause: picture.fault, count: 1 }] };
  commit(talk, [{ device: bound, payload: head, receivedAt, batch, rejection: undefined }], () => {
    parts.count(picture.ok ? 'stored-picture' : 'dropped-medium');
    acknowledge(talk, incoming, () => send(talk, incoming.frame, 'media-answer', { id: fields['id'] ?? 0 }));
  });
}

const frameOf = ({ camera, ...treated }: KeptPicture, at: Instant): ImageFrame => ({
  ...{ kind: 'image', minute: Math.floor(at / MINUTE_MS), camera, consent: '' },
  ...treated,
});

/** Asks for the parts that a message still misses: of a medium as the standard has it, of others by their first serial. */
export function askForMissing(talk: Conversation): void {
  const { parts, assembly } = talk;
  for (const { frame, firstSerial, firstBody, parts: missing } of assembly.missing(parts.clock.now())) {
    const isMedium = frame.id === MEDIA && firstBody !== undefined && firstBody.length >= 4;
    if (isMedium) send(talk, frame, 'media-answer', { id: firstBody.readUInt32BE(), parts: missing });
    else if (frame.version !== undefined || parts.older === 2013)
      send(talk, frame, 'resend-parts', { firstSerial, parts: missing });
  }
}

export const MEDIA = 0x0801;
