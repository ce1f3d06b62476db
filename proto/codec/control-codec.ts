import type { Result } from '../words/result.ts';
import { type CodecFault, messageCodec } from './schema.ts';

export interface SignedPolicyBundle {
  readonly bundle: Uint8Array;
  readonly signature: Uint8Array;
}

/** Numbers are those of the schema's enum `PositionPreset`. */
export const POSITION_PRESETS = { none: 0, strict: 1, fleet: 2 } as const;

/** Numbers are those of the schema's enum `TagRotation`. */
export const TAG_ROTATIONS = { daily: 0, never: 1 } as const;

/** What a vehicle may collect; units and limits stand in proto/schema/control.proto. */
export interface PolicyBundle {
  readonly id: string;
  readonly version: number;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly allowedPaths: readonly string[];
  readonly preset: (typeof POSITION_PRESETS)[keyof typeof POSITION_PRESETS];
  readonly tagRotation: (typeof TAG_ROTATIONS)[keyof typeof TAG_ROTATIONS];
}

export interface Acknowledgement {
  readonly epoch: number;
  readonly ranges: readonly AcknowledgedRange[];
}

export interface AcknowledgedRange {
  readonly firstSequence: number;
  readonly count: number;
  readonly quarantined: boolean;
}

/** Most ranges in one acknowledgement; a sender with more sends several. */
export const ACKNOWLEDGED_RANGES_MAX = 1024;

const signedPolicyBundle = messageCodec('SignedPolicyBundle');
const policyBundle = messageCodec('PolicyBundle');
const acknowledgement = messageCodec('Acknowledgement');

export function encodeSignedPolicyBundle(signed: SignedPolicyBundle): Uint8Array {
  return signedPolicyBundle.encode(signed);
}

export function decodeSignedPolicyBundle(bytes: Uint8Array): Result<SignedPolicyBundle, CodecFault> {
  return signedPolicyBundle.decodePlain(bytes) as Result<SignedPolicyBundle, CodecFault>;
}

export function encodePolicyBundle(bundle: PolicyBundle): Uint8Array {
  return policyBundle.encode(bundle);
}

export function decodePolicyBundle(bytes: Uint8Array): Result<PolicyBundle, CodecFault> {
  return policyBundle.decodePlain(bytes) as Result<PolicyBundle, CodecFault>;
}

export function encodeAcknowledgement(ack: Acknowledgement): Uint8Array {
  return acknowledgement.encode(ack);
}

export function decodeAcknowledgement(bytes: Uint8Array): Result<Acknowledgement, CodecFault> {
  return acknowledgement.decodePlain(bytes) as Result<Acknowledgement, CodecFault>;
}
