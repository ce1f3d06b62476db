import { presetName } from '../../proto/codec/control-codec.ts';
import { TIME_MAX } from '../../proto/codec/signal-columns.ts';
import type {
  CellFrame,
  FrameContent,
  SignalFrame,
  SignalReading,
  TripRow,
  WithdrawalStatement,
} from '../../proto/codec/telemetry-codec.ts';
import { isCell, UNSAFE_CELL_SIZES_M } from '../../proto/geo/grid.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { isHeldBack, publishesCells } from '../../proto/words/position-rules.ts';
import { isOnGrid } from '../../proto/words/quantum.ts';
import type { Brand } from '../../proto/words/result.ts';
import { SUBJECT_TAG_BYTES } from '../../proto/words/subject.ts';
import { HOUR_MS, type Instant, parseCivilDate, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { isPurposeId } from '../policy/purpose.ts';
import { type Basis, basisOf, cabinConsents } from './basis.ts';
import { fencesOf } from './closed-fences.ts';
import { sendablePaths } from './forbidden-paths.ts';
import { inspectMark } from './inspect-mark.ts';
import { inspectImage, inspectObjects, inspectPoints } from './inspect-sensors.ts';
import { inspectUpdate } from './inspect-update.ts';
import { positionRulesOf } from './position-words.ts';
import type { Candidate } from './stage.ts';
import { STATISTICS_CLASS_MAX, STATISTICS_PATHS } from './statistics-paths.ts';

/** A frame that passed every stage and the inspection. The sealer and the spool take nothing else. */
export type SealedFrame = Brand<
  { readonly content: FrameContent; readonly basis: Basis; readonly notBefore?: Instant },
  'SealedFrame'
>;

/**
 * Last look at a candidate, and the only maker of a `SealedFrame`.
 *
 * It checks the result and not the route: it trusts no stage to have run. It copies field by field what it knows, so
 * that nothing can ride along.
 *
 * @returns undefined when anything is not exactly as the policy allows; it never throws
 */
export function inspect(candidate: Candidate, policy: ActivePolicy): SealedFrame | undefined {
  try {
    const content = inspectContent(candidate.content, policy);
    const { notBefore } = candidate;
    if (content === undefined || !isHoldBack(notBefore, content, policy)) return undefined;
    const basis = basisOf(content, policy);
    const mark = inspectMark(candidate.recognised, content, policy);
    if (!basis.ok || !mark.ok) return undefined;
    const sealed = {
      content,
      basis: mark.value === undefined ? basis.value : { ...basis.value, attestation: mark.value },
    };
    return (notBefore === undefined ? sealed : { ...sealed, notBefore }) as SealedFrame;
  } catch {
    // A candidate that does not even have the shape of one is refused like every other.
    return undefined;
  }
}

function inspectContent(content: FrameContent, policy: ActivePolicy): FrameContent | undefined {
  switch (content.kind) {
    case 'signals':
      return inspectSignals(content, policy);
    case 'cell':
      return inspectCell(content, policy);
    case 'trip':
      return inspectTrip(content, policy);
    case 'image':
      return inspectImage(content, policy.sensors, cabinConsents(policy));
    case 'points':
      return inspectPoints(content, policy.sensors);
    case 'objects':
      return inspectObjects(content, policy.sensors);
    case 'withdrawal':
      return inspectWithdrawal(content);
    case 'update':
      return inspectUpdate(content);
    default:
      return undefined;
  }
}

function inspectSignals(frame: SignalFrame, policy: ActivePolicy): SignalFrame | undefined {
  if (!isTag(frame.subjectTag) || !isInstant(frame.observedAt)) return undefined;
  if (frame.signals.length === 0 || frame.signals.length > SIGNALS_MAX) return undefined;
  const sendable = sendablePaths(policy);
  const signals: SignalReading[] = [];
  // The sealer writes one reading of a path, and an encoder that throws stops the agent.
  if (isAnyTwice(frame.signals)) return undefined;
  for (const { path, value } of frame.signals) {
    if (!sendable.has(path) || !isValue(value) || carriesIdentifier(value)) return undefined;
    if (!isOnItsGrid(value, policy.signalRules?.get(path)?.quantumMillionths ?? 0)) return undefined;
    if (STATISTICS_PATHS.has(path) && !isStatistic(value, frame.observedAt)) return undefined;
    signals.push({ path, value });
  }
  return { kind: 'signals', subjectTag: frame.subjectTag, observedAt: frame.observedAt, signals };
}

/** Of few readings, as nearly every frame has, comparing costs less than a set. */
function isAnyTwice(signals: readonly SignalReading[]): boolean {
  if (signals.length > 12) return new Set(signals.map(({ path }) => path)).size < signals.length;
  for (let index = 1; index < signals.length; index += 1)
    for (let before = 0; before < index; before += 1) if (signals[index]?.path === signals[before]?.path) return true;
  return false;
}

const isOnItsGrid = (value: SignalReading['value'], quantum: number): boolean =>
  quantum === 0 || typeof value !== 'number' || isOnGrid(value, quantum);

/** A class at the beginning of its hour; anything else under the name of a statistic would be a sample. */
function isStatistic(value: SignalReading['value'], observedAt: Instant): boolean {
  const isClass = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= STATISTICS_CLASS_MAX;
  return isClass && observedAt % HOUR_MS === 0;
}

function inspectCell(frame: CellFrame, policy: ActivePolicy): CellFrame | undefined {
  const { subjectTag, hour, sizeM, zone, row, column, quarter } = frame;
  const rules = positionRulesOf(policy);
  const preset = presetName(policy.preset);
  if (preset === undefined || !publishesCells(preset)) return undefined;
  if (sizeM !== rules.cellM && sizeM !== rules.endCellM) return undefined;
  if (!isTag(subjectTag) || !Number.isInteger(hour) || hour < 0 || hour > HOUR_MAX) return undefined;
  if (quarter !== undefined && quarter !== 1 && quarter !== 2 && quarter !== 3) return undefined;
  if (!isFloored(hour, quarter ?? 0, rules.timeFloorS)) return undefined;
  if (!isCell({ sizeM, zone, row, column }, UNSAFE_CELL_SIZES_M)) return undefined;
  if (fencesOf(policy)?.blocks({ sizeM, zone, row, column }) === true) return undefined;
  const cell: CellFrame = { kind: 'cell', subjectTag, hour, sizeM, zone, row, column };
  return quarter === undefined ? cell : { ...cell, quarter };
}

/** Whether a time says nothing finer than its floor. */
function isFloored(hour: number, quarter: number, floorS: number): boolean {
  const localMs = hour * HOUR_MS + quarter * QUARTER_MS + SHANGHAI_OFFSET_MS;
  return localMs % (floorS * 1_000) === 0;
}

function inspectTrip(frame: TripRow, policy: ActivePolicy): TripRow | undefined {
  const preset = presetName(policy.preset);
  if (preset === undefined || preset === 'none') return undefined;
  const { localDate, distanceClass, durationClass } = frame;
  const isRow = isLocalDate(localDate) && isClass(distanceClass) && isClass(durationClass);
  return isRow ? { kind: 'trip', localDate, distanceClass, durationClass } : undefined;
}

function inspectWithdrawal({ purpose, cause, removed }: WithdrawalStatement): WithdrawalStatement | undefined {
  const isStatement = isPurposeId(purpose) && (cause === 0 || cause === 1) && isWholeNumber(removed, REMOVED_MAX);
  return isStatement ? { kind: 'withdrawal', purpose, cause, removed } : undefined;
}

const isWholeNumber = (value: number, max: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;

const isTag = (tag: unknown): boolean => tag instanceof Uint8Array && tag.length === SUBJECT_TAG_BYTES;

const isInstant = (value: number): boolean =>
  Number.isSafeInteger(value) && value > 0 && value <= TIME_MAX && value % 1_000 === 0;

const isClass = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= TRIP_CLASS_MAX;

function isLocalDate(value: number): boolean {
  if (!Number.isInteger(value) || value < 1990_01_01 || value > 9999_12_31) return false;
  return parseCivilDate(String(value).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')).ok;
}

/** A trip row or the cell of a day without a hold-back would go out at once, and its upload would be its time stamp. */
function isHoldBack(notBefore: Instant | undefined, content: FrameContent, policy: ActivePolicy): boolean {
  if (notBefore === undefined) {
    return content.kind !== 'trip' && !(content.kind === 'cell' && isHeldBack(positionRulesOf(policy)));
  }
  return Number.isSafeInteger(notBefore) && notBefore > 0;
}

/** Text may only be a literal of a VSS enumeration: capitals, digits, underscore, and no VIN. */
function isValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean') return true;
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{0,31}$/.test(value) && findVins(value).length === 0;
}

/** As the schema has them; asked here too, because an encoder that throws stops the agent and a refusal does not. */
const SIGNALS_MAX = 256;
const HOUR_MAX = 2_000_000;
const QUARTER_MS = 900_000;
const TRIP_CLASS_MAX = 20;
const REMOVED_MAX = 4_294_967_295;
