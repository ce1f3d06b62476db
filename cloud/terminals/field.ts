/** How a message is laid out: rows that the codec compiles once, and that docs and tests read too. */
export type Field = Uint | Text | Run | Digits | Time | List | Group | When;

/**
 * How sure we are of a layout. `standard`: the published text, known through several implementations and real frames.
 * `two-implementations`: the edition of 2025, where two public ones agree. `uncertain`: kept as octets.
 */
export type Certainty = 'standard' | 'two-implementations' | 'uncertain';

/** How many: a fixed number, a count before it, a field read before it in the same record, or all that is left. */
export type Extent = number | { readonly prefix: 1 | 2 | 4 } | { readonly field: string } | 'rest';

/** An unsigned number, big-endian; the value is `(raw - zero) / per`. */
export interface Uint {
  readonly form: 'uint';
  readonly name: string;
  readonly bytes: 1 | 2 | 4;
  readonly zero?: number;
  readonly per?: number;
  readonly unit?: string;
  /** `ends`: the highest raw value is invalid and the one below it abnormal. */
  readonly marks?: 'ends';
  /** Raw values that stand for a word; others stay numbers. */
  readonly codes?: Readonly<Record<number, string>>;
}

export interface Text {
  readonly form: 'text';
  readonly name: string;
  /** In bytes. */
  readonly extent: Extent;
  readonly charset: 'ascii' | 'gbk';
  /** What fills a text up to its length, and on which side. */
  readonly fill?: 'nul-after' | 'nul-before';
}

export interface Run {
  readonly form: 'octets';
  readonly name: string;
  readonly extent: Extent;
}

/** Two digits a byte. */
export interface Digits {
  readonly form: 'digits';
  readonly name: string;
  readonly bytes: number;
}

/** Six bytes, year of the century to second, UTC+8, as RFC 3339 with its offset; a day that does not exist stays octets. */
export interface Time {
  readonly form: 'time';
  readonly name: string;
  readonly of: 'binary' | 'bcd';
}

export interface List {
  readonly form: 'list';
  readonly name: string;
  readonly count: Extent;
  /** One field: a list of its values. Several: a list of records. */
  readonly of: readonly Field[];
  /** `ends`: the two highest counts say that there is no list, and why. */
  readonly marks?: 'ends';
}

export interface Group {
  readonly form: 'group';
  readonly name: string;
  readonly of: readonly Field[];
}

/** Fields that are there only when a bit of an earlier field of the record is set. */
export interface When {
  readonly form: 'when';
  readonly name: string;
  readonly field: string;
  readonly mask: number;
  readonly of: readonly Field[];
}

type Options = Pick<Uint, 'zero' | 'per' | 'unit' | 'marks' | 'codes'>;

export const u8 = (name: string, options: Options = {}): Uint => ({ form: 'uint', name, bytes: 1, ...options });
export const u16 = (name: string, options: Options = {}): Uint => ({ form: 'uint', name, bytes: 2, ...options });
export const u32 = (name: string, options: Options = {}): Uint => ({ form: 'uint', name, bytes: 4, ...options });
export const ascii = (name: string, extent: Extent, fill?: Text['fill']): Text =>
  ({ form: 'text', name, extent, charset: 'ascii', ...(fill === undefined ? {} : { fill }) }) as const;
export const gbk = (name: string, extent: Extent, fill?: Text['fill']): Text =>
  ({ form: 'text', name, extent, charset: 'gbk', ...(fill === undefined ? {} : { fill }) }) as const;
export const octets = (name: string, extent: Extent): Run => ({ form: 'octets', name, extent });
export const digits = (name: string, bytes: number): Digits => ({ form: 'digits', name, bytes });
export const time = (name: string, of: Time['of']): Time => ({ form: 'time', name, of });
export const list = (name: string, count: Extent, ...of: readonly Field[]): List => ({ form: 'list', name, count, of });
/** A list of GB/T 32960, whose count may be a mark. */
export const counted = (name: string, prefix: 1 | 2, ...of: readonly Field[]): List => ({
  form: 'list',
  name,
  count: { prefix },
  of,
  marks: 'ends',
});
export const group = (name: string, ...of: readonly Field[]): Group => ({ form: 'group', name, of });
export const when = (field: string, mask: number, ...of: readonly Field[]): When => ({
  form: 'when',
  name: '',
  field,
  mask,
  of,
});
