import { POSITION_PRESETS } from '../../proto/codec/control-codec.ts';
import type {
  CellFrame,
  FrameContent,
  SignalFrame,
  SignalReading,
  TripRow,
} from '../../proto/codec/telemetry-codec.ts';
import { isCell } from '../../proto/geo/grid.ts';
import type { Brand } from '../../proto/words/result.ts';
import { SUBJECT_TAG_BYTES } from '../../proto/words/subject.ts';
import type { Instant } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { Candidate } from './stage.ts';

/** A frame that passed every stage and the inspection. The sealer and the spool take nothing else. */
export type SealedFrame = Brand<{ readonly content: FrameContent; readonly notBefore?: Instant }, 'SealedFrame'>;

/**
 * Last look at a candidate, and the only maker of a `SealedFrame`.
 *
 * It checks the result and not the route: it trusts no stage to have run. It copies field by field what it knows, so
 * that nothing can ride along.
 *
 * @returns undefined when anything is not exactly as the policy allows
 */
export function inspect(candidate: Candidate, policy: ActivePolicy): SealedFrame | undefined {
  const content = inspectContent(candidate.content, policy);
  if (content === undefined) return undefined;
  const { notBefore } = candidate;
  return (notBefore === undefined ? { content } : { content, notBefore }) as SealedFrame;
}

function inspectContent(content: FrameContent, policy: ActivePolicy): FrameContent | undefined {
  switch (content.kind) {
    case 'signals':
      return inspectSignals(content, policy);
    case 'cell':
      return inspectCell(content, policy);
    case 'trip':
      return inspectTrip(content, policy);
    default:
      return undefined;
  }
}

function inspectSignals(frame: SignalFrame, policy: ActivePolicy): SignalFrame | undefined {
  if (!isTag(frame.subjectTag) || !isInstant(frame.observedAt)) return undefined;
  if (frame.signals.length === 0 || frame.signals.length > SIGNALS_MAX) return undefined;
  const signals: SignalReading[] = [];
  for (const { path, value } of frame.signals) {
    if (!policy.allowedPaths.has(path) || !isValue(value)) return undefined;
    signals.push({ path, value });
  }
  return { kind: 'signals', subjectTag: frame.subjectTag, observedAt: frame.observedAt, signals };
}

function inspectCell(frame: CellFrame, policy: ActivePolicy): CellFrame | undefined {
  if (policy.preset !== POSITION_PRESETS.fleet) return undefined;
  const { subjectTag, hour, sizeM, zone, row, column } = frame;
  if (!isTag(subjectTag) || !Number.isSafeInteger(hour) || hour < 0) return undefined;
  return isCell({ sizeM, zone, row, column })
    ? { kind: 'cell', subjectTag, hour, sizeM, zone, row, column }
    : undefined;
}

function inspectTrip(frame: TripRow, policy: ActivePolicy): TripRow | undefined {
  if (policy.preset === POSITION_PRESETS.none) return undefined;
  const { localDate, distanceClass, durationClass } = frame;
  const isRow = isLocalDate(localDate) && isClass(distanceClass) && isClass(durationClass);
  return isRow ? { kind: 'trip', localDate, distanceClass, durationClass } : undefined;
}

const isTag = (tag: unknown): boolean => tag instanceof Uint8Array && tag.length === SUBJECT_TAG_BYTES;

const isInstant = (value: number): boolean => Number.isSafeInteger(value) && value > 0 && value % 1_000 === 0;

const isClass = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= TRIP_CLASS_MAX;

function isLocalDate(value: number): boolean {
  const month = Math.floor(value / 100) % 100;
  const day = value % 100;
  return (
    Number.isInteger(value) &&
    value >= 1990_01_01 &&
    value <= 9999_12_31 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31
  );
}

/** Text may only be a literal of a VSS enumeration: capitals, digits, underscore, and no VIN. */
function isValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean') return true;
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{0,31}$/.test(value) && findVins(value).length === 0;
}

/** As the schema has them; asked here too, because an encoder that throws stops the agent and a refusal does not. */
const SIGNALS_MAX = 256;
const TRIP_CLASS_MAX = 20;
