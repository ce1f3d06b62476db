import type { SpoolStanding } from '../words/spool-standing.ts';
import type { CellFrame, TripRow, WithdrawalStatement } from './telemetry-codec.ts';

// Field by field: what is not set has its default on the prototype of what was decoded.

export function cellFrameOf(wire: Omit<CellFrame, 'kind'>): CellFrame {
  const { subjectTag, hour, sizeM, zone, row, column, quarter } = wire;
  const cell: CellFrame = { kind: 'cell', subjectTag, hour, sizeM, zone, row, column };
  return quarter ? { ...cell, quarter } : cell;
}

export function tripRowOf({ localDate, distanceClass, durationClass }: Omit<TripRow, 'kind'>): TripRow {
  return { kind: 'trip', localDate, distanceClass, durationClass };
}

export function withdrawalOf({ purpose, cause, removed }: Omit<WithdrawalStatement, 'kind'>): WithdrawalStatement {
  return { kind: 'withdrawal', purpose, cause, removed };
}

export function spoolStandingOf({ file, sealedBefore, eighths, offlineClass }: SpoolStanding): SpoolStanding {
  return { file, sealedBefore, eighths, offlineClass };
}
