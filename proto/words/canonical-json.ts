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

/**
 * The value with the keys of every object in order, or NOT_PLAIN where JSON.stringify would write something else. What stands
 * in order is not copied: most of what is logged is rows and findings that were written in it.
 */
function sortedCopy(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NOT_PLAIN;
  if (Array.isArray(value)) return sortedItems(value);
  if (typeof value !== 'object' || 'toJSON' in value || !isPlain(value)) return NOT_PLAIN;
  const held = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(held);
  let isInOrder = true;
  for (let at = 1; at < keys.length && isInOrder; at += 1) isInOrder = (keys[at - 1] ?? '') < (keys[at] ?? '');
  return isInOrder ? sortedWithin(held, keys) : copyOf(held, inOrder(keys));
}

/** An object of more keys than this is sorted by the engine, which makes lists of its own. */
const FEW_KEYS = 32;

/** By code units, in place. */
function inOrder(keys: string[]): string[] {
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] ?? '';
    let at = end;
    for (; at > 0 && (keys[at - 1] ?? '') > key; at -= 1) keys[at] = keys[at - 1] ?? '';
    keys[at] = key;
  }
  return keys;
}

/** An object whose own keys stand in order already. */
function sortedWithin(value: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  for (const key of keys) {
    const one = value[key];
    if (one === undefined) continue;
    const sorted = sortedCopy(one);
    if (sorted === NOT_PLAIN || isOwnOrder(key)) return NOT_PLAIN;
    if (sorted !== one) return copyOf(value, keys);
  }
  return value;
}

function copyOf(value: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    const one = value[key];
    if (one === undefined) continue;
    const sorted = sortedCopy(one);
    if (sorted === NOT_PLAIN || isOwnOrder(key)) return NOT_PLAIN;
    copy[key] = sorted;
  }
  return copy;
}

function sortedItems(values: readonly unknown[]): unknown {
  let copy: unknown[] | undefined;
  for (let at = 0; at < values.length; at += 1) {
    const sorted = sortedCopy(values[at]);
    if (sorted === NOT_PLAIN) return NOT_PLAIN;
    if (copy === undefined && sorted !== values[at]) copy = values.slice(0, at);
    copy?.push(sorted);
  }
  return copy ?? values;
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
