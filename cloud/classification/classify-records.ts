import type { CivilDate } from '../../proto/words/time.ts';
import type { AggregateQuestion } from './aggregate-evidence.ts';
import { type AreaLabel, areaLookup } from './areas.ts';
import { type ClassificationRules, classesIn, type Traits } from './bound-rules.ts';
import { type Classification, classify, type Readings } from './classification.ts';
import type { GroupTally } from './group-tally.ts';
import { memoryStore } from './memory-store.ts';
import type { ObservedContent } from './observed.ts';
import { NO_AREA, openAggregates, type RunningAggregates } from './running-aggregates.ts';
import { aggregateSubject, itemsIn, reasonsOf } from './subjects.ts';
import type { Weight } from './weigh-record.ts';

/** What one record is: its classes, and the items of important data that have to be tested on it. */
export interface RecordClassification {
  readonly classes: readonly string[];
  readonly items: readonly string[];
}

export interface RecordsClassification {
  readonly records: number;
  readonly vehicles: number;
  /** Vehicles whose running data and exterior imagery or radar lie together. */
  readonly fusedVehicles: number;
  readonly classification: Classification;
}

/** Classifies records one after the other, and what they are together. */
export interface RecordsClassifier {
  readonly take: (deviceNumber: number, content: ObservedContent, area?: string) => void;
  readonly record: (content: ObservedContent) => RecordClassification;
  readonly result: (on: CivilDate, question: AggregateQuestion, readings?: Readings) => RecordsClassification;
  readonly aggregates: RunningAggregates;
}

/** Records that are counted before what they add is settled. */
const GROUP_RECORDS = 4_096;

/** @param areas - labels for records that carry none of their own */
export function createRecordsClassifier(
  rules: ClassificationRules,
  areas: readonly AreaLabel[] = [],
): RecordsClassifier {
  const store = memoryStore();
  const aggregates = openAggregates(rules, store, areaLookup(areas, NO_AREA));
  let last: Weight | undefined;
  const rows = new Set<Traits>();
  let group: GroupTally | undefined;
  let records = 0;
  const flush = (): void => {
    if (group === undefined) return;
    const changes = group.changes();
    store.write(changes);
    aggregates.settle(changes);
    group = undefined;
  };
  return {
    aggregates,
    take: (deviceNumber, content, area) => {
      group ??= aggregates.begin();
      group.take(deviceNumber, content, area);
      const weight = aggregates.weigh(content);
      if (weight !== last) for (const traits of weight.traits) rows.add(traits);
      last = weight;
      records += 1;
      if (records % GROUP_RECORDS === 0) flush();
    },
    record: (content) => {
      const { classes, items } = aggregates.weigh(content);
      return { classes: classesIn(classes), items: itemsIn(aggregates.rules, items) };
    },
    result: (on, question, readings) => {
      flush();
      const subject = { ...aggregateSubject(aggregates, question), reasons: reasonsOf(rows) };
      const classification = classify(subject, on, aggregates.rules.on(on), readings);
      const { vehicles, fused } = aggregates.state.of;
      return { records, vehicles, fusedVehicles: fused, classification };
    },
  };
}
