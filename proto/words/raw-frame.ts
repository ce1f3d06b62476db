import type { Instant } from './time.ts';

/**
 * What a TCU vendor writes to the agent, one JSON object a line (docs/raw-frames.md). It never leaves the vehicle: the
 * uplink has no type for it.
 */
export type RawFrame = RawFix | RawSignals | RawImage | RawClock;

/** A GNSS fix: decimal degrees, WGS-84, not yet checked. */
export interface RawFix {
  readonly kind: 'fix';
  readonly at: Instant;
  readonly latitude: number;
  readonly longitude: number;
  /** Metres above the ellipsoid. */
  readonly altitudeM?: number;
  /** Degrees clockwise from true north. */
  readonly headingDeg?: number;
}

/** Values by VSS path, in the unit that VSS 6.0 gives the path. */
export interface RawSignals {
  readonly kind: 'signals';
  readonly at: Instant;
  readonly signals: Readonly<Record<string, SignalValue>>;
}

/** A picture from a camera, as base64 of its file. */
export interface RawImage {
  readonly kind: 'image';
  readonly at: Instant;
  readonly camera: string;
  readonly dataBase64: string;
}

/** The vehicle's clock moved on and nothing else happened: a parked car. */
export interface RawClock {
  readonly kind: 'clock';
  readonly at: Instant;
}

export type SignalValue = number | boolean | string;
