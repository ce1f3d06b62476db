import { type PolicyBundle, PURPOSE_CONSENTS, type PurposeKind } from '../../proto/codec/control-codec.ts';
import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { FrameContent, SealedBatch, SignalFrame, WithdrawalStatement } from '../../proto/codec/telemetry-codec.ts';
import type { RejectionCode } from './rejections.ts';

/**
 * Whether a batch leaves for a purpose that its own policy has, and holds nothing but what is for that purpose. A batch of
 * statements of withdrawal needs none: the policy it is sealed under may have lost the purpose.
 */
export function recheckPurpose(batch: SealedBatch, bundle: PolicyBundle): RejectionCode | undefined {
  const { purpose = '', consent = '', frames } = batch;
  const { purposes = [] } = bundle;
  const isStatement = frames.every(({ kind }) => kind === 'withdrawal');
  if (purpose === '' && isStatement) return undefined;
  // A bundle of before there were purposes has none, and its batches name none.
  if (purposes.length === 0 && purpose === '') return undefined;
  const index = purposes.findIndex(({ id }) => id === purpose);
  const record = purposes[index];
  if (record === undefined) return 'PURPOSE_UNKNOWN';
  if (!isStatement && (record.consent === PURPOSE_CONSENTS.none) !== (consent === '')) return 'PURPOSE_UNKNOWN';
  const isOfPath = pathsFor(index + 1, bundle);
  const isFor = (frame: FrameContent): boolean => {
    if (frame.kind === 'withdrawal') return frame.purpose === purpose;
    if (frame.kind === 'signals') return frame.signals.every(({ path }) => isOfPath(path));
    return bundle.kindPurposes?.[kindOf(frame)] === index + 1;
  };
  return frames.every(isFor) ? undefined : 'PURPOSE_UNKNOWN';
}

/** @param place - of the purpose in its bundle, from 1 on */
function pathsFor(place: number, { allowedPaths, pathPurposes }: PolicyBundle): (path: string) => boolean {
  const paths = new Set(allowedPaths.filter((_, index) => pathPurposes?.[index] === place));
  return (path) => paths.has(path);
}

function kindOf(frame: Exclude<FrameContent, SignalFrame | WithdrawalStatement>): PurposeKind {
  if (frame.kind === 'image') return frame.camera === CAMERA_LABELS.cabin ? 'cabinImages' : 'exteriorImages';
  return KINDS[frame.kind];
}

const KINDS = { cell: 'cells', trip: 'trips', points: 'pointClouds', objects: 'objects', update: 'updates' } as const;
