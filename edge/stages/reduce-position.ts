import { POSITION_PRESETS } from '../../proto/codec/control-codec.ts';
import { parsePosition } from '../../proto/words/position.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { PlaceMemory } from '../ports/place-memory.ts';
import { FLEET, publishCells } from '../trips/publish-cells.ts';
import { publishRow } from '../trips/publish-row.ts';
import { addFix, addSilence, NO_TRIP, type Trip, type TripState, type TripStep } from '../trips/trip.ts';
import type { Candidate, Removed, Stage } from './stage.ts';
import type { TagAt } from './tag-subject.ts';

/** Number in [0, 1); secret from everybody outside the vehicle. */
export type Chance = () => number;

export interface PositionSettings {
  readonly preset: number;
  readonly tagAt: TagAt;
  readonly places: PlaceMemory;
  readonly chance: Chance;
}

/** A trip row is held back this long, plus a random part, so that its upload is no time stamp. */
export const HOLD_BACK_MS = DAY_MS;
export const HOLD_BACK_RANDOM_MS = 6 * HOUR_MS;

/**
 * Takes every fix off the vehicle's data and gives what the preset publishes of a whole trip, once its both ends are known.
 *
 * `strict` gives one row a trip and no geometry. `fleet` gives cells as well, in the hour they were crossed. Any other
 * preset gives nothing. A fix itself never comes out.
 */
export function reducePosition(settings: PositionSettings): Stage {
  let state: TripState = NO_TRIP;

  const advance = (step: TripStep): readonly Candidate[] => {
    state = step.state;
    return step.ended === undefined ? [] : publish(step.ended, settings);
  };

  return {
    name: nameOf(settings.preset),
    parameters: parametersOf(settings.preset),
    apply: (draft, removed) => {
      if (draft.kind === 'clock') return advance(addSilence(state, draft.at));
      if (draft.kind !== 'fix') return [draft];
      return advance(takeFix(state, draft, removed));
    },
  };
}

function takeFix(state: TripState, fix: RawFix, removed: Removed): TripStep {
  const position = parsePosition(fix.latitude, fix.longitude);
  removed(position.ok ? 'position' : 'position-invalid', 1);
  if (!position.ok) return addSilence(state, fix.at);
  return addFix(state, { at: fix.at, position: position.value });
}

function publish(trip: Trip, settings: PositionSettings): readonly Candidate[] {
  if (settings.preset !== POSITION_PRESETS.strict && settings.preset !== POSITION_PRESETS.fleet) return [];
  const candidates: Candidate[] = settings.preset === POSITION_PRESETS.fleet ? cells(trip, settings) : [];
  const row = publishRow(trip);
  const last = trip.points.at(-1);
  if (row === undefined || last === undefined) return candidates;
  const notBefore = (last.at + HOLD_BACK_MS + Math.floor(settings.chance() * HOLD_BACK_RANDOM_MS)) as Instant;
  return [...candidates, { kind: 'candidate', content: row, notBefore }];
}

function cells(trip: Trip, settings: PositionSettings): Candidate[] {
  const first = trip.points[0];
  const last = trip.points.at(-1);
  if (first === undefined || last === undefined) return [];
  const startM = settings.places.marginAt(first.position);
  const endM = settings.places.marginAt(last.position);
  if (startM === undefined || endM === undefined) return [];
  return publishCells(trip, { startM, endM }, settings.tagAt).map((content) => ({ kind: 'candidate', content }));
}

function nameOf(preset: number): string {
  if (preset === POSITION_PRESETS.fleet) return 'position-fleet';
  return preset === POSITION_PRESETS.strict ? 'position-strict' : 'position-none';
}

function parametersOf(preset: number): string {
  if (preset === POSITION_PRESETS.strict) return 'hold-back-h=24+6 classes=ratio-2';
  if (preset !== POSITION_PRESETS.fleet) return '';
  return `cell-m=${FLEET.cellM} trim-m=${FLEET.trimM}+${FLEET.marginMaxM} time-floor-s=3600 sticky-m=${FLEET.stickyM}`;
}
