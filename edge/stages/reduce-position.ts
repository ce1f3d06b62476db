import { presetName } from '../../proto/codec/control-codec.ts';
import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { parsePosition, type Wgs84Position } from '../../proto/words/position.ts';
import { isHeldBack, type PositionRules, type PresetName, publishesCells } from '../../proto/words/position-rules.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import { DAY_MS, HOUR_MS, type Instant } from '../../proto/words/time.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { PlaceMemory } from '../ports/place-memory.ts';
import type { TripMemory } from '../ports/trip-memory.ts';
import { publishCells } from '../trips/publish-cells.ts';
import { publishRow } from '../trips/publish-row.ts';
import {
  addFix,
  addSilence,
  NO_TRIP,
  type Trip,
  type TripLimits,
  type TripState,
  type TripStep,
} from '../trips/trip.ts';
import { mayGather } from './basis.ts';
import { fencesOf } from './closed-fences.ts';
import { positionRulesOf, positionWords } from './position-words.ts';
import type { Candidate, ProcessedFix, Removed, Stage } from './stage.ts';
import type { TagAt } from './tag-subject.ts';

/** Number in [0, 1); secret from everybody outside the vehicle. */
export type Chance = () => number;

export interface PositionSettings {
  readonly policy: ActivePolicy;
  /** Tag of signals; cells share it where the rules give them the same rotation and none of their own is given. */
  readonly tagAt: TagAt;
  /** Tag of cells. A tag that lasts one trip is never taken from `tagAt`. */
  readonly cellTagAt?: TagAt | undefined;
  readonly places: PlaceMemory;
  /** Without one, a trip is lost with the power, and the first trip of each start publishes no cells. */
  readonly trips?: TripMemory | undefined;
  readonly chance: Chance;
}

/** What `fleet` and `strict` hold back a trip row: this long, plus a random part, so that its upload is no time stamp. */
export const HOLD_BACK_MS = DAY_MS;
export const HOLD_BACK_RANDOM_MS = 6 * HOUR_MS;

export interface PositionStage extends Stage {
  /** When the trip in hand began, for tags that last one. */
  readonly tripStart: () => Instant | undefined;
}

interface Work extends PositionSettings {
  readonly preset: PresetName | undefined;
  readonly rules: PositionRules;
  readonly limits: TripLimits;
}

/**
 * Takes every fix off the vehicle's data and gives what the preset publishes of a whole trip, once its both ends are known.
 *
 * `strict` gives one row a trip and no geometry; `strict-map` and `fleet` give cells as well. Any other preset gives
 * nothing. A fix itself never comes out.
 */
export function reducePosition(settings: PositionSettings): PositionStage {
  const work = workOf(settings);
  const { limits } = work;
  const kinds = settings.policy.purposes.ofKind;
  const { confidentiality } = settings.policy;
  /** Positions of two frames make no trip, so a trip ends with the processing it began with. */
  const processing = (): string => (confidentiality === undefined ? '' : (confidentiality.attestation()?.id ?? 'none'));
  const nameOf = (by: string): string => `${settings.policy.id}/${settings.policy.version}${by === '' ? '' : ` ${by}`}`;
  let by = processing();
  const recalled = settings.trips?.recall(nameOf(by));
  let state: TripState = recalled?.state ?? NO_TRIP;
  let parked: Wgs84Position | undefined = recalled?.parked;

  const advance = (step: TripStep): readonly Candidate[] => {
    const from = parked;
    state = step.state;
    parked = step.parked ?? parked;
    settings.trips?.keep(nameOf(by), { state, parked });
    return step.ended === undefined ? [] : publish({ ...step.ended, parked: from }, work, by);
  };

  const isGathered = (at: Instant): boolean =>
    [kinds.cells, kinds.trips].some((purpose) => mayGather(purpose, settings.policy, at));

  /** Nobody allowed it to be gathered: the vehicle may have been anywhere. */
  const pass = (at: Instant): readonly Candidate[] => advance(addSilence(state, at, limits));

  const takeProcessed = (fix: ProcessedFix, removed: Removed): readonly Candidate[] => {
    if (fix.attestation !== processing()) {
      removed('confidentiality-changed', 1);
      return [];
    }
    if (fix.attestation !== by) {
      by = fix.attestation;
      [state, parked] = [NO_TRIP, undefined];
    }
    return isGathered(fix.at) ? advance(takeFix(state, fix, removed, limits)) : pass(fix.at);
  };

  return {
    ...positionWords(settings.policy),
    tripStart: () => state?.points[0]?.at,
    apply: (draft, removed) => {
      if (draft.kind === 'clock') return advance(addSilence(state, draft.at, limits));
      if (draft.kind === 'processed-fix') return takeProcessed(draft, removed);
      if (draft.kind !== 'fix') return [draft];
      // Where positions are processed first, a fix as it came is no part of any trip.
      if (confidentiality === undefined && isGathered(draft.at)) return advance(takeFix(state, draft, removed, limits));
      removed('position', 1);
      return confidentiality === undefined ? pass(draft.at) : [];
    },
    forget: (purpose) => {
      if (kinds.cells?.id !== purpose && kinds.trips?.id !== purpose) return;
      state = NO_TRIP;
      settings.trips?.keep(nameOf(by), { state, parked });
    },
  };
}

function workOf(settings: PositionSettings): Work {
  const rules = positionRulesOf(settings.policy);
  return {
    ...settings,
    preset: presetName(settings.policy.preset),
    rules,
    limits: { stopMs: rules.stopS * 1_000, dwellMs: rules.dwellS * 1_000 },
  };
}

function takeFix(state: TripState, fix: RawFix | ProcessedFix, removed: Removed, limits: TripLimits): TripStep {
  const position = parsePosition(fix.latitude, fix.longitude);
  // One that was processed was counted as it came.
  if (fix.kind === 'fix' || !position.ok) removed(position.ok ? 'position' : 'position-invalid', 1);
  if (!position.ok) return addSilence(state, fix.at, limits);
  return addFix(state, { at: fix.at, position: position.value }, limits);
}

function publish(trip: Trip, work: Work, processing: string): readonly Candidate[] {
  const { preset, rules } = work;
  const last = trip.points.at(-1);
  if (preset === undefined || preset === 'none' || last === undefined) return [];
  // A draw for each, so that the time of no upload joins a row with a cell, or two cells.
  const notBefore = (): Instant =>
    (last.at + rules.holdBackS * 1_000 + Math.floor(work.chance() * rules.holdBackRandomS * 1_000)) as Instant;
  const candidates: Candidate[] = [];
  for (const content of publishesCells(preset) ? cellsOf(trip, work) : []) {
    const mark = processing === '' ? {} : { recognised: processing };
    candidates.push({ kind: 'candidate', content, ...mark, ...(isHeldBack(rules) ? { notBefore: notBefore() } : {}) });
  }
  const row = publishRow(trip);
  if (row !== undefined) candidates.push({ kind: 'candidate', content: row, notBefore: notBefore() });
  return candidates;
}

/**
 * None for a trip of which it is not known where it began: the first fix of a receiver may lie down the road. A cell that a
 * fence or decoy reaches is silent as a whole, and is counted nowhere.
 */
function cellsOf(trip: Trip, { policy, places, rules, tagAt, cellTagAt }: Work): readonly CellFrame[] {
  const first = trip.points[0];
  const last = trip.points.at(-1);
  const tag = cellTagAt ?? (rules.cellTag === 'trip' ? undefined : tagAt);
  if (first === undefined || last === undefined || trip.parked === undefined || tag === undefined) return [];
  const [startM, endM, parkedM] = [first.position, last.position, trip.parked].map((position) => {
    const share = places.marginAt(position);
    return share === undefined ? undefined : (share / MARGIN_PARTS) * rules.marginMaxM;
  });
  if (startM === undefined || endM === undefined || parkedM === undefined) return [];
  const fences = fencesOf(policy);
  return publishCells(trip, { startM, endM, parkedM }, tag, rules).filter((cell) => fences?.blocks(cell) !== true);
}

/** Margins are remembered in thousandths of the largest. */
const MARGIN_PARTS = 1_000;
