import type { SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { SubjectTag } from '../../proto/words/subject.ts';
import { DAY_MS, type Instant, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { Stage } from './stage.ts';

/** Gives the tag that stands for this vehicle at a moment; keyed, see edge/adapters/vehicle-secret.ts. */
export type TagAt = (moment: Instant) => SubjectTag;

/**
 * Turns allowed signals into a VIN-linked frame that carries the subject tag instead of the VIN.
 *
 * @param tripStart - when the trip in hand began, for tags that last one; without a trip the day's beginning stands for it
 */
export function tagSubject(tagAt: TagAt, tripStart?: () => Instant | undefined): Stage {
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
      const subjectTag = tagAt(tripStart === undefined ? observedAt : (tripStart() ?? dayOf(observedAt)));
      return [{ kind: 'candidate', content: { kind: 'signals', subjectTag, observedAt, signals } }];
    },
  };
}

const TIME_FLOOR_MS = 1_000;

/** First instant of the Shanghai day; a UTC day breaks at 08:00 in China and would split the commute (docs/adr/0008). */
function dayOf(moment: Instant): Instant {
  return (Math.floor((moment + SHANGHAI_OFFSET_MS) / DAY_MS) * DAY_MS - SHANGHAI_OFFSET_MS) as Instant;
}

/**
 * Remembers the tag of the day, so that one HMAC serves a day of frames.
 *
 * @param derive - tag for a day number (days since 1970 in Asia/Shanghai)
 */
export function dailyTag(derive: (day: number) => SubjectTag): TagAt {
  return remembered((moment) => Math.floor((moment + SHANGHAI_OFFSET_MS) / DAY_MS), derive);
}

/** The same for weeks, which begin on Mondays. @param derive - tag for a week number (weeks since Monday 1969-12-29) */
export function weeklyTag(derive: (week: number) => SubjectTag): TagAt {
  return remembered((moment) => Math.floor((moment + SHANGHAI_OFFSET_MS + 3 * DAY_MS) / (7 * DAY_MS)), derive);
}

/** The tag of a trip, which is named by the moment it began; the caller gives no other moment. */
export function tripTag(derive: (startedAt: number) => SubjectTag): TagAt {
  return remembered((startedAt) => startedAt, derive);
}

function remembered(periodOf: (moment: Instant) => number, derive: (period: number) => SubjectTag): TagAt {
  let period = Number.NaN;
  let tag: SubjectTag | undefined;
  return (moment) => {
    const wanted = periodOf(moment);
    if (tag === undefined || wanted !== period) {
      tag = derive(wanted);
      period = wanted;
    }
    return tag;
  };
}
