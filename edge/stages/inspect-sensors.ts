import { readCleanJpeg } from '../../proto/codec/clean-jpeg.ts';
import { IMAGERY_SETTINGS, OBJECT_SETTINGS, POINT_CLOUD_SETTINGS } from '../../proto/codec/control-codec.ts';
import { encodeMosaicPng, readMosaicPng } from '../../proto/codec/mosaic-png.ts';
import {
  CAMERA_LABELS,
  IMAGE_BYTES_MAX,
  IMAGE_FORMATS,
  IMAGE_PIXELS_MAX,
  IMAGE_TREATMENTS,
  type ImageFrame,
  MINUTE_MS,
  OBJECT_CLASSES,
  type ObjectCounts,
  POINT_CLOUD_TREATMENTS,
  type PointCloudFrame,
} from '../../proto/codec/sensor-frames.ts';
import { areVoxels, RING_EDGES_M } from '../../proto/codec/voxels.ts';
import { findVins } from '../../proto/words/vin.ts';
import { type Consent, cabinImageConsent } from '../policy/consent.ts';
import type { SensorPolicy } from '../policy/sensor-policy.ts';

/** A picture exactly as the policy allows one to leave, with its file read anew; else undefined. */
export function inspectImage(
  frame: ImageFrame,
  sensors: SensorPolicy | undefined,
  consents: readonly Consent[] = sensors?.consents ?? [],
): ImageFrame | undefined {
  const { minute, camera, consent, width, height } = frame;
  if (sensors === undefined || !isMinute(minute) || !LABELS.has(camera)) return undefined;
  if (!(frame.data instanceof Uint8Array) || frame.data.length > IMAGE_BYTES_MAX) return undefined;
  if (!isConsentRight(frame, consents)) return undefined;
  if (frame.treatment === IMAGE_TREATMENTS.mosaic) {
    const picture = sensors.imagery === IMAGERY_SETTINGS.mosaic ? readMosaicPng(frame.data) : undefined;
    if (picture === undefined || frame.format !== IMAGE_FORMATS.png) return undefined;
    if (picture.columns !== width || picture.rows !== height || !saysNoDetector(frame)) return undefined;
    return {
      ...{ kind: 'image', minute, camera, treatment: frame.treatment, format: frame.format, width, height, consent },
      ...{ detector: '', detectorVersion: '', regions: 0, data: encodeMosaicPng(picture) },
    };
  }
  return frame.treatment === IMAGE_TREATMENTS.redact ? inspectRedacted(frame, sensors) : undefined;
}

function inspectRedacted(frame: ImageFrame, { imagery }: SensorPolicy): ImageFrame | undefined {
  const { minute, camera, treatment, format, width, height, detector, detectorVersion, regions } = frame;
  if (imagery !== IMAGERY_SETTINGS.redact || camera === CAMERA_LABELS.cabin || format !== IMAGE_FORMATS.jpeg)
    return undefined;
  if (!isName(detector) || !isName(detectorVersion) || !isCount(regions, REGIONS_MAX)) return undefined;
  const size = readCleanJpeg(frame.data);
  if (size === undefined || size.width !== width || size.height !== height) return undefined;
  if (width * height > IMAGE_PIXELS_MAX || width > EDGE_PX_MAX || height > EDGE_PX_MAX) return undefined;
  return {
    ...{ kind: 'image', minute, camera, treatment, format, width, height, detector, detectorVersion, regions },
    ...{ consent: '', data: Uint8Array.from(frame.data) },
  };
}

/** A picture of the cabin names a consent that holds in its minute; every other names none. */
function isConsentRight({ camera, consent, minute }: ImageFrame, consents: readonly Consent[]): boolean {
  if (camera !== CAMERA_LABELS.cabin) return consent === '';
  const named = consents.filter(({ id }) => id === consent);
  // The minute is floored, so the consent may begin within it.
  return [minute * MINUTE_MS, (minute + 1) * MINUTE_MS - 1].some(
    (moment) => cabinImageConsent(named, [moment]) !== undefined,
  );
}

const saysNoDetector = ({ detector, detectorVersion, regions }: ImageFrame): boolean =>
  detector === '' && detectorVersion === '' && regions === 0;

export function inspectPoints(frame: PointCloudFrame, sensors: SensorPolicy | undefined): PointCloudFrame | undefined {
  const { minute, treatment, rings, voxelMm, voxels } = frame;
  if (sensors === undefined || !isMinute(minute)) return undefined;
  if (!(voxels instanceof Uint8Array) || !Array.isArray(rings)) return undefined;
  if (treatment === POINT_CLOUD_TREATMENTS.voxel) {
    const isAllowed = sensors.pointCloud === POINT_CLOUD_SETTINGS.voxel && voxelMm >= sensors.voxelMm;
    if (!isAllowed || voxelMm > VOXEL_MM_MAX || rings.length !== 0 || !areVoxels(voxels, voxelMm)) return undefined;
    return { kind: 'points', minute, treatment, rings: [], voxelMm, voxels: Uint8Array.from(voxels) };
  }
  if (treatment !== POINT_CLOUD_TREATMENTS.counts || sensors.pointCloud !== POINT_CLOUD_SETTINGS.counts)
    return undefined;
  if (rings.length !== RING_EDGES_M.length + 1 || voxelMm !== 0 || voxels.length !== 0) return undefined;
  if (!rings.every(({ points }) => isCount(points, POINTS_MAX))) return undefined;
  const counts = rings.map(({ points }) => ({ points }));
  return { kind: 'points', minute, treatment, rings: counts, voxelMm: 0, voxels: new Uint8Array(0) };
}

export function inspectObjects(frame: ObjectCounts, sensors: SensorPolicy | undefined): ObjectCounts | undefined {
  const { minute, counts } = frame;
  if (sensors?.objects !== OBJECT_SETTINGS.counts || !isMinute(minute) || !Array.isArray(counts)) return undefined;
  let before = -1;
  for (const { class: one, count } of counts) {
    if (!isCount(one, CLASS_MAX) || one <= before || !isCount(count, COUNT_MAX) || count === 0) return undefined;
    before = one;
  }
  return { kind: 'objects', minute, counts: counts.map((one) => ({ class: one.class, count: one.count })) };
}

const LABELS: ReadonlySet<number> = new Set(Object.values(CAMERA_LABELS));

const isCount = (value: number, max: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;

const isMinute = (value: number): boolean => isCount(value, MINUTE_MAX) && value > 0;

/** Words, digits and a few signs: names of detectors have no room for a message. */
function isName(text: unknown): boolean {
  return (
    typeof text === 'string' && /^[a-z0-9][a-z0-9.+/_-]{0,95}$/.test(text) && findVins(text.toUpperCase()).length === 0
  );
}

/** As the schema has them; asked here too, because an encoder that throws stops the agent and a refusal does not. */
const MINUTE_MAX = 120_000_000;
const EDGE_PX_MAX = 4_096;
const REGIONS_MAX = 512;
const VOXEL_MM_MAX = 64_000;
const POINTS_MAX = 16_777_215;
const CLASS_MAX = Object.keys(OBJECT_CLASSES).length - 1;
const COUNT_MAX = 1_024;
