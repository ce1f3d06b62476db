import { fail, ok, type Result } from './result.ts';
import type { TagRotation } from './subject.ts';

/** What a policy bundle may ask of positions, by the names operators write. */
export type PresetName = 'none' | 'strict' | 'strict-map' | 'fleet';

/** How the position stage reduces a trip. Metres and seconds; the figures behind the presets stand in docs/adr/0007 and 0026. */
export interface PositionRules {
  /** Edge of the published cells. */
  readonly cellM: number;
  /** Edge of the cells in the blocks of this size where the trip begins, ends, or was parked before; at least `cellM`. */
  readonly endCellM: number;
  /** Times of cells are cut to the quarter of an hour, the hour, or the Shanghai day. */
  readonly timeFloorS: number;
  /** Everything within this distance of a trip end is withheld, and the place's secret margin more. */
  readonly trimM: number;
  readonly marginMaxM: number;
  /** A cell is left only once the fix is this far outside it, so that jitter on an edge tells nothing. */
  readonly stickyM: number;
  /** Stands longer than this are cut out of the trip. */
  readonly dwellS: number;
  /** A stop or a silence of this length ends a trip. */
  readonly stopS: number;
  /** Rows, and cells of a day, are held back so long after the trip, and a random part more. */
  readonly holdBackS: number;
  readonly holdBackRandomS: number;
  /** How long the tag of cells stands. */
  readonly cellTag: TagRotation;
}

const FLEET_RULES: PositionRules = {
  cellM: 5_000,
  endCellM: 10_000,
  timeFloorS: 3_600,
  trimM: 1_200,
  marginMaxM: 1_000,
  stickyM: 200,
  dwellS: 300,
  stopS: 600,
  holdBackS: 86_400,
  holdBackRandomS: 21_600,
  cellTag: 'daily',
};

const STRICT_MAP_RULES: PositionRules = {
  ...FLEET_RULES,
  cellM: 10_000,
  endCellM: 10_000,
  timeFloorS: 86_400,
  trimM: 2_000,
  marginMaxM: 2_000,
  cellTag: 'trip',
};

/** The presets' own settings. `none` and `strict` publish no cell; the rest of what stands there is for their trips. */
export const PRESET_RULES: Readonly<Record<PresetName, PositionRules>> = {
  none: STRICT_MAP_RULES,
  strict: STRICT_MAP_RULES,
  'strict-map': STRICT_MAP_RULES,
  fleet: FLEET_RULES,
};

export const publishesCells = (preset: PresetName): boolean => preset === 'strict-map' || preset === 'fleet';

/** Times are cut to the day: what says no hour may not say one by being uploaded in it, so it is held back. */
export const isHeldBack = ({ timeFloorS }: PositionRules): boolean => timeFloorS === DAY_S;

const DAY_S = 86_400;

/** Settings that an operator may choose; each absent one is the preset's own. */
export type PositionOverrides = { readonly [Name in keyof PositionRules]?: PositionRules[Name] | undefined };

export type SettingName = keyof PositionRules | 'tagRotation';

interface Bounds {
  readonly key: Exclude<keyof PositionRules, 'cellTag'>;
  readonly least: number;
  readonly most: number;
  /** Only these, where sizes have to nest. */
  readonly among?: readonly number[];
  /** What protects less: `below` or `above` the value of `fleet`. */
  readonly weaker: 'below' | 'above';
}

/** Between which values a setting may lie at all. What is weaker than `fleet` has to be said besides. */
// biome-ignore format: one setting a line
export const BOUNDS = [
  { key: 'cellM', least: 1_000, most: 10_000, among: [1_000, 5_000, 10_000], weaker: 'below' },
  { key: 'endCellM', least: 1_000, most: 10_000, among: [1_000, 5_000, 10_000], weaker: 'below' },
  { key: 'timeFloorS', least: 900, most: DAY_S, among: [900, 3_600, DAY_S], weaker: 'below' },
  { key: 'trimM', least: 100, most: 20_000, weaker: 'below' },
  { key: 'marginMaxM', least: 100, most: 5_000, weaker: 'below' },
  { key: 'stickyM', least: 10, most: 1_000, weaker: 'below' },
  { key: 'dwellS', least: 60, most: 1_800, weaker: 'above' },
  { key: 'stopS', least: 300, most: 3_600, weaker: 'above' },
  { key: 'holdBackS', least: 3_600, most: 604_800, weaker: 'below' },
  { key: 'holdBackRandomS', least: 3_600, most: 604_800, weaker: 'below' },
] as const satisfies readonly Bounds[];

/** What `strict` makes use of; the rest is about cells, which it has none of. */
const OF_ROWS: ReadonlySet<string> = new Set(['dwellS', 'stopS', 'holdBackS', 'holdBackRandomS']);

export interface PositionRulesFault {
  /** `unsaid`: weaker than `fleet` without the words that accept exactly this. */
  readonly code: 'out-of-bounds' | 'unsaid';
  readonly settings: readonly SettingName[];
}

/**
 * The rules a bundle asks for.
 *
 * @param tagRotation - how long the tag of signals stands; `fleet` without a tag of its own for cells shares it
 * @param accepted - the operator's words, see `unsafeWords`; empty when nothing weaker than `fleet` is asked for
 */
export function positionRules(
  preset: PresetName,
  overrides: PositionOverrides,
  tagRotation: TagRotation,
  accepted: string,
): Result<PositionRules, PositionRulesFault> {
  const outside = namesOf((bound) => !isWithin(preset, bound, overrides[bound.key]));
  const strayTag = overrides.cellTag !== undefined && !publishesCells(preset);
  const own = PRESET_RULES[preset];
  const asked: PositionRules = { ...own, ...chosen(overrides) };
  // Cells that are coarse everywhere are so at the ends too, unless it is asked otherwise.
  const rules = overrides.endCellM === undefined ? { ...asked, endCellM: Math.max(own.endCellM, asked.cellM) } : asked;
  if (rules.endCellM < rules.cellM) outside.push('endCellM');
  if (rules.dwellS > rules.stopS && !outside.includes('dwellS')) outside.push('dwellS');
  if (strayTag) outside.push('cellTag');
  if (outside.length > 0) return fail({ code: 'out-of-bounds', settings: outside });
  const cellTag = overrides.cellTag ?? (preset === 'fleet' ? tagRotation : own.cellTag);
  const weaker = weakerThanFleet({ ...rules, cellTag }, tagRotation);
  // Words for more than is asked would lie in wait for the next version of the bundle.
  if (accepted !== unsafeWords(weaker)) return fail({ code: 'unsaid', settings: weaker });
  return ok({ ...rules, cellTag });
}

/** What an operator has to write to be given these; empty for none. */
export function unsafeWords(settings: readonly SettingName[]): string {
  return settings.length === 0 ? '' : `I accept weaker than fleet: ${settings.join(', ')}`;
}

/** The settings that protect less than those of `fleet`, in the order of `BOUNDS`. */
export function weakerThanFleet(rules: PositionRules, tagRotation: TagRotation): readonly SettingName[] {
  const weaker: SettingName[] = namesOf(({ key, weaker: side }) =>
    side === 'below' ? rules[key] < FLEET_RULES[key] : rules[key] > FLEET_RULES[key],
  );
  // Cells that share the tag of signals are accepted with it.
  if (isLasting(rules.cellTag) && rules.cellTag !== tagRotation) weaker.push('cellTag');
  if (isLasting(tagRotation)) weaker.push('tagRotation');
  return weaker;
}

const isLasting = (rotation: TagRotation): boolean => rotation === 'weekly' || rotation === 'never';

function namesOf(isNamed: (bound: Bounds) => boolean): SettingName[] {
  return BOUNDS.filter(isNamed).map(({ key }) => key);
}

function isWithin(preset: PresetName, { key, least, most, among }: Bounds, value: number | undefined): boolean {
  if (value === undefined) return true;
  if (preset === 'none' || (preset === 'strict' && !OF_ROWS.has(key))) return false;
  if (!Number.isInteger(value) || value < least || value > most) return false;
  return among === undefined || among.includes(value);
}

/** Without the keys that are undefined, which would take the place of the preset's own. */
function chosen(overrides: PositionOverrides): Partial<PositionRules> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
