import { OBJECT_SETTINGS } from '../../proto/codec/control-codec.ts';
import { MINUTE_MS, OBJECT_CLASSES } from '../../proto/codec/sensor-frames.ts';
import type { SensorPolicy } from '../policy/sensor-policy.ts';
import { sensorInterval } from './sensor-interval.ts';
import type { Stage } from './stage.ts';

/** Counts of objects by class in place of where they are; a word that is no class of the schema counts as `other`. */
export function countObjects({ objects, intervalS }: SensorPolicy): Stage {
  const takeTurn = sensorInterval(intervalS);
  return {
    name: objects === OBJECT_SETTINGS.counts ? 'objects-counts' : 'objects-drop',
    parameters: objects === OBJECT_SETTINGS.counts ? `interval-s=${intervalS}` : '',
    apply: (draft, removed) => {
      if (draft.kind !== 'objects') return [draft];
      if (objects !== OBJECT_SETTINGS.counts || !takeTurn(draft.sensor, draft.at)) {
        removed(objects === OBJECT_SETTINGS.counts ? 'sensor-interval' : 'objects', 1);
        return [];
      }
      const counts = CLASSES.map((word, index) => ({
        class: index,
        count: Math.min(COUNT_MAX, draft.objects.filter((one) => classOf(one.class) === word).length),
      })).filter(({ count }) => count > 0);
      return [{ kind: 'candidate', content: { kind: 'objects', minute: Math.floor(draft.at / MINUTE_MS), counts } }];
    },
  };
}

/** In the order of their numbers. */
const CLASSES = Object.keys(OBJECT_CLASSES);

function classOf(word: string): string {
  const known = word.toLowerCase();
  return CLASSES.includes(known) ? known : 'other';
}

/** As the schema has it. */
const COUNT_MAX = 1_024;
