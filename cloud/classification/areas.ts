import type { AreaOf } from './group-tally.ts';

/** Prefecture-level areas as the operator labels them: by the vehicles that run in one, or by cells. A label is geographic. */
export interface AreaLabel {
  /** Name of the area, such as its six-digit code. */
  readonly area: string;
  /** Device numbers, first and last. */
  readonly devices?: readonly (readonly [first: number, last: number])[] | undefined;
  /** Rectangles of the metric grid, first and last row and column. */
  readonly cells?: readonly CellRange[] | undefined;
}

export interface CellRange {
  readonly sizeM: number;
  readonly zone: number;
  readonly rows: readonly [first: number, last: number];
  readonly columns: readonly [first: number, last: number];
}

/** Looks the label of a record up; where none is set the area is unknown, and the record may be of any. */
export function areaLookup(labels: readonly AreaLabel[], unknown: string): AreaOf {
  if (labels.length === 0) return () => unknown;
  return (deviceNumber, content) => {
    if (content.kind === 'cell') {
      const byCell = labels.find(({ cells = [] }) => cells.some((range) => isIn(range, content)));
      if (byCell !== undefined) return byCell.area;
    }
    const byDevice = labels.find(({ devices = [] }) =>
      devices.some(([first, last]) => first <= deviceNumber && deviceNumber <= last),
    );
    return byDevice?.area ?? unknown;
  };
}

interface Cell {
  readonly sizeM: number;
  readonly zone: number;
  readonly row: number;
  readonly column: number;
}

function isIn({ sizeM, zone, rows, columns }: CellRange, cell: Cell): boolean {
  if (cell.sizeM !== sizeM || cell.zone !== zone) return false;
  const [south, north] = rows;
  const [west, east] = columns;
  return south <= cell.row && cell.row <= north && west <= cell.column && cell.column <= east;
}
