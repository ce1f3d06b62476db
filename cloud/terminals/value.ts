/** What a field holds once it is read. Whatever does not come back byte for byte stays octets. */
export type Value = number | string | Mark | Octets | readonly Value[] | Fields;

/** A record of a message, by name of its fields. */
export interface Fields {
  readonly [name: string]: Value;
}

/** A raw value that the standard reserves to say why there is none. It is never a number. */
export interface Mark {
  readonly mark: string;
}

/** Bytes as they came, in lower-case hexadecimal. */
export interface Octets {
  readonly hex: string;
}

export const ABNORMAL: Mark = Object.freeze({ mark: 'abnormal' });
export const INVALID: Mark = Object.freeze({ mark: 'invalid' });

export const isMark = (value: Value | undefined): value is Mark =>
  typeof value === 'object' && 'mark' in value && typeof value.mark === 'string';

export const isOctets = (value: Value | undefined): value is Octets =>
  typeof value === 'object' && 'hex' in value && typeof value.hex === 'string';

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
