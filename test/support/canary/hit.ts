import type { AxisName } from './coordinate-index.ts';

/** A wrapping that was opened to reach a canary. */
export type Layer = 'base64' | 'hex' | 'utf16' | 'json-escapes' | 'byte-list' | 'gzip' | 'zlib' | 'deflate';

/** A canary that was found. It never holds the value: a failing test may print it. */
export interface Hit {
  /** `position`: latitude and longitude of one point, close together. */
  readonly kind: AxisName | 'position' | 'vin' | 'tag';
  /** How the value was written, for example `decimal`, `float64le`, `int32be x1e6`, `sha256`. */
  readonly form: string;
  /** Wrappings round it, outermost first. */
  readonly within: readonly Layer[];
  /** Byte offset in what was scanned: of the value, or of the outermost wrapping (the text run, the stream). */
  readonly offset: number;
  /** Index into `points` (latitude, longitude, position), `vins` or `tags` as given to `buildCanaries`. */
  readonly of: number;
}

/** What a form scanner says: where in the bytes it was given. */
export type Report = (kind: Hit['kind'], form: string, offset: number, of: number) => void;
