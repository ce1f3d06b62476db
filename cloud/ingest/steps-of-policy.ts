import {
  IMAGERY_SETTINGS,
  OBJECT_SETTINGS,
  overridesOf,
  POINT_CLOUD_SETTINGS,
  type PolicyBundle,
  presetName,
  tagRotationName,
} from '../../proto/codec/control-codec.ts';
import { MOSAIC_COLUMNS_MAX, MOSAIC_ROWS_MAX } from '../../proto/codec/mosaic-png.ts';
import { IMAGE_PIXELS_MAX } from '../../proto/codec/sensor-frames.ts';
import type { Step } from '../../proto/codec/telemetry-codec.ts';
import {
  type PositionRules,
  positionRules,
  publishesCells,
  weakerThanFleet,
} from '../../proto/words/position-rules.ts';

/** The position rules that a vehicle makes of a bundle; undefined for a bundle that no vehicle takes. */
export function positionRulesOf(bundle: PolicyBundle): PositionRules | undefined {
  const preset = presetName(bundle.preset) ?? 'none';
  const rotation = tagRotationName(bundle.tagRotation);
  const rules = positionRules(preset, overridesOf(bundle), rotation, bundle.unsafeWeakerThanFleet ?? '');
  return rules.ok ? rules.value : undefined;
}

/**
 * Whether the steps that a batch tells of are those of a bundle: each of them, in their order, with the settings of the
 * bundle, and none besides. What follows from the release of the agent and from no setting may be worded as it likes.
 */
export function areStepsOf(steps: readonly Step[], bundle: PolicyBundle): boolean {
  const rules = positionRulesOf(bundle);
  if (rules === undefined) return false;
  let at = 0;
  for (const { stage, isOptional, parameters } of expectedSteps(bundle, rules)) {
    const step = steps[at];
    if (step?.stage !== stage) {
      if (isOptional === true) continue;
      return false;
    }
    if (parameters !== undefined && !parameters(step.parameters)) return false;
    at += 1;
  }
  return at === steps.length;
}

interface ExpectedStep {
  readonly stage: string;
  /** A vehicle without fences has no step for them. */
  readonly isOptional?: boolean;
  /** Absent: any. */
  readonly parameters?: (text: string) => boolean;
}

function expectedSteps(bundle: PolicyBundle, rules: PositionRules): readonly ExpectedStep[] {
  const { purposes = [] } = bundle;
  return [
    { stage: 'fence-senses', isOptional: (bundle.fenceVersionMin ?? 0) === 0 },
    ...sensorSteps(bundle),
    // Which of them there are is the agent's to say.
    ...(asksForStatistics(bundle) ? [{ stage: 'motion-statistics', isOptional: true }] : []),
    positionStep(bundle, rules),
    { stage: 'strip-identifiers' },
    { stage: 'allow-signals', parameters: (text) => arePathsOf(text, bundle) },
    { stage: 'tag-subject', parameters: exactly('time-floor-s=1') },
    // Agents of before there were purposes take bundles without any, and have no such step.
    { stage: 'for-purposes', isOptional: purposes.length === 0, parameters: exactly(`purposes=${purposes.length}`) },
  ];
}

const asksForStatistics = ({ allowedPaths }: PolicyBundle): boolean =>
  allowedPaths.some((path) => path.startsWith('Vehicle.Statistics.'));

const exactly =
  (wanted: string) =>
  (text: string): boolean =>
    text === wanted;

function sensorSteps({ imagery, pointCloud, objects, ...bundle }: PolicyBundle): readonly ExpectedStep[] {
  const settings = [imagery, pointCloud, objects].map((setting) => setting ?? 0);
  if (settings.every((setting) => setting === 0)) return [{ stage: 'drop-imagery' }];
  const interval = `interval-s=${bundle.sensorIntervalS ?? 0}`;
  const ofPictures = `${interval} time-floor-s=60 ${PICTURE_LIMITS[imagery ?? 0]}`.trim();
  const ofPoints = pointCloud === POINT_CLOUD_SETTINGS.voxel ? `${interval} voxel-mm=${bundle.voxelMm ?? 0}` : '';
  return [
    { stage: `imagery-${nameOf(IMAGERY_SETTINGS, imagery)}`, parameters: exactly(ofPictures) },
    { stage: `point-cloud-${nameOf(POINT_CLOUD_SETTINGS, pointCloud)}`, parameters: exactly(ofPoints) },
    {
      stage: `objects-${nameOf(OBJECT_SETTINGS, objects)}`,
      parameters: exactly(objects === OBJECT_SETTINGS.counts ? interval : ''),
    },
  ];
}

const PICTURE_LIMITS = [
  '',
  `grid<=${MOSAIC_COLUMNS_MAX}x${MOSAIC_ROWS_MAX} colours=256`,
  `pixels<=${IMAGE_PIXELS_MAX}`,
] as const;

const nameOf = (names: Readonly<Record<string, number>>, setting = 0): string | undefined =>
  Object.keys(names).find((name) => names[name] === setting);

function positionStep(bundle: PolicyBundle, rules: PositionRules): ExpectedStep {
  const preset = presetName(bundle.preset) ?? 'none';
  if (preset === 'none') return { stage: 'position-none', parameters: exactly('') };
  const { cellM, endCellM, trimM, marginMaxM, timeFloorS, stickyM, cellTag } = rules;
  const { stopS, dwellS, holdBackS, holdBackRandomS } = rules;
  const weaker = weakerThanFleet(rules, tagRotationName(bundle.tagRotation));
  const words = [
    ...(publishesCells(preset) ? [`cell-m=${cellM}`] : []),
    ...(publishesCells(preset) && endCellM !== cellM ? [`end-cell-m=${endCellM}`] : []),
    ...(publishesCells(preset)
      ? [`trim-m=${trimM}+${marginMaxM}`, `time-floor-s=${timeFloorS}`, `sticky-m=${stickyM}`, `cell-tag=${cellTag}`]
      : []),
    ...[`stop-s=${stopS}`, `dwell-s=${dwellS}`, `hold-back-s=${holdBackS}+${holdBackRandomS}`, 'classes=ratio-2'],
    ...(weaker.length === 0 ? [] : [`unsafe=${weaker.join(',')}`]),
  ];
  const text = words.join(' ');
  const asked = overridesOf(bundle);
  const former = FORMER_WORDS.filter((row) => row.preset === preset && asked[row.setting] === undefined);
  const known = [text, ...former.map(({ now, before }) => text.replace(now, before))];
  return { stage: `position-${preset}`, parameters: (told) => known.includes(told) };
}

/**
 * What agents of earlier releases say of a setting that the bundle leaves to the preset. Whoever changes a preset's own
 * settings adds a row, or batches that vehicles sealed before they were updated go to quarantine.
 */
// biome-ignore format: one change a line
const FORMER_WORDS = [
  { preset: 'fleet', setting: 'trimM', now: ' trim-m=1200+', before: ' trim-m=1000+' },
] as const;

/** The agent counts those of the allowed paths that it would ever send, so there may be fewer. */
function arePathsOf(text: string, { allowedPaths, signalRules = [] }: PolicyBundle): boolean {
  const [, paths, , rules = '0'] = /^paths=(\d{1,5})( rules=(\d{1,5}))?$/.exec(text) ?? [];
  return paths !== undefined && Number(paths) <= allowedPaths.length && Number(rules) === signalRules.length;
}
