import type { StagedFile, StagedSource } from './border.ts';

/**
 * What a column of a parcel can hold. There is no kind for bytes, positions or nested values, so no table can have one.
 *
 * `text`: UTF-8; `count`: integer from 0 to 2^31-1; `figure`: finite number cut to three decimals.
 */
export interface Column {
  readonly name: string;
  readonly holds: 'text' | 'count' | 'figure';
}

export type ColumnValues = readonly string[] | Int32Array | Float64Array;

/** Columns in the order of their definition, equally long. */
export type ColumnGroup = readonly ColumnValues[];

export interface TableWriter {
  /** Writes one group of rows; what it was given may be used again after. */
  write(group: ColumnGroup): void;
  finish(): ReturnType<StagedFile['close']>;
}

/** A table that is read back, group by group. */
export interface OpenTable {
  readonly groups: number;
  /** @throws Error when the group is not what the file says of it */
  read(group: number): Promise<ColumnGroup>;
}

/** A file format of tables. Failures of the disk are thrown as they come. */
export interface TableFormat {
  writer(file: StagedFile, columns: readonly Column[]): TableWriter;
  /**
   * Opens what was written, by another library than wrote it.
   *
   * @throws Error when the file is not of this format or has other columns
   */
  open(source: StagedSource, columns: readonly Column[]): Promise<OpenTable>;
}
