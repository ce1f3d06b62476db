import type { Candidate } from '../../../edge/stages/stage.ts';
import { encodeMosaicPng } from '../../../proto/codec/mosaic-png.ts';
import {
  CAMERA_LABELS,
  IMAGE_FORMATS,
  IMAGE_TREATMENTS,
  type ImageFrame,
  type ObjectCounts,
  POINT_CLOUD_TREATMENTS,
  type PointCloudFrame,
} from '../../../proto/codec/sensor-frames.ts';
import type { CellFrame, SignalFrame, TripRow } from '../../../proto/codec/telemetry-codec.ts';
import { packVoxels } from '../../../proto/codec/voxels.ts';
import { cellOf } from '../../../proto/geo/grid.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { positionAt } from './map.ts';
import { CHARGE, SPEED, TYPE } from './policies.ts';

export const TAG = new Uint8Array(16).fill(7) as SubjectTag;

/** 2020-07-18 09:07:17 in Shanghai. */
export const MORNING = Date.UTC(2020, 6, 18, 1, 7, 17) as Instant;

export const later = (from: Instant, ms: number): Instant => (from + ms) as Instant;

export const SIGNALS: SignalFrame = {
  kind: 'signals',
  subjectTag: TAG,
  observedAt: MORNING,
  signals: [
    { path: SPEED, value: 42.5 },
    { path: CHARGE, value: 71 },
    { path: TYPE, value: 'ELECTRIC' },
  ],
};

const { sizeM, zone, row, column } = cellOf(positionAt([2_500, 2_500]), 5_000);

export const CELL: CellFrame = { kind: 'cell', subjectTag: TAG, hour: 443_065, sizeM, zone, row, column };

export const TRIP: TripRow = { kind: 'trip', localDate: 20_200_718, distanceClass: 4, durationClass: 3 };

export const signalsCandidate: Candidate = { kind: 'candidate', content: SIGNALS };
export const cellCandidate: Candidate = { kind: 'candidate', content: CELL };
export const tripCandidate: Candidate = { kind: 'candidate', content: TRIP, notBefore: later(MORNING, 86_400_000) };

/** A mosaic of two blocks. */
export const IMAGE: ImageFrame = {
  ...{ kind: 'image', minute: 26_583_907, camera: CAMERA_LABELS.front, treatment: IMAGE_TREATMENTS.mosaic },
  ...{ format: IMAGE_FORMATS.png, width: 2, height: 1, detector: '', detectorVersion: '', regions: 0, consent: '' },
  data: encodeMosaicPng({ columns: 2, rows: 1, colours: Uint8Array.of(3, 200) }),
};

export const POINTS: PointCloudFrame = {
  ...{ kind: 'points', minute: 26_583_907, treatment: POINT_CLOUD_TREATMENTS.voxel, rings: [], voxelMm: 500 },
  voxels: packVoxels([
    [0, 0, 0],
    [0, 1, 0],
  ]),
};

export const RINGS: PointCloudFrame = {
  ...{ kind: 'points', minute: 26_583_907, treatment: POINT_CLOUD_TREATMENTS.counts, voxelMm: 0 },
  ...{ rings: [5, 4, 3, 2, 1, 0].map((points) => ({ points })), voxels: new Uint8Array(0) },
};

export const OBJECTS: ObjectCounts = {
  ...{ kind: 'objects', minute: 26_583_907 },
  counts: [
    { class: 1, count: 2 },
    { class: 6, count: 1 },
  ],
};

export const imageCandidate: Candidate = { kind: 'candidate', content: IMAGE };
export const pointsCandidate: Candidate = { kind: 'candidate', content: POINTS };
export const objectsCandidate: Candidate = { kind: 'candidate', content: OBJECTS };
