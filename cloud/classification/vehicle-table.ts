import { ITEM_WORDS } from './item-set.ts';

/** Fields of one vehicle, unsigned 32-bit numbers; the first four are its items. */
export const FIELD = {
  distance: ITEM_WORDS,
  duration: ITEM_WORDS + 1,
  flags: ITEM_WORDS + 2,
  // The newest 32 days that the vehicle has sent anything of, so that a day is looked up on disk once.
  chunk: ITEM_WORDS + 3,
  seen: ITEM_WORDS + 4,
  running: ITEM_WORDS + 5,
  exterior: ITEM_WORDS + 6,
} as const;

export const FIELDS = ITEM_WORDS + 7;

/**
 * `series`: two or more tagged records of one day. `exterior`: pictures, radar or the like. `fused`: these and running data
 * of one time.
 */
export const FLAG = { known: 1, series: 2, exterior: 4, fused: 8 } as const;

/** Vehicles of one page; device numbers are given out in order, so pages fill. */
const PAGE = 4_096;

/** Rows of vehicles by device number: 44 bytes each, in pages. */
export interface VehicleTable {
  /** The numbers that hold the row, which begins at `rowOffset(deviceNumber)`; undefined while its page is not there. */
  readonly page: (deviceNumber: number) => Uint32Array | undefined;
  /** As `page`, making it. */
  readonly openPage: (deviceNumber: number) => Uint32Array;
}

export function createVehicleTable(): VehicleTable {
  const pages = new Map<number, Uint32Array>();
  const page = (deviceNumber: number): Uint32Array | undefined => pages.get(Math.floor(deviceNumber / PAGE));
  return {
    page,
    openPage: (deviceNumber) => {
      const known = page(deviceNumber);
      if (known !== undefined) return known;
      const made = new Uint32Array(PAGE * FIELDS);
      pages.set(Math.floor(deviceNumber / PAGE), made);
      return made;
    },
  };
}

export const rowOffset = (deviceNumber: number): number => (deviceNumber % PAGE) * FIELDS;

/** Bits of vehicles by year: one byte a vehicle and year. */
export interface YearTable {
  readonly bits: (year: number, deviceNumber: number) => number;
  readonly add: (year: number, deviceNumber: number, bits: number) => void;
}

export function createYearTable(): YearTable {
  const years = new Map<number, Map<number, Uint8Array>>();
  const pageOf = (year: number, deviceNumber: number) => years.get(year)?.get(Math.floor(deviceNumber / PAGE));
  return {
    bits: (year, deviceNumber) => pageOf(year, deviceNumber)?.[deviceNumber % PAGE] ?? 0,
    add: (year, deviceNumber, bits) => {
      const pages = years.get(year) ?? new Map<number, Uint8Array>();
      years.set(year, pages);
      const page = pages.get(Math.floor(deviceNumber / PAGE)) ?? new Uint8Array(PAGE);
      pages.set(Math.floor(deviceNumber / PAGE), page);
      page[deviceNumber % PAGE] = (page[deviceNumber % PAGE] ?? 0) | bits;
    },
  };
}
