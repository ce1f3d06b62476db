import type { DataClass, Zone } from '../../proto/words/data-class.ts';
import { CATALOGUE } from './catalogue.table.ts';

/** What the product knows of one signal. */
export interface CatalogueRow {
  readonly path: string;
  readonly classes: readonly DataClass[];
  readonly zone: Exclude<Zone, 'quarantine'>;
  /** Whether a dataset may hold it at all; whether it may go is for `decide`. */
  readonly exportable: boolean;
  /** `forbidden`: an honest agent never sends it, so its arrival is a lie. */
  readonly edge: 'allowed' | 'forbidden';
  readonly reason: string;
  readonly cite: string;
  /** Range of a number in the unit VSS gives the path. */
  readonly min?: number;
  readonly max?: number;
}

/** Kinds of content that are no single signal. */
export const KIND_ROWS = {
  /** A cell is still geographic data (GEO-4), and cells with times of one vehicle are a track (45574-A). */
  cell: { classes: ['personal', 'sensitive', 'geographic'], zone: 'geographic', exportable: false },
  /** A trip row carries no tag, but until it is one of a group it belongs to one vehicle. */
  trip: { classes: ['personal'], zone: 'personal', exportable: false },
  /**
   * Exterior pictures can show faces, plates and persons, and are important data with them (SP21-3, 45574-A). A mosaic or a
   * redaction is the vehicle's word, and lowers no class (GEO-4).
   */
  image: { classes: ['personal', 'sensitive', 'geographic', 'important'], zone: 'important', exportable: false },
  /** Point clouds of a road are geographic data (GEO-1), thinned or counted. */
  points: { classes: ['personal', 'geographic'], zone: 'geographic', exportable: false },
  /** Counts of persons and vehicles on a road are the flow that SP21-3 names. */
  objects: { classes: ['personal', 'geographic', 'important'], zone: 'important', exportable: false },
  /** That somebody in a vehicle took a consent back is about that person. */
  withdrawal: { classes: ['personal'], zone: 'personal', exportable: false },
  /** What no row knows stays at home, with the strictest handling there is for it. */
  unknown: { classes: ['personal', 'sensitive', 'important'], zone: 'important', exportable: false },
} as const satisfies Record<string, Pick<CatalogueRow, 'classes' | 'zone' | 'exportable'>>;

const rows = new Map(CATALOGUE.map((row) => [row.path, row]));

/** The row of a path; undefined means domestic-only. */
export function catalogueRow(path: string): CatalogueRow | undefined {
  return rows.get(path);
}
