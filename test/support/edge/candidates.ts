import type { Candidate } from '../../../edge/stages/stage.ts';
import type { CellFrame, SignalFrame, TripRow } from '../../../proto/codec/telemetry-codec.ts';
import { cellOf } from '../../../proto/geo/grid.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { positionAt } from './map.ts';
import { CHARGE, SPEED, TYPE } from './policies.ts';

export const TAG = new Uint8Array(16).fill(7) as SubjectTag;

/** 2020-07-18 09:07:17 in Shanghai. */
export const MORNING = Date.UTC(2020, 6, 18, 1, 7, 17) as Instant;

export const later = (from: Instant, ms: number): Instant => (from + ms) as Instant;

export const SIGNALS: SignalFrame = {
  kind: 'signals',
  subjectTag: TAG,
  observedAt: MORNING,
  signals: [
    { path: SPEED, value: 42.5 },
    { path: CHARGE, value: 71 },
    { path: TYPE, value: 'ELECTRIC' },
  ],
};

const { sizeM, zone, row, column } = cellOf(positionAt([2_500, 2_500]), 5_000);

export const CELL: CellFrame = { kind: 'cell', subjectTag: TAG, hour: 443_065, sizeM, zone, row, column };

export const TRIP: TripRow = { kind: 'trip', localDate: 20_200_718, distanceClass: 4, durationClass: 3 };

export const signalsCandidate: Candidate = { kind: 'candidate', content: SIGNALS };
export const cellCandidate: Candidate = { kind: 'candidate', content: CELL };
export const tripCandidate: Candidate = { kind: 'candidate', content: TRIP, notBefore: later(MORNING, 86_400_000) };
