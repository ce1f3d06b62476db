import type { CivilDate } from '../../proto/words/time.ts';

/** Cells of one signal and period, as they were published and will be for ever. */
export interface PublishedFamily {
  readonly signal: string;
  /** First and last day, Asia/Shanghai. */
  readonly from: CivilDate;
  readonly until: CivilDate;
  /** Digest of all that decides which vehicles and cells there are; another shape may not touch the same days. */
  readonly shape: string;
  /** Models it is about, under this digest of their definitions; undefined: all vehicles. */
  readonly models?: readonly string[];
  readonly modelsDigest: string;
  readonly cells: readonly { readonly model: string; readonly vehicles: number; readonly mean: number }[];
}

/**
 * Aggregates that were published, whoever received them: figures of one ground are given out once, so that no two of them
 * can be subtracted. Every method is durable once it returns.
 */
export interface Publications {
  find(shape: string, signal: string, from: CivilDate): PublishedFamily | undefined;
  /** Families of a signal with a day between the two, both included. */
  touching(signal: string, from: CivilDate, until: CivilDate): readonly PublishedFamily[];
  /**
   * Publishes all of them or none.
   *
   * @returns false when one of them was published in the meantime with other figures, or its ground is taken
   */
  publish(families: readonly PublishedFamily[], transferId: string): boolean;
  close(): void;
}
