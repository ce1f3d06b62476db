import type { PositionOverrides, PresetName } from '../words/position-rules.ts';
import { assert, type Result } from '../words/result.ts';
import type { TagRotation } from '../words/subject.ts';
import { type CodecFault, messageCodec } from './schema.ts';

export interface SignedPolicyBundle {
  readonly bundle: Uint8Array;
  readonly signature: Uint8Array;
}

/** Numbers are those of the schema's enum `PositionPreset`. */
export const POSITION_PRESETS = { none: 0, strict: 1, fleet: 2, 'strict-map': 3 } as const satisfies Record<
  PresetName,
  number
>;

/** Numbers are those of the schema's enum `TagRotation`. */
export const TAG_ROTATIONS = { daily: 0, never: 1, weekly: 2, trip: 3 } as const satisfies Record<TagRotation, number>;

/** Numbers are those of the schema's enum `CellTag`; 0 leaves it to the preset. */
export const CELL_TAGS = { trip: 1, daily: 2, weekly: 3, never: 4 } as const satisfies Record<TagRotation, number>;

/** Numbers are those of the schema's enums of the same names. */
export const IMAGERY_SETTINGS = { drop: 0, mosaic: 1, redact: 2 } as const;
export const POINT_CLOUD_SETTINGS = { drop: 0, counts: 1, voxel: 2 } as const;
export const OBJECT_SETTINGS = { drop: 0, counts: 1 } as const;
export const CONSENT_SUBJECTS = { driver: 0, allOccupants: 1 } as const;
export const CONSENT_KINDS = { cabinImage: 0, cabinAudio: 1, biometric: 2, purpose: 3 } as const;
export const PURPOSE_CONSENTS = { 'all-occupants': 0, driver: 1, none: 2 } as const;

/** What a vehicle may collect; units and limits stand in proto/schema/control.proto. */
export interface PolicyBundle {
  readonly id: string;
  readonly version: number;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  readonly allowedPaths: readonly string[];
  readonly preset: (typeof POSITION_PRESETS)[keyof typeof POSITION_PRESETS];
  readonly tagRotation: (typeof TAG_ROTATIONS)[keyof typeof TAG_ROTATIONS];
  /** What of cameras, lidar and radar may leave; absent means that it is dropped. */
  readonly imagery?: (typeof IMAGERY_SETTINGS)[keyof typeof IMAGERY_SETTINGS];
  readonly sensorIntervalS?: number;
  readonly unsafePlatesLeft?: boolean;
  readonly pointCloud?: (typeof POINT_CLOUD_SETTINGS)[keyof typeof POINT_CLOUD_SETTINGS];
  readonly voxelMm?: number;
  readonly objects?: (typeof OBJECT_SETTINGS)[keyof typeof OBJECT_SETTINGS];
  readonly consents?: readonly ConsentRecord[];
  readonly position?: WirePositionOverrides | null;
  /** The words that accept settings weaker than `fleet`; see `unsafeWords`. */
  readonly unsafeWeakerThanFleet?: string;
  /** Lowest version of a fence set without which nothing geographic leaves; 0 or absent asks for none. */
  readonly fenceVersionMin?: number;
  readonly signalRules?: readonly SignalRule[];
  readonly purposes?: readonly PurposeRecord[];
  /** A byte for each of `allowedPaths`: which of `purposes` it leaves for, from 1 on. */
  readonly pathPurposes?: Uint8Array;
  readonly kindPurposes?: KindPurposes | null;
  readonly stateRecognisedOnly?: boolean;
}

export interface PurposeRecord {
  readonly id: string;
  readonly consent: (typeof PURPOSE_CONSENTS)[keyof typeof PURPOSE_CONSENTS];
  readonly expiresAtMs: number;
}

/** What leaves and is no signal; words of policy files and of the register of consents. */
export const PURPOSE_KINDS = [
  ...(['cells', 'trips', 'exteriorImages', 'cabinImages', 'pointClouds', 'objects', 'updates'] as const),
] as const;

export type PurposeKind = (typeof PURPOSE_KINDS)[number];

/** Which of `purposes` each leaves for, from 1 on; 0 or absent for none. */
export type KindPurposes = Partial<Readonly<Record<PurposeKind, number>>>;

/** A consent as the operator has it on record. */
export interface ConsentRecord {
  readonly id: string;
  readonly purpose: string;
  readonly subjects: (typeof CONSENT_SUBJECTS)[keyof typeof CONSENT_SUBJECTS];
  readonly kind: (typeof CONSENT_KINDS)[keyof typeof CONSENT_KINDS];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How often and how finely a signal leaves; 0 in either is without bound. */
export interface SignalRule {
  readonly path: string;
  readonly periodMs: number;
  readonly quantumMillionths: number;
}

/** 0, as an absent field reads, is the preset's own. */
export interface WirePositionOverrides extends Omit<PositionOverrides, 'cellTag'> {
  readonly cellTag?: number | undefined;
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

/** Undefined for a number of no preset, under which nothing is published. */
export function presetName(preset: PolicyBundle['preset']): PresetName | undefined {
  return nameOf(POSITION_PRESETS, preset);
}

/** @throws Error for a number of no rotation, which the codec lets nobody send */
export function tagRotationName(rotation: PolicyBundle['tagRotation']): TagRotation {
  const name = nameOf(TAG_ROTATIONS, rotation);
  assert(name !== undefined, 'the codec lets known rotations through');
  return name;
}

/** Which settings a bundle names, as the words both tiers share. */
export function overridesOf({ position }: Pick<PolicyBundle, 'position'>): PositionOverrides {
  const { cellTag, ...numbers } = position ?? {};
  const named = Object.entries(numbers).map(([key, value]) => [key, value === 0 ? undefined : value] as const);
  const tag = cellTag === undefined || cellTag === 0 ? undefined : nameOf(CELL_TAGS, cellTag);
  return { ...Object.fromEntries(named), cellTag: tag };
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number): Name | undefined {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}

export function encodeAcknowledgement(ack: Acknowledgement): Uint8Array {
  return acknowledgement.encode(ack);
}

export function decodeAcknowledgement(bytes: Uint8Array): Result<Acknowledgement, CodecFault> {
  return acknowledgement.decodePlain(bytes) as Result<Acknowledgement, CodecFault>;
}
