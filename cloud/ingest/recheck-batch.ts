import type {
  CellFrame,
  FrameContent,
  SealedBatch,
  SignalFrame,
  SignalReading,
} from '../../proto/codec/telemetry-codec.ts';
import { isCell } from '../../proto/geo/grid.ts';
import { civilDateOf, DAY_MS, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import { catalogueRow } from '../catalogue/catalogue.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { RejectionCode } from './rejections.ts';

/** How far a vehicle's clock may run ahead. */
export const CLOCK_SKEW_MS = 600_000;

/**
 * Looks again at everything the vehicle says it did, from the same words as the edge and none of its code.
 *
 * @returns why the whole batch is refused, or undefined; one bad frame condemns the batch, since one signature made it
 */
export function recheckBatch(batch: SealedBatch, device: RegisteredDevice, now: Instant): RejectionCode | undefined {
  for (const frame of batch.frames) {
    const rejection = recheckFrame(frame, device, now);
    if (rejection !== undefined) return rejection;
  }
  for (const { parameters } of batch.steps) {
    if (findVins(parameters).length > 0) return 'VIN_IN_PAYLOAD';
  }
  return undefined;
}

function recheckFrame(frame: FrameContent, device: RegisteredDevice, now: Instant): RejectionCode | undefined {
  switch (frame.kind) {
    case 'signals':
      return recheckSignals(frame, device, now);
    case 'cell':
      return recheckCell(frame, now);
    case 'trip':
      return frame.localDate > localDateOf((now + DAY_MS) as Instant) ? 'TIME_IN_FUTURE' : undefined;
  }
}

function recheckSignals(frame: SignalFrame, device: RegisteredDevice, now: Instant): RejectionCode | undefined {
  if (frame.observedAt > now + CLOCK_SKEW_MS) return 'TIME_IN_FUTURE';
  // A frame without content would be acknowledged and stored nowhere.
  if (frame.signals.length === 0) return 'FRAME_SCHEMA';
  for (const reading of frame.signals) {
    const rejection = recheckReading(reading, device);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}

function recheckReading({ path, value }: SignalReading, device: RegisteredDevice): RejectionCode | undefined {
  if (typeof value === 'string' || path.length >= VIN_CHARACTERS) {
    const vins = findVins(`${path} ${String(value)}`);
    if (vins.some((vin) => vin !== device.vin.reveal())) return 'VIN_MISMATCH';
    if (vins.length > 0) return 'VIN_IN_PAYLOAD';
  }
  const row = catalogueRow(path);
  if (row === undefined) return undefined;
  if (row.edge === 'forbidden') return 'PATH_FORBIDDEN';
  if (row.min === undefined || row.max === undefined) return undefined;
  return typeof value === 'number' && value >= row.min && value <= row.max ? undefined : 'VALUE_IMPLAUSIBLE';
}

function recheckCell(frame: CellFrame, now: Instant): RejectionCode | undefined {
  if (frame.hour * HOUR_MS > now + CLOCK_SKEW_MS) return 'TIME_IN_FUTURE';
  return isCell(frame) ? undefined : 'CELL_NOT_ON_GRID';
}

const localDateOf = (instant: Instant): number => Number(civilDateOf(instant).replaceAll('-', ''));

const VIN_CHARACTERS = 17;
