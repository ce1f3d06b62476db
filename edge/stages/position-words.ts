import { presetName, tagRotationName } from '../../proto/codec/control-codec.ts';
import {
  type PositionRules,
  PRESET_RULES,
  type PresetName,
  publishesCells,
  weakerThanFleet,
} from '../../proto/words/position-rules.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import type { Stage } from './stage.ts';

/** What of a policy the position stage and the inspection go by. */
export type PositionPolicy = Pick<ActivePolicy, 'id' | 'version' | 'preset' | 'tagRotation' | 'position'>;

/** The rules of a policy; those of its preset where the bundle set none. */
export function positionRulesOf({ preset, tagRotation, position }: PositionPolicy): PositionRules {
  if (position !== undefined) return position;
  const rules = PRESET_RULES[presetName(preset) ?? 'none'];
  return presetName(preset) === 'fleet' ? { ...rules, cellTag: tagRotationName(tagRotation) } : rules;
}

/** Name and settings of the position stage, as the sealed batch tells them; at most 320 bytes. */
export function positionWords(policy: PositionPolicy): Pick<Stage, 'name' | 'parameters'> {
  const preset = presetName(policy.preset);
  if (preset === undefined || preset === 'none') return { name: 'position-none', parameters: '' };
  return { name: `position-${preset}`, parameters: parametersOf(preset, policy) };
}

function parametersOf(preset: PresetName, policy: PositionPolicy): string {
  const rules = positionRulesOf(policy);
  const {
    cellM,
    endCellM,
    trimM,
    marginMaxM,
    timeFloorS,
    stickyM,
    dwellS,
    stopS,
    holdBackS,
    holdBackRandomS,
    cellTag,
  } = rules;
  const ends = endCellM === cellM ? '' : ` end-cell-m=${endCellM}`;
  const cells = `cell-m=${cellM}${ends} trim-m=${trimM}+${marginMaxM} time-floor-s=${timeFloorS} sticky-m=${stickyM} cell-tag=${cellTag}`;
  const rows = `stop-s=${stopS} dwell-s=${dwellS} hold-back-s=${holdBackS}+${holdBackRandomS} classes=ratio-2`;
  const weaker = weakerThanFleet(rules, tagRotationName(policy.tagRotation));
  const unsafe = weaker.length === 0 ? [] : [`unsafe=${weaker.join(',')}`];
  return [...(publishesCells(preset) ? [cells] : []), rows, ...unsafe].join(' ');
}
