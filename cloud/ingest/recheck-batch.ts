import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type {
  CellFrame,
  FrameContent,
  SealedBatch,
  SignalFrame,
  SignalReading,
  TripRow,
} from '../../proto/codec/telemetry-codec.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { isOnGrid } from '../../proto/words/quantum.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant, parseCivilDate } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import { catalogueRow, isTerminalField } from '../catalogue/catalogue.ts';
import type { CatalogueRow } from '../catalogue/catalogue-row.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import { cellCheck } from './recheck-cells.ts';
import { type PolicyRecheck, recheckPolicy } from './recheck-policy.ts';
import { recheckSensorFrame, textOf } from './recheck-sensors.ts';
import type { RejectionCode } from './rejections.ts';

/** How far a vehicle's clock may run ahead. */
export const CLOCK_SKEW_MS = 600_000;

/** Times of signals are cut to the second, whatever the policy. */
const SIGNAL_FLOOR_MS = 1_000;

/**
 * Looks again at everything the vehicle says it did, from the same words as the edge and none of its code.
 *
 * @param against - the policies that vehicles were told; without it a batch is only held against what it says of itself
 * @returns why the whole batch is refused, or undefined; one bad frame condemns the batch, since one signature made it
 */
export function recheckBatch(
  batch: SealedBatch,
  device: RegisteredDevice,
  now: Instant,
  against?: PolicyRecheck,
): RejectionCode | undefined {
  const itself = recheckContent(batch, device, now);
  if (itself !== undefined || against === undefined) return itself;
  return recheckPolicy(batch, device.number, now, against);
}

function recheckContent(batch: SealedBatch, device: RegisteredDevice, now: Instant): RejectionCode | undefined {
  const pathsSeen = new Set<string>();
  const cells = cellCheck(batch);
  if (isAnyOffGrid(batch)) return 'VALUE_OFF_GRID';
  for (const frame of batch.frames) {
    const rejection =
      frame.kind === 'cell' ? recheckCell(frame, now, cells) : recheckFrame(frame, device, now, pathsSeen);
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
    case 'update':
      return frame.minute * MINUTE_MS > now + CLOCK_SKEW_MS ? 'TIME_IN_FUTURE' : undefined;
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
  if (frame.observedAt % SIGNAL_FLOOR_MS !== 0) return 'TIME_NOT_FLOORED';
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
  if (isTerminalField(path)) return 'PATH_FORBIDDEN';
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

/** A position can be written out in any text, so no row takes text but those whose zone feeds no dataset. */
function isPlausible(value: SignalReading['value'], { value: form, min, max }: CatalogueRow): boolean {
  if (typeof value !== 'number') return typeof value === 'boolean' ? form === 'flag' : form === 'text';
  return form === 'number' && value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}

function recheckCell(frame: CellFrame, now: Instant, check: ReturnType<typeof cellCheck>): RejectionCode | undefined {
  return frame.hour * HOUR_MS > now + CLOCK_SKEW_MS ? 'TIME_IN_FUTURE' : check(frame);
}

function recheckTrip({ localDate }: TripRow, now: Instant): RejectionCode | undefined {
  const digits = String(localDate).padStart(8, '0');
  const date = parseCivilDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
  if (!date.ok) return 'VALUE_IMPLAUSIBLE';
  return date.value > civilDateOf((now + DAY_MS) as Instant) ? 'TIME_IN_FUTURE' : undefined;
}
