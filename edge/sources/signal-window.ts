import type { RawSignals, SignalValue } from '../../proto/words/raw-frame.ts';
import type { Instant } from '../../proto/words/time.ts';

export type Aggregate = 'last' | 'mean' | 'min' | 'max';

/** Signals in one frame: as many as a sealed frame holds. An interval with more gives several frames of one time. */
const FRAME_SIGNALS_MAX = 256;

/** Gathers values by path and gives one frame an interval, dated with the last value in it. */
export interface SignalWindow {
  /** False when the value takes the place of another one of the same interval, or is merged with it. */
  readonly add: (at: Instant, path: string, value: SignalValue, aggregate: Aggregate) => boolean;
  /** Gives what is gathered; nothing, if nothing is. */
  readonly flush: () => void;
}

interface Gathered {
  value: SignalValue;
  sum: number;
  count: number;
}

/**
 * Intervals begin at multiples of `intervalMs` since 1970. A value of another interval, later or earlier, closes the one
 * before it: a clock that jumps costs a short interval and no memory.
 */
export function createSignalWindow(intervalMs: number, onFrame: (frame: RawSignals) => void): SignalWindow {
  let interval = Number.NaN;
  let last = 0 as Instant;
  let gathered = new Map<string, Gathered>();

  const flush = (): void => {
    const entries = [...gathered].map(([path, { value }]) => [path, value] as const);
    gathered = new Map();
    for (let start = 0; start < entries.length; start += FRAME_SIGNALS_MAX) {
      onFrame({
        kind: 'signals',
        at: last,
        signals: Object.fromEntries(entries.slice(start, start + FRAME_SIGNALS_MAX)),
      });
    }
  };

  return {
    flush,
    add: (at, path, value, aggregate) => {
      const own = Math.floor(at / intervalMs);
      if (own !== interval) {
        flush();
        interval = own;
        last = at;
      } else if (at > last) last = at;
      const before = gathered.get(path);
      if (before === undefined) {
        gathered.set(path, { value, sum: Number(value), count: 1 });
        return true;
      }
      merge(before, value, aggregate);
      return false;
    },
  };
}

function merge(before: Gathered, value: SignalValue, aggregate: Aggregate): void {
  before.count += 1;
  before.sum += Number(value);
  if (aggregate === 'last' || typeof value !== 'number' || typeof before.value !== 'number') before.value = value;
  else if (aggregate === 'mean') before.value = before.sum / before.count;
  else before.value = aggregate === 'min' ? Math.min(before.value, value) : Math.max(before.value, value);
}
