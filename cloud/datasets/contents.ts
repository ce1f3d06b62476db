import type { DataClass } from '../../proto/words/data-class.ts';
import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { catalogueRow, kindRow, UNKNOWN_ROW } from '../catalogue/catalogue.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';
import type { DatasetDefinition } from './definition.ts';
import { FILE_KINDS, type FileParcel } from './file-kinds.table.ts';

/** What may be asked for: a definition of the configuration, or files that were imported. */
export type Requestable = DatasetDefinition | FileParcel;

/** What a dataset would contain, by the catalogue and before anything is read. */
export interface DatasetContents {
  readonly classes: ReadonlySet<DataClass>;
  readonly kinds: readonly FieldKind[];
  /** Signals that may not be in any parcel, or that no row knows. A dataset with one is never built. */
  readonly barred: readonly string[];
  /** Items of important data that the classification has to test. */
  readonly items: readonly string[];
  /** Whether it is personal or important only evidence can say: unknown, which withholds. */
  readonly isUnsettled: boolean;
  readonly grounds: readonly Ground[];
}

/** Why the dataset would contain what it would, one part of it a ground. */
export interface Ground {
  /** A VSS path, or a kind of content. */
  readonly subject: string;
  readonly classes: readonly DataClass[];
  readonly items: readonly string[];
  readonly isBarred: boolean;
  readonly reason: Bilingual;
  readonly cite: string;
}

export function contentsOf(definition: Requestable): DatasetContents {
  if (definition.kind === 'tracks') return contentsOfTracks();
  if (definition.kind === 'files') return contentsOfFiles(definition);
  const grounds = definition.signals.map(groundOf);
  const barred = grounds.filter(({ isBarred }) => isBarred).map(({ subject }) => subject);
  const signalKinds = new Set<FieldKind>(
    definition.signals.map((path) => (catalogueRow(path) ?? UNKNOWN_ROW).fieldKind),
  );
  const isPooled = definition.kind === 'aggregates' && barred.length === 0;
  // Rows of vehicles stand under a pseudonym that we can undo.
  const ofTags = isPooled ? [] : kindRow('subject-tag').items;
  const items = [...new Set([...ofTags, ...grounds.flatMap((ground) => ground.items)])];
  if (!isPooled) {
    const classes = new Set(grounds.flatMap((ground) => ground.classes));
    return { classes, kinds: [...signalKinds], barred, items, isUnsettled: false, grounds };
  }
  // Pooled figures still come from these signals: items of important data are tested on them all the same.
  const kinds: readonly FieldKind[] = ['STATISTIC', ...signalKinds];
  const pooled = grounds.map((ground) => ({ ...ground, classes: ['general' as const], ...POOLED }));
  return { classes: new Set(['general']), kinds, barred, items, isUnsettled: false, grounds: pooled };
}

function groundOf(path: string): Ground {
  const { classes, items, exportable, reason, cite } = catalogueRow(path) ?? UNKNOWN_ROW;
  return { subject: path, classes, items, isBarred: !exportable, reason, cite };
}

const POOLED = {
  reason: bilingual(
    'figures over many vehicles, none made up by one, each published once',
    '多车统计值：无单车主导，且每个数值只发布一次',
  ),
  cite: 'docs/datasets.md',
};

function contentsOfTracks(): DatasetContents {
  const { classes, items } = kindRow('cell');
  const reason = bilingual(
    'cells with times of one vehicle are a track, and stay geographic data however coarse',
    '同一车辆带时间的网格即轨迹，无论精度多低仍属地理信息',
  );
  const ground = { subject: 'cell', classes, items, isBarred: true, reason, cite: 'GEO-4' };
  return {
    classes: new Set(classes),
    kinds: ['COORD', 'TRACK'],
    barred: ['cell'],
    items,
    isUnsettled: false,
    grounds: [ground],
  };
}

function contentsOfFiles({ fileKind }: FileParcel): DatasetContents {
  const { kinds, items, reason, cite } = FILE_KINDS[fileKind];
  const ground = { subject: fileKind, classes: [], items, isBarred: false, reason, cite };
  return { classes: new Set(), kinds, barred: [], items, isUnsettled: true, grounds: [ground] };
}
