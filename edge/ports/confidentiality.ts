import type { Attestation } from '../../proto/codec/telemetry-codec.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import type { Result } from '../../proto/words/result.ts';

/** Why fixes were withheld that state-recognised processing should have gone over. */
export type ConfidentialityRemoval =
  | 'confidentiality-missing'
  | 'confidentiality-expired'
  | 'confidentiality-changed'
  | 'confidentiality-failed'
  | 'confidentiality-slow'
  | 'confidentiality-refused'
  | 'confidentiality-queue-full'
  | 'confidentiality-stopped';

/** What stages and inspection know of the processing. */
export interface Recognition {
  /** Frame of the coordinates it gives: that of the fixes it is given, or one of its own. */
  readonly datum: 'WGS-84' | 'own';
  /** The record of the operator's plug-in; undefined at any moment at which it is not valid. */
  attestation(): Attestation | undefined;
}

/** Degrees, in the order they were given. */
export interface ProcessedPosition {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * State-recognised confidentiality processing by a plug-in of the operator's. It answers within a time limit of its own and
 * never throws. Whatever is wrong with it costs the fixes: none ever leaves unprocessed.
 */
export interface ConfidentialityProcessor extends Recognition {
  /** @param fixes - `FIXES_AT_ONCE_MAX` at most */
  processFixes(fixes: readonly RawFix[]): Promise<Result<readonly ProcessedPosition[], ConfidentialityRemoval>>;
  close(): Promise<void>;
}
