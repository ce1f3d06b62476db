/** Numbers are those of the schema's enum `CameraLabel`. */
export const CAMERA_LABELS = { other: 0, front: 1, rear: 2, left: 3, right: 4, cabin: 5 } as const;

/** Numbers are those of the schema's enum `ImageTreatment`. */
export const IMAGE_TREATMENTS = { mosaic: 0, redact: 1 } as const;

/** Numbers are those of the schema's enum `ImageFormat`. */
export const IMAGE_FORMATS = { png: 0, jpeg: 1 } as const;

/** Numbers are those of the schema's enum `PointCloudTreatment`. */
export const POINT_CLOUD_TREATMENTS = { counts: 0, voxel: 1 } as const;

/** Numbers are those of the schema's enum `ObjectClass`. */
export const OBJECT_CLASSES = {
  ...{ other: 0, car: 1, truck: 2, bus: 3, motorcycle: 4, bicycle: 5, pedestrian: 6, animal: 7 },
} as const;

/** Most pixels of a picture that leaves a vehicle. */
export const IMAGE_PIXELS_MAX = 1_200_000;

/** Bytes of a picture file on the wire, as the schema has them: with the rest of a batch it stays below one payload. */
export const IMAGE_BYTES_MAX = 49_152;

export const MINUTE_MS = 60_000;

/** A picture after a mosaic or a redaction; fields stand in proto/schema/telemetry.proto. */
export interface ImageFrame {
  readonly kind: 'image';
  /** Whole minutes since 1970 UTC. */
  readonly minute: number;
  readonly camera: number;
  readonly treatment: number;
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly detector: string;
  readonly detectorVersion: string;
  readonly regions: number;
  readonly consent: string;
  readonly data: Uint8Array;
}

/** Points by distance, or voxels; never both. */
export interface PointCloudFrame {
  readonly kind: 'points';
  readonly minute: number;
  readonly treatment: number;
  readonly rings: readonly RangeRing[];
  readonly voxelMm: number;
  readonly voxels: Uint8Array;
}

export interface RangeRing {
  readonly points: number;
}

export interface ObjectCounts {
  readonly kind: 'objects';
  readonly minute: number;
  readonly counts: readonly ObjectCount[];
}

export interface ObjectCount {
  readonly class: number;
  readonly count: number;
}

/** Frames as the codec's library reads them: its defaults stand for what is not set. */
export type WireImage = Omit<ImageFrame, 'kind'>;
export type WirePoints = Omit<PointCloudFrame, 'kind'>;
export type WireObjects = Omit<ObjectCounts, 'kind'>;

export function imageFrameOf(wire: WireImage): ImageFrame {
  const { minute, camera, treatment, format, width, height, detector, detectorVersion, regions, consent, data } = wire;
  return {
    ...{ kind: 'image', minute, camera, treatment, format, width, height, detector, detectorVersion, regions, consent },
    data,
  };
}

export function pointCloudFrameOf({ minute, treatment, rings, voxelMm, voxels }: WirePoints): PointCloudFrame {
  const plain = rings.map(({ points }) => ({ points }));
  // The library's default for bytes that are not set is an empty list.
  return { kind: 'points', minute, treatment, rings: plain, voxelMm, voxels: Uint8Array.from(voxels) };
}

export function objectCountsOf({ minute, counts }: WireObjects): ObjectCounts {
  return { kind: 'objects', minute, counts: counts.map((one) => ({ class: one.class, count: one.count })) };
}
