/** A value, or the named reason why there is none. Expected failures travel as values; see docs/adr/0002. */
export type Result<T, F> = Ok<T> | Failed<F>;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed<F> {
  readonly ok: false;
  readonly fault: F;
}

/** A value that only its parser may make. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

export type NonEmpty<T> = readonly [T, ...T[]];

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function fail<F>(fault: F): Failed<F> {
  return { ok: false, fault };
}

export function isNonEmpty<T>(values: readonly T[]): values is NonEmpty<T> {
  return values.length > 0;
}

/**
 * States an invariant. It stays on in production: a tier whose invariant is broken stops, since stopped is recoverable
 * and leaked is not.
 *
 * @throws Error naming the invariant; never put a VIN, a position or a subject tag into `invariant`
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${invariant}`);
}

/** Marks a branch that the types rule out. */
export function unreachable(value: never): never {
  throw new Error(`broken invariant: unreachable case ${String(value)}`);
}
