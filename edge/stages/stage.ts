import type { ImageFrame } from '../../proto/codec/sensor-frames.ts';
import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { SourceRemoval } from '../ports/frame-source.ts';

/** What travels through the stages: what the vehicle knows, and from some stage on what it would like to send. */
export type Draft = RawFrame | TreatedPicture | Candidate;

/** A picture after its mosaic or redaction, which are done outside of the stages because decoding takes its time. */
export interface TreatedPicture extends Omit<ImageFrame, 'kind' | 'minute'> {
  readonly kind: 'treated-picture';
  readonly at: Instant;
}

/** Content that a stage offers for the uplink; `inspect` decides. */
export interface Candidate {
  readonly kind: 'candidate';
  readonly content: FrameContent;
  /** Not sealed before this vehicle time; absent means at once. */
  readonly notBefore?: Instant;
}

/** Why something was removed. The words go into `Removal.cause` on the uplink, so they name no content. */
export type RemovalCause =
  | 'imagery'
  | 'image-cabin'
  | 'image-queue-full'
  | 'image-decoder-missing'
  | 'image-unreadable'
  | 'image-over-budget'
  | 'image-policy-changed'
  | 'image-stopped'
  | 'detector-missing'
  | 'detector-incomplete'
  | 'detector-failed'
  | 'detector-slow'
  | 'detector-implausible'
  | 'point-cloud'
  | 'point-cloud-georeferenced'
  | 'point-cloud-empty'
  | 'objects'
  | 'sensor-interval'
  | 'signal-not-allowed'
  | 'signal-rate'
  | 'identifier'
  | 'position'
  | 'position-invalid'
  | 'source-malformed'
  | SourceRemoval
  | 'time-in-future'
  | 'stage-threw'
  | 'inspection-failed'
  | 'not-sealed-by-stages'
  | 'no-policy'
  | 'policy-refused'
  | 'spool-full';

/** One step of removing. Given the same drafts in the same order, a stage gives the same drafts. */
export interface Stage {
  readonly name: string;
  /** `name=value` pairs for the sealed batch; settings only, no content. */
  readonly parameters: string;
  /** Gives what goes on to the next stage, and tells `removed` of everything that does not. */
  readonly apply: (draft: Draft, removed: Removed) => readonly Draft[];
}

export type Removed = (cause: RemovalCause, count: number) => void;
