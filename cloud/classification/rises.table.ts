import type { DataClass } from '../../proto/words/data-class.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { Citation, Confidence, DatedRow, RowStatus, UnderReading } from '../transfer/rule.ts';

/**
 * What makes many records more than each of them. `series`: two or more records of one Shanghai day under a pseudonym of one
 * vehicle, which so become a series in time. `persons`: records of more persons than this.
 */
export type RiseTest =
  | { readonly series: 'of-any' }
  | { readonly series: 'of-positions' }
  | { readonly personsOver: number };

/** A class that a dataset has by its volume or by what stands together in it, and no record of it alone. */
export interface RiseRow extends DatedRow {
  readonly when: RiseTest;
  readonly classes: readonly DataClass[];
  readonly kinds: readonly FieldKind[];
  /** Set where the rise is one reading of two; it is taken in this position only. */
  readonly reading?: UnderReading;
  readonly reason: Bilingual;
  readonly citation: Citation;
  readonly confidence: Confidence;
  readonly status: RowStatus;
}

const from = '2024-12-01' as CivilDate;

// biome-ignore format: one rise a line
export const RISES: readonly RiseRow[] = [
  { id: 'rise-series', from, when: { series: 'of-any' }, classes: ['personal', 'sensitive'], kinds: [], confidence: 'official', status: 'product',
    reason: { en: 'values of one vehicle, in time and under one tag, show how and where a person drove', zh: '同一车辆的数据按时间在同一标签下汇集，可反映个人驾驶行为与行踪' },
    citation: { instrument: 'GBT44464', article: 'annex A.3.3', articleZh: '附录A.3.3' } },
  { id: 'rise-track', from, when: { series: 'of-positions' }, classes: ['personal', 'sensitive', 'geographic'], kinds: ['TRACK'], confidence: 'official', status: 'product',
    reason: { en: 'positions of one vehicle with their times are a track', zh: '同一车辆的多个带时间的位置构成行踪轨迹' },
    citation: { instrument: 'GBT44464', article: 'annex A.2', articleZh: '附录A.2' } },
  { id: 'rise-persons', from: '2021-10-01' as CivilDate, when: { personsOver: 100_000 }, classes: ['important'], kinds: [], confidence: 'official', status: 'official',
    reading: { id: 'D9', position: 'other' },
    reason: { en: 'personal information of more than 100,000 persons', zh: '涉及个人信息主体超过10万人的个人信息' },
    citation: { instrument: 'SP21', article: 'art. 3(5)', articleZh: '第3条第(5)项' } },
];
