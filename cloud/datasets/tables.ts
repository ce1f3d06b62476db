import type { Column } from '../ports/table-format.ts';

/** A column with its meaning, for whoever receives the parcel. */
export interface MeantColumn extends Column {
  readonly meaning: string;
}

/** Every table that a parcel can hold. */
export const TABLES = {
  'vehicle-day-statistics': [
    { name: 'tag', holds: 'text', meaning: 'pseudonym of a vehicle for this recipient, 32 hexadecimal digits' },
    { name: 'date', holds: 'text', meaning: 'day in Asia/Shanghai, YYYY-MM-DD' },
    { name: 'signal', holds: 'text', meaning: 'COVESA VSS path; values are in its unit, booleans as 0 and 1' },
    { name: 'samples', holds: 'count', meaning: 'number of samples' },
    { name: 'least', holds: 'figure', meaning: 'least value' },
    { name: 'mean', holds: 'figure', meaning: 'arithmetic mean' },
    { name: 'greatest', holds: 'figure', meaning: 'greatest value' },
  ],
  aggregates: [
    { name: 'period', holds: 'text', meaning: 'first day of the period in Asia/Shanghai, YYYY-MM-DD' },
    {
      name: 'model',
      holds: 'text',
      meaning: 'model of vehicle; `all` for all together, `other` for those not described',
    },
    { name: 'signal', holds: 'text', meaning: 'COVESA VSS path; values are in its unit, booleans as 0 and 1' },
    { name: 'vehicles', holds: 'count', meaning: 'distinct vehicles' },
    { name: 'mean', holds: 'figure', meaning: 'mean of the means of the vehicles' },
  ],
} as const satisfies Record<string, readonly MeantColumn[]>;

export type TableName = keyof typeof TABLES;

/** Rows that are written at once. */
export const ROWS_A_GROUP = 65_536;
