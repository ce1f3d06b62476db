import type { Instant } from './time.ts';

/**
 * What a TCU vendor writes to the agent, one JSON object a line (docs/raw-frames.md). It never leaves the vehicle: the
 * uplink has no type for it.
 */
export type RawFrame = RawFix | RawSignals | RawImage | RawPointCloud | RawObjects | RawClock;

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

/** A picture from a camera: the bytes of a JPEG or PNG file, metadata and all. */
export interface RawImage {
  readonly kind: 'image';
  readonly at: Instant;
  readonly camera: string;
  /** What the camera looks at. Where nobody said so it is the cabin, which is the stricter. */
  readonly place: CameraPlace;
  readonly bytes: Uint8Array;
}

export const CAMERA_PLACES = ['exterior', 'cabin'] as const;

export type CameraPlace = (typeof CAMERA_PLACES)[number];

/** One sweep of a lidar or radar. */
export interface RawPointCloud {
  readonly kind: 'point-cloud';
  readonly at: Instant;
  readonly sensor: string;
  /** x, y, z triples in metres: in the sensor's frame, unless `georeferenced`. */
  readonly points: Float64Array;
  /** The points lie in a projection or on the globe: each of them is a position. */
  readonly georeferenced: boolean;
}

/** What a radar or a camera took for objects, in the sensor's frame. */
export interface RawObjects {
  readonly kind: 'objects';
  readonly at: Instant;
  readonly sensor: string;
  readonly objects: readonly RawObject[];
}

export interface RawObject {
  /** The sensor's own word: `car`, `pedestrian`. */
  readonly class: string;
  /** Metres, as the sensor counts its axes. */
  readonly xM: number;
  readonly yM: number;
}

/** The vehicle's clock moved on and nothing else happened: a parked car. */
export interface RawClock {
  readonly kind: 'clock';
  readonly at: Instant;
}

export type SignalValue = number | boolean | string;
