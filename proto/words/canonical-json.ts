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
  // JSON.stringify writes numbers and strings as RFC 8785 asks, some five times as fast; only the order of keys is ours to give.
  const sorted = sortedCopy(value);
  if (sorted !== NOT_PLAIN) return JSON.stringify(sorted);
  const text = canonicalize(value);
  assert(text !== undefined, 'a document is a JSON value');
  return text;
}

/** Whether a text is the RFC 8785 text of some value. */
export function isCanonicalJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (hasSortedKeys(value) && JSON.stringify(value) === text) || canonicalJson(value) === text;
  } catch {
    // Not JSON, or nested deeper than the stack.
    return false;
  }
}

const NOT_PLAIN = Symbol('not plain');

/** The value with the keys of every object in order, or NOT_PLAIN where JSON.stringify would write something else. */
function sortedCopy(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NOT_PLAIN;
  if (Array.isArray(value)) return sortedItems(value);
  if (typeof value !== 'object' || 'toJSON' in value || !isPlain(value)) return NOT_PLAIN;
  const keys = Object.keys(value).sort();
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    const one = (value as Readonly<Record<string, unknown>>)[key];
    if (one === undefined) continue;
    const sorted = sortedCopy(one);
    if (sorted === NOT_PLAIN || isOwnOrder(key)) return NOT_PLAIN;
    copy[key] = sorted;
  }
  return copy;
}

function sortedItems(values: readonly unknown[]): unknown {
  const copy: unknown[] = [];
  for (const one of values) {
    const sorted = sortedCopy(one);
    if (sorted === NOT_PLAIN) return NOT_PLAIN;
    copy.push(sorted);
  }
  return copy;
}

function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedKeys);
  let last: string | undefined;
  for (const [key, one] of Object.entries(value)) {
    if ((last !== undefined && key <= last) || !hasSortedKeys(one)) return false;
    last = key;
  }
  return true;
}

/** Keys that look like an index come first in any object, whenever they were set; `__proto__` is no key when set. */
function isOwnOrder(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= DIGIT_0 && first <= DIGIT_9) || key === '__proto__';
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
