import type { ImageFrame } from '../../proto/codec/sensor-frames.ts';
import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { ConfidentialityRemoval } from '../ports/confidentiality.ts';
import type { SourceRemoval } from '../ports/frame-source.ts';
import type { Baseless } from './basis.ts';

/** What travels through the stages: what the vehicle knows, and from some stage on what it would like to send. */
export type Draft = RawFrame | TreatedPicture | ProcessedFix | Candidate;

/** A picture after its mosaic or redaction, which are done outside of the stages because decoding takes its time. */
export interface TreatedPicture extends Omit<ImageFrame, 'kind' | 'minute'> {
  readonly kind: 'treated-picture';
  readonly at: Instant;
}

/** A fix as state-recognised confidentiality processing gave it, beside the stages because a program of its own does it. */
export interface ProcessedFix {
  readonly kind: 'processed-fix';
  readonly at: Instant;
  readonly latitude: number;
  readonly longitude: number;
  /** Id of the attestation under which it was processed. */
  readonly attestation: string;
}

/** Content that a stage offers for the uplink; `inspect` decides. */
export interface Candidate {
  readonly kind: 'candidate';
  readonly content: FrameContent;
  /** Not sealed before this vehicle time; absent means at once. */
  readonly notBefore?: Instant;
  /** Id of the attestation of the processing that every position behind it went through. */
  readonly recognised?: string;
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
  | Baseless
  | 'consent-withdrawn'
  | 'consent-ended'
  | ConfidentialityRemoval
  | 'time-in-future'
  | 'time-in-past'
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
  /** Lets go of what was gathered for a purpose and not offered yet. */
  readonly forget?: (purpose: string) => void;
}

export type Removed = (cause: RemovalCause, count: number) => void;
