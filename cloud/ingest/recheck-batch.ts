import type {
  CellFrame,
  FrameContent,
  SealedBatch,
  SignalFrame,
  SignalReading,
  TripRow,
} from '../../proto/codec/telemetry-codec.ts';
import { CELL_SIZES_M, isCell, UNSAFE_CELL_SIZES_M } from '../../proto/geo/grid.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { isOnGrid } from '../../proto/words/quantum.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, parseCivilDate } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import { type CatalogueRow, catalogueRow } from '../catalogue/catalogue.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { recheckSensorFrame, textOf } from './recheck-sensors.ts';
import type { RejectionCode } from './rejections.ts';

/** How far a vehicle's clock may run ahead. */
export const CLOCK_SKEW_MS = 600_000;

/**
 * Looks again at everything the vehicle says it did, from the same words as the edge and none of its code.
 *
 * @returns why the whole batch is refused, or undefined; one bad frame condemns the batch, since one signature made it
 */
export function recheckBatch(batch: SealedBatch, device: RegisteredDevice, now: Instant): RejectionCode | undefined {
  const pathsSeen = new Set<string>();
  const sizesM = cellSizesOf(batch);
  if (isAnyOffGrid(batch)) return 'VALUE_OFF_GRID';
  for (const frame of batch.frames) {
    const rejection =
      frame.kind === 'cell' ? recheckCell(frame, now, sizesM) : recheckFrame(frame, device, now, pathsSeen);
    if (rejection !== undefined) return rejection;
  }
  return recheckText(wordsOf(batch), device);
}

/** Whether a value is none of the grid that the batch says its path was cut to. */
function isAnyOffGrid({ quanta, frames }: SealedBatch): boolean {
  if (quanta === undefined) return false;
  const grids = new Map(quanta.map(({ path, quantumMillionths }) => [path, quantumMillionths]));
  const isOff = ({ path, value }: SignalReading): boolean => {
    const quantum = grids.get(path);
    return quantum !== undefined && typeof value === 'number' && !isOnGrid(value, quantum);
  };
  return frames.some((frame) => frame.kind === 'signals' && frame.signals.some(isOff));
}

/** 1 km is precise tracking: only a vehicle that says its policy accepted that in words may send it. */
function cellSizesOf({ steps }: SealedBatch): readonly number[] {
  const isAccepted = steps.some(
    ({ stage, parameters }) =>
      stage.startsWith('position-') && / unsafe=(?:\w+,)*(?:endCellM|cellM)(?:,|$)/.test(parameters),
  );
  return isAccepted ? UNSAFE_CELL_SIZES_M : CELL_SIZES_M;
}

/** Everything else in a batch that a vehicle words by itself, and that the ledger keeps. */
function wordsOf({ policyId, steps, removals, drops, purpose, consent, attestation }: SealedBatch): string {
  const stages = steps.map(({ stage, parameters }) => `${stage} ${parameters}`);
  const causes = [...removals, ...drops].map(({ cause }) => cause);
  const basis = [purpose, consent, attestation?.id, attestation?.certificate];
  return [policyId, ...stages, ...causes, ...basis].join(' ');
}

function recheckText(text: string, device: RegisteredDevice): RejectionCode | undefined {
  const vins = findVins(text);
  if (vins.some((vin) => vin !== device.vin.reveal())) return 'VIN_MISMATCH';
  return vins.length > 0 ? 'VIN_IN_PAYLOAD' : undefined;
}

/** @param pathsSeen - paths of the batch that no row knows, once they were found to name no vehicle */
function recheckFrame(
  frame: Exclude<FrameContent, CellFrame>,
  device: RegisteredDevice,
  now: Instant,
  pathsSeen: Set<string>,
): RejectionCode | undefined {
  switch (frame.kind) {
    case 'signals':
      return recheckSignals(frame, device, now, pathsSeen);
    case 'trip':
      return recheckTrip(frame, now);
    case 'withdrawal':
      return recheckText(frame.purpose, device);
    default:
      return recheckSensorFrame(frame, now + CLOCK_SKEW_MS) ?? recheckText(textOf(frame), device);
  }
}

function recheckSignals(
  frame: SignalFrame,
  device: RegisteredDevice,
  now: Instant,
  pathsSeen: Set<string>,
): RejectionCode | undefined {
  if (frame.observedAt > now + CLOCK_SKEW_MS) return 'TIME_IN_FUTURE';
  // A frame without content would be acknowledged and stored nowhere.
  if (frame.signals.length === 0) return 'FRAME_SCHEMA';
  for (const reading of frame.signals) {
    const rejection = recheckReading(reading, device, pathsSeen);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

function recheckReading(
  { path, value }: SignalReading,
  device: RegisteredDevice,
  pathsSeen: Set<string>,
): RejectionCode | undefined {
  const row = catalogueRow(path);
  const isNew = row === undefined && !pathsSeen.has(path);
  // A number is never read as text: 0.00681012624510871 ends in 17 digits that pass for a VIN.
  if (isNew || typeof value === 'string') {
    const rejection = recheckText(typeof value === 'string' ? `${path} ${value}` : path, device);
    if (rejection !== undefined) return rejection;
    if (isNew) pathsSeen.add(path);
  }
  if (row === undefined) return carriesIdentifier(value) ? 'IDENTIFIER_IN_PAYLOAD' : undefined;
  if (row.edge === 'forbidden') return 'PATH_FORBIDDEN';
  return isPlausible(value, row) ? undefined : 'VALUE_IMPLAUSIBLE';
}

/** A row without bounds is a flag. No row takes text: a position written out would ride into an exportable zone in it. */
function isPlausible(value: SignalReading['value'], { min, max }: CatalogueRow): boolean {
  if (min === undefined || max === undefined) return typeof value === 'boolean';
  return typeof value === 'number' && value >= min && value <= max;
}

function recheckCell(frame: CellFrame, now: Instant, sizesM: readonly number[]): RejectionCode | undefined {
  if (frame.hour * HOUR_MS > now + CLOCK_SKEW_MS) return 'TIME_IN_FUTURE';
  return isCell(frame, sizesM) ? undefined : 'CELL_NOT_ON_GRID';
}

function recheckTrip({ localDate }: TripRow, now: Instant): RejectionCode | undefined {
  const digits = String(localDate).padStart(8, '0');
  const date = parseCivilDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
  if (!date.ok) return 'VALUE_IMPLAUSIBLE';
  return date.value > civilDateOf((now + DAY_MS) as Instant) ? 'TIME_IN_FUTURE' : undefined;
}
