import { type Bilingual, bilingual } from '../../proto/words/fault.ts';

/** A figure of disclosure control. An operator may make it stricter and never milder. */
export interface DisclosureRow {
  readonly figure: 'vehiclesMin' | 'shareMax' | 'settleDays';
  readonly value: number;
  /** Which way is stricter. */
  readonly stricter: 'more' | 'less';
  readonly title: Bilingual;
  readonly reason: Bilingual;
}

// The figures are ours: no text that binds names one. docs/adr/0046 says how they were chosen.
// biome-ignore format: one figure a line
export const DISCLOSURE: readonly DisclosureRow[] = [
  { figure: 'vehiclesMin', value: 20,   stricter: 'more', title: bilingual('vehicles in a cell, at least', '每个单元格的最少车辆数'), reason: bilingual('below it a figure over many is a figure about few', '低于该数，统计值会反映少数车辆') },
  { figure: 'shareMax',    value: 0.25, stricter: 'less', title: bilingual('share of one vehicle in a figure, at most', '单一车辆在统计值中的最大占比'), reason: bilingual('a figure that one vehicle makes up tells that vehicle', '由单一车辆决定的统计值会泄露该车辆') },
  { figure: 'settleDays',  value: 3,    stricter: 'more', title: bilingual('days between the end of a period and its publication', '周期结束至发布的天数'), reason: bilingual('a figure is published once, so late vehicles have to be waited for', '统计值只发布一次，须等待迟到数据') },
];

export interface DisclosureFigures {
  readonly vehiclesMin: number;
  readonly shareMax: number;
  readonly settleDays: number;
}

/** The figures that hold for a dataset: its own where they are stricter. */
export function figuresOf(own: { readonly [K in keyof DisclosureFigures]?: number | undefined }): DisclosureFigures {
  const figure = (name: keyof DisclosureFigures): number => {
    const row = DISCLOSURE.find((one) => one.figure === name);
    const floor = row?.value ?? Number.NaN;
    const set = own[name] ?? floor;
    return row?.stricter === 'less' ? Math.min(floor, set) : Math.max(floor, set);
  };
  return { vehiclesMin: figure('vehiclesMin'), shareMax: figure('shareMax'), settleDays: figure('settleDays') };
}
