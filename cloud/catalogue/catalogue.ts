import { bilingual } from '../../proto/words/fault.ts';
import { CATALOGUE } from './catalogue.table.ts';
import type { CatalogueRow, Treatment } from './catalogue-row.ts';
import { KIND_IDS } from './kind-ids.table.ts';

export type KindId = (typeof KIND_IDS)[number];

/** What no row knows stays at home, with the strictest handling there is for it. Nothing says which item it is not. */
export const UNKNOWN_ROW: CatalogueRow = {
  path: 'unknown',
  rule: 'unknown',
  classes: ['personal', 'sensitive', 'important'],
  fieldKind: 'CAN',
  items: [],
  zone: 'important',
  exportable: false,
  edge: 'allowed',
  retention: 'sensitive-on-request-10wd',
  reason: bilingual('no row of the catalogue knows it', '数据目录中没有对应条目'),
  cite: 'TG',
};

const frame = {
  fieldKind: 'CAN',
  edge: 'allowed',
  retention: 'sensitive-on-request-10wd',
  items: [],
  cite: 'TG',
} as const;

const KINDS: Partial<Readonly<Record<KindId, Treatment>>> = {
  /** A cell is still geographic data (GEO-4), and cells with times of one vehicle are a track (45574-A). */
  cell: {
    ...frame,
    classes: ['personal', 'sensitive', 'geographic'],
    zone: 'geographic',
    exportable: false,
    reason: bilingual('a cell is still geographic data', '网格仍属于地理信息'),
  },
  /** A trip row carries no tag, but until it is one of a group it belongs to one vehicle. */
  trip: {
    ...frame,
    classes: ['personal'],
    zone: 'personal',
    exportable: false,
    reason: bilingual('a trip of one vehicle', '单车行程'),
  },
  image: {
    ...frame,
    classes: ['personal', 'sensitive', 'geographic', 'important'],
    zone: 'important',
    exportable: false,
    reason: bilingual('a picture of the surroundings', '车外影像'),
  },
  points: {
    ...frame,
    classes: ['personal', 'geographic'],
    zone: 'geographic',
    exportable: false,
    reason: bilingual('a point cloud of a road', '道路点云'),
  },
  objects: {
    ...frame,
    classes: ['personal', 'geographic', 'important'],
    zone: 'important',
    exportable: false,
    reason: bilingual('counts of persons and vehicles', '人流车流数量'),
  },
};

const rows = new Map(CATALOGUE.map((row) => [row.path, row]));
const kinds = new Map<string, CatalogueRow>(
  KIND_IDS.map((id) => [id, { ...UNKNOWN_ROW, ...KINDS[id], path: id, rule: `kind ${id}` }]),
);

/** The row of a VSS path; undefined means domestic-only: use `UNKNOWN_ROW`. */
export function catalogueRow(path: string): CatalogueRow | undefined {
  return rows.get(path);
}

/** The row of a kind of content that is no signal. */
export function kindRow(kind: KindId): CatalogueRow {
  return kinds.get(kind) ?? UNKNOWN_ROW;
}

/** Whether a text is the id of a kind. */
export function isKindId(text: string): text is KindId {
  return kinds.has(text);
}
