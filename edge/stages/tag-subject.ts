import type { SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../proto/words/subject.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import type { Stage } from './stage.ts';

/** Gives the tag that stands for this vehicle at a moment; keyed, see edge/adapters/vehicle-secret.ts. */
export type TagAt = (moment: Instant) => SubjectTag;

/** Turns allowed signals into a VIN-linked frame that carries the subject tag instead of the VIN. */
export function tagSubject(tagAt: TagAt): Stage {
  return {
    name: 'tag-subject',
    parameters: 'time-floor-s=1',
    apply: (draft) => {
      if (draft.kind !== 'signals') return [draft];
      const signals: SignalReading[] = [];
      for (const path in draft.signals) {
        const value = draft.signals[path];
        if (value !== undefined) signals.push({ path, value });
      }
      const observedAt = (draft.at - (draft.at % TIME_FLOOR_MS)) as Instant;
      return [{ kind: 'candidate', content: { kind: 'signals', subjectTag: tagAt(observedAt), observedAt, signals } }];
    },
  };
}

const TIME_FLOOR_MS = 1_000;

/**
 * Remembers the tag of the day, so that one HMAC serves a day of frames.
 *
 * @param derive - tag for a day number (days since 1970 in Asia/Shanghai)
 */
export function dailyTag(derive: (day: number) => SubjectTag): TagAt {
  let day = Number.NaN;
  let tag: SubjectTag | undefined;
  return (moment) => {
    const wanted = Math.floor((moment + SHANGHAI_OFFSET_MS) / DAY_MS);
    if (tag === undefined || wanted !== day) {
      tag = derive(wanted);
      day = wanted;
    }
    return tag;
  };
}

/** A UTC day breaks at 08:00 in China and would split the commute (docs/adr/0008). */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
