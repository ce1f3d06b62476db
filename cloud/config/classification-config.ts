import { z } from 'zod';
import type { StatedFigures } from '../classification/aggregate-evidence.ts';
import { FINDINGS } from '../classification/item.ts';
import { exactly } from '../classification/outcome.ts';

const AREAS_MAX = 1_000;
const RANGES_MAX = 1_000;
const CELL_M_MAX = 100_000;

/** Figures that no record tells and that a person can state. */
const STATED_MEASURES = ['keyed-vehicles', 'certified-vehicles', 'platform-vehicles', 'complete-junctions'] as const;

const number = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const range = z.tuple([number, number]);
const area = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'expected letters, digits, dot, hyphen, underscore');

/** What an operator establishes about data that its records do not tell. What is left out is unknown, and withholds. */
export const ClassificationConfig = z.strictObject({
  findings: z
    .partialRecord(z.enum(FINDINGS), z.enum(['yes', 'no', 'unknown']))
    .describe('what a person has established of the data; what is left out is unknown')
    .default({}),
  figures: z
    .partialRecord(z.enum(STATED_MEASURES), number)
    .describe('figures that no record tells; what is left out is unknown')
    .default({}),
  areas: z
    .array(
      z.strictObject({
        area: area.describe('name of a prefecture-level area, such as its six-digit code'),
        devices: z.array(range).max(RANGES_MAX).describe('device numbers, first and last').optional(),
        cells: z
          .array(
            z.strictObject({
              sizeM: z.int().min(1).max(CELL_M_MAX).describe('edge of the cells, m'),
              zone: z.int().min(24).max(45).describe('3-degree zone'),
              rows: range.describe('first and last row'),
              columns: range.describe('first and last column'),
            }),
          )
          .max(RANGES_MAX)
          .describe('rectangles of the metric grid: first and last row and column')
          .optional(),
      }),
    )
    .max(AREAS_MAX)
    .describe('labels of areas; a record without one may be of any area')
    .default([]),
});

export type ClassificationConfig = z.infer<typeof ClassificationConfig>;

export function statedFigures(figures: ClassificationConfig['figures']): StatedFigures {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([measure, value]) => (value === undefined ? [] : [[measure, exactly(value)]])),
  );
}
