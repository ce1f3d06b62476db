import {
  CONSENT_KINDS,
  CONSENT_SUBJECTS,
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  POINT_CLOUD_SETTINGS,
  type PolicyBundle,
  presetName,
  type SignalRule,
} from '../../proto/codec/control-codec.ts';
import {
  IMAGE_TREATMENTS,
  type ImageFrame,
  MINUTE_MS,
  POINT_CLOUD_TREATMENTS,
  type PointCloudFrame,
} from '../../proto/codec/sensor-frames.ts';
import type { CellFrame, FrameContent, SealedBatch, SignalFrame } from '../../proto/codec/telemetry-codec.ts';
import { isGrantIdOf } from '../../proto/words/grant-id.ts';
import { type PositionRules, publishesCells } from '../../proto/words/position-rules.ts';
import { isOnGrid } from '../../proto/words/quantum.ts';
import { HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { PolicyArchive } from '../ports/policy-archive.ts';
import { isFloored } from './recheck-cells.ts';
import { recheckPurpose } from './recheck-purpose.ts';
import type { RejectionCode } from './rejections.ts';
import type { SensorRates } from './sensor-rates.ts';
import { areStepsOf, positionRulesOf } from './steps-of-policy.ts';

/** What a batch is held against beside itself. */
export interface PolicyRecheck {
  readonly policies: Pick<PolicyArchive, 'find'>;
  readonly rates: SensorRates;
}

/** How far clocks of vehicles and cloud may differ where a policy begins or ends. */
export const POLICY_SKEW_MS = 600_000;

/**
 * Holds a batch against the bundle it names, whichever version that is: a batch may wait on the vehicle for months, and what
 * counts is whether its policy was in force when its frames were observed.
 *
 * @param receivedAt - when the batch arrived; its policy has to have begun by then
 */
export function recheckPolicy(
  batch: SealedBatch,
  deviceNumber: number,
  receivedAt: Instant,
  { policies, rates }: PolicyRecheck,
): RejectionCode | undefined {
  const bundles = policies.find(batch.policyId, batch.policyVersion);
  let first: RejectionCode | undefined = 'POLICY_UNKNOWN';
  for (const [index, bundle] of bundles.entries()) {
    const rejection = recheckBundle(batch, receivedAt, bundle);
    if (rejection === undefined) return recheckRates(batch, deviceNumber, bundle, rates);
    if (index === 0) first = rejection;
  }
  return first;
}

function recheckBundle(batch: SealedBatch, receivedAt: Instant, bundle: PolicyBundle): RejectionCode | undefined {
  if (!wasInForce(batch.frames, receivedAt, bundle)) return 'POLICY_NOT_IN_FORCE';
  const rules = positionRulesOf(bundle);
  if (rules === undefined || !areStepsOf(batch.steps, bundle)) return 'STEPS_NOT_OF_POLICY';
  const signals = signalCheck(bundle);
  for (const frame of batch.frames) {
    const rejection = frame.kind === 'signals' ? signals(frame) : recheckFrame(frame, bundle, rules);
    if (rejection !== undefined) return rejection;
  }
  return recheckPurpose(batch, bundle);
}

/** What was observed before a policy began may leave under it (trip rows are held back for days); what came after it ended may not. */
function wasInForce(frames: readonly FrameContent[], receivedAt: Instant, bundle: PolicyBundle): boolean {
  if (receivedAt < bundle.notBeforeMs - POLICY_SKEW_MS) return false;
  return frames.every((frame) => observedFrom(frame) < bundle.expiresAtMs + POLICY_SKEW_MS);
}

/** The earliest moment that a frame's time may stand for. A trip row has a day; its hold-back says when it was sealed, so it says nothing here, and a statement has no time. */
function observedFrom(frame: FrameContent): number {
  if (frame.kind === 'signals') return frame.observedAt;
  if (frame.kind === 'trip' || frame.kind === 'withdrawal') return 0;
  return frame.kind === 'cell' ? frame.hour * HOUR_MS : frame.minute * MINUTE_MS;
}

/** A check of signals that remembers, over the frames of a batch, which periods had their value. */
function signalCheck({ allowedPaths, signalRules = [] }: PolicyBundle) {
  const allowed = new Set(allowedPaths);
  const rules = new Map<string, SignalRule>(signalRules.map((rule) => [rule.path, rule]));
  const periods = new Set<string>();
  return ({ observedAt, signals }: SignalFrame): RejectionCode | undefined => {
    for (const { path, value } of signals) {
      if (!allowed.has(path)) return 'CONTENT_NOT_OF_POLICY';
      const rule = rules.get(path);
      if (rule === undefined) continue;
      const { quantumMillionths, periodMs } = rule;
      if (quantumMillionths > 0 && typeof value === 'number' && !isOnGrid(value, quantumMillionths))
        return 'QUANTUM_NOT_OF_POLICY';
      // A time is cut to the second, so that two values of a shorter period may bear the same one.
      if (periodMs < 1_000 || periodMs % 1_000 !== 0) continue;
      const period = `${Math.floor(observedAt / periodMs)} ${path}`;
      if (periods.has(period)) return 'INTERVAL_NOT_OF_POLICY';
      periods.add(period);
    }
    return undefined;
  };
}

function recheckFrame(
  frame: Exclude<FrameContent, SignalFrame>,
  bundle: PolicyBundle,
  rules: PositionRules,
): RejectionCode | undefined {
  switch (frame.kind) {
    case 'cell':
      return recheckCell(frame, bundle, rules);
    case 'trip':
      return (presetName(bundle.preset) ?? 'none') === 'none' ? 'CONTENT_NOT_OF_POLICY' : undefined;
    case 'image':
      return isImageOf(frame, bundle) ? undefined : 'CONTENT_NOT_OF_POLICY';
    case 'points':
      return isCloudOf(frame, bundle) ? undefined : 'CONTENT_NOT_OF_POLICY';
    case 'objects':
      return bundle.objects === OBJECT_SETTINGS.counts ? undefined : 'CONTENT_NOT_OF_POLICY';
    case 'withdrawal':
      // Whatever is collected now, what was taken back before may be told.
      return undefined;
    case 'update':
      // What it may leave for is asked of its purpose.
      return undefined;
  }
}

function recheckCell(
  frame: CellFrame,
  bundle: PolicyBundle,
  { cellM, endCellM, timeFloorS }: PositionRules,
): RejectionCode | undefined {
  if (!publishesCells(presetName(bundle.preset) ?? 'none')) return 'CONTENT_NOT_OF_POLICY';
  if (frame.sizeM !== cellM && frame.sizeM !== endCellM) return 'CONTENT_NOT_OF_POLICY';
  return isFloored(frame, timeFloorS) ? undefined : 'TIME_NOT_FLOORED';
}

function isImageOf(frame: ImageFrame, bundle: PolicyBundle): boolean {
  const wanted = frame.treatment === IMAGE_TREATMENTS.mosaic ? IMAGERY_SETTINGS.mosaic : IMAGERY_SETTINGS.redact;
  if (bundle.imagery !== wanted) return false;
  return frame.consent === '' || isOnRecord(frame, bundle) || isGivenInVehicle(frame, bundle);
}

const isOnRecord = ({ consent, minute }: ImageFrame, { consents = [] }: PolicyBundle): boolean =>
  consents.some(
    ({ id, kind, subjects, fromMs, untilMs }) =>
      id === consent &&
      kind === CONSENT_KINDS.cabinImage &&
      subjects === CONSENT_SUBJECTS.allOccupants &&
      fromMs < (minute + 1) * MINUTE_MS &&
      minute * MINUTE_MS < untilMs,
  );

/** The operator has no record of it, so all that can be asked is whether the policy collects for what it was given to. */
function isGivenInVehicle({ consent }: ImageFrame, { purposes = [], kindPurposes }: PolicyBundle): boolean {
  const purpose = purposes[(kindPurposes?.cabinImages ?? 0) - 1];
  return purpose !== undefined && isGrantIdOf(consent, purpose.id);
}

function isCloudOf({ treatment, voxelMm }: PointCloudFrame, bundle: PolicyBundle): boolean {
  if (treatment === POINT_CLOUD_TREATMENTS.voxel)
    return bundle.pointCloud === POINT_CLOUD_SETTINGS.voxel && voxelMm >= (bundle.voxelMm ?? 0);
  return bundle.pointCloud === POINT_CLOUD_SETTINGS.counts;
}

/** Last, and only for a batch that nothing else is held against: what is refused takes nobody's turn. */
function recheckRates(
  { epoch, firstSequence, frames }: SealedBatch,
  deviceNumber: number,
  { sensorIntervalS = 0 }: PolicyBundle,
  rates: SensorRates,
): RejectionCode | undefined {
  let isTooMany = false;
  for (const [index, frame] of frames.entries()) {
    if (!('minute' in frame) || frame.kind === 'update') continue;
    const name = { deviceNumber, epoch, sequence: firstSequence + index };
    isTooMany = rates.isTooMany(frame, name, sensorIntervalS) || isTooMany;
  }
  return isTooMany ? 'INTERVAL_NOT_OF_POLICY' : undefined;
}
