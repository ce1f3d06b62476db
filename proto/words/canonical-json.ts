import canonicalizeModule from 'canonicalize';
import { assert } from './result.ts';

/** The package is CommonJS with a `default` of itself; its types describe only that. */
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/**
 * RFC 8785 text of a JSON value: the same value gives the same bytes everywhere, so it can be hashed and signed.
 *
 * @throws Error for a value that JSON cannot hold (a function, NaN, an infinity); that is a bug in the caller
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  assert(text !== undefined, 'a document is a JSON value');
  return text;
}
