import { type Instant, toIso } from './time.ts';

/**
 * How full a vehicle's spool was when a batch was sealed, in classes as coarse as whoever runs a fleet can use: they say
 * nothing of where or when somebody drove.
 */
export interface SpoolStanding {
  /** Drawn with the spool's file, 16 bits: which file `sealedBefore` counts in. */
  readonly file: number;
  /** Frames that all queues of the file had sealed before: of two batches of one file the one with more tells the newer standing. */
  readonly sealedBefore: number;
  /** Of its capacity, rounded up: 0 empty, 8 at most full. */
  readonly eighths: number;
  /** 0 not known yet; else a class of `OFFLINE_DAYS_FROM`, counted from 1. */
  readonly offlineClass: number;
}

/** Days without an uplink, at the rate so far, that each class has room for at least; below the next. */
export const OFFLINE_DAYS_FROM = [0, 1, 3, 7, 14, 30] as const;

export function eighthsOf(bytes: number, capacity: number): number {
  return Math.min(8, Math.max(0, Math.ceil((8 * bytes) / capacity)));
}

/** @param days - undefined where it cannot be told yet */
export function offlineClassOf(days: number | undefined): number {
  return days === undefined ? 0 : OFFLINE_DAYS_FROM.filter((from) => days >= from).length;
}

/** Whole days; without `below` there is no end to them. */
export interface DaysRange {
  readonly from: number;
  readonly below?: number;
}

/** Undefined for a class that says nothing. */
export function offlineDaysOf(offlineClass: number): DaysRange | undefined {
  const from = OFFLINE_DAYS_FROM[offlineClass - 1];
  const below = OFFLINE_DAYS_FROM[offlineClass];
  if (from === undefined) return undefined;
  return below === undefined ? { from } : { from, below };
}

/** What a device told last of its spool. */
export interface ToldSpool extends Pick<SpoolStanding, 'eighths' | 'offlineClass'> {
  /** When the batch that told it came. */
  readonly receivedAt: Instant;
}

/** The same as it is shown. */
export interface ShownSpool {
  readonly eighths: number;
  /** Null where the vehicle did not know them. */
  readonly offlineDays: DaysRange | null;
  readonly toldAt: string;
}

/** Null for a device that never told. */
export function shownSpool(told: ToldSpool | undefined): ShownSpool | null {
  if (told === undefined) return null;
  const { eighths, offlineClass, receivedAt } = told;
  return { eighths, offlineDays: offlineDaysOf(offlineClass) ?? null, toldAt: toIso(receivedAt) };
}
