/**
 * Holds a value that must never be printed: a VIN, a position, a subject tag, a key.
 * Whatever turns it into text (templates, JSON, a logger, an inspector) gets `<redacted>`.
 */
export interface Redacted<T> {
  readonly reveal: () => T;
  readonly toString: () => string;
  readonly toJSON: () => string;
}

export function redacted<T>(value: T): Redacted<T> {
  const shown = () => '<redacted>';
  return {
    reveal: () => value,
    toString: shown,
    toJSON: shown,
    // The key under which Node's inspector looks for a custom printer.
    [Symbol.for('nodejs.util.inspect.custom') as never]: shown,
  };
}

/** In the place of a value that this process was not given. @throws Error when it is revealed: nobody here may need it */
export function withheld<T>(name: string): Redacted<T> {
  return {
    ...redacted<T>(undefined as T),
    reveal: () => {
      throw new Error(`broken invariant: ${name} is not known to this process`);
    },
  };
}
