import { readCleanJpeg } from '../../proto/codec/clean-jpeg.ts';
import { readMosaicPng } from '../../proto/codec/mosaic-png.ts';
import {
  CAMERA_LABELS,
  IMAGE_FORMATS,
  IMAGE_PIXELS_MAX,
  IMAGE_TREATMENTS,
  type ImageFrame,
  MINUTE_MS,
  type ObjectCounts,
  POINT_CLOUD_TREATMENTS,
  type PointCloudFrame,
} from '../../proto/codec/sensor-frames.ts';
import { areVoxels, RING_EDGES_M } from '../../proto/codec/voxels.ts';
import type { RejectionCode } from './rejections.ts';

type SensorFrame = ImageFrame | PointCloudFrame | ObjectCounts;

/**
 * Looks again at a picture, a point cloud or counts of objects. What cannot be computed again from what arrived is whether
 * a detector found everything.
 *
 * @param latest - no frame may be dated later, milliseconds since 1970 UTC
 */
export function recheckSensorFrame(frame: SensorFrame, latest: number): RejectionCode | undefined {
  if (frame.minute * MINUTE_MS > latest) return 'TIME_IN_FUTURE';
  if (frame.kind === 'image') return recheckImage(frame);
  const isReduced = frame.kind === 'points' ? isReducedCloud(frame) : areCounts(frame);
  return isReduced ? undefined : 'POINTS_NOT_REDUCED';
}

/** What of a frame a vehicle words by itself. */
export function textOf(frame: SensorFrame): string {
  return frame.kind === 'image' ? `${frame.detector} ${frame.detectorVersion} ${frame.consent}` : '';
}

function recheckImage(frame: ImageFrame): RejectionCode | undefined {
  const isCabin = frame.camera === CAMERA_LABELS.cabin;
  if (isCabin !== (frame.consent !== '')) return 'IMAGE_UNDECLARED';
  return frame.treatment === IMAGE_TREATMENTS.mosaic ? recheckMosaic(frame) : recheckRedacted(frame, isCabin);
}

function recheckMosaic(frame: ImageFrame): RejectionCode | undefined {
  if (frame.detector !== '' || frame.detectorVersion !== '' || frame.regions !== 0) return 'IMAGE_UNDECLARED';
  const picture = frame.format === IMAGE_FORMATS.png ? readMosaicPng(frame.data) : undefined;
  if (picture === undefined) return 'IMAGE_NOT_CLEAN';
  return picture.columns === frame.width && picture.rows === frame.height ? undefined : 'IMAGE_TOO_LARGE';
}

/** A picture of the cabin leaves as a mosaic or not at all. */
function recheckRedacted(frame: ImageFrame, isCabin: boolean): RejectionCode | undefined {
  if (isCabin || frame.detector === '' || frame.detectorVersion === '') return 'IMAGE_UNDECLARED';
  const size = frame.format === IMAGE_FORMATS.jpeg ? readCleanJpeg(frame.data) : undefined;
  if (size === undefined) return 'IMAGE_NOT_CLEAN';
  const isAsSaid = size.width === frame.width && size.height === frame.height;
  return isAsSaid && size.width * size.height <= IMAGE_PIXELS_MAX ? undefined : 'IMAGE_TOO_LARGE';
}

function isReducedCloud({ treatment, rings, voxelMm, voxels }: PointCloudFrame): boolean {
  if (treatment === POINT_CLOUD_TREATMENTS.voxel) return rings.length === 0 && areVoxels(voxels, voxelMm);
  return rings.length === RING_EDGES_M.length + 1 && voxelMm === 0 && voxels.length === 0;
}

function areCounts({ counts }: ObjectCounts): boolean {
  return counts.every((one, index) => one.count > 0 && (index === 0 || one.class > (counts[index - 1]?.class ?? 0)));
}
