import { createHash } from 'node:crypto';
import type { FigureName } from '../../firmware-sim/scenarios/figures.table.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';

/** One line of what happened, for a person. */
export interface Told {
  readonly at: Instant;
  readonly words: Bilingual;
}

/** What an act plays in: virtual time, a directory of its own, and what it tells. Nothing in it reads the machine's clock. */
export interface World {
  readonly seed: string;
  /** Days or vehicles, as the scenario says. */
  readonly size: number;
  readonly directory: string;
  readonly clock: Clock;
  /** Time never goes back. */
  readonly advance: (to: Instant) => void;
  /** Whether a part of the product is switched off, to see that its absence is noticed. */
  readonly isOff: (part: string) => boolean;
  readonly tell: (en: string, zh: string) => void;
  readonly set: (figure: FigureName, value: number | string) => void;
  readonly add: (figure: FigureName, more: number) => void;
  /** Lets the process attend to what else it has to (signals, timers of a test), and tells how far the scenario is, of its size. */
  readonly pause: (done: number) => Promise<void>;
  /** Takes bytes into the digest by which two runs of one seed are compared. */
  readonly note: (bytes: Uint8Array | string) => void;
}

export interface WorldSetting {
  readonly seed: string;
  readonly size: number;
  readonly directory: string;
  readonly without: readonly string[];
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface PlayedWorld extends World {
  readonly told: readonly Told[];
  readonly figures: ReadonlyMap<FigureName, number | string>;
  /** SHA-256 over everything noted, told and counted, lower-case hexadecimal. */
  readonly digest: () => string;
}

/** When every scenario begins unless it says otherwise: all rules of the product are in force. */
export const SCENARIO_START = Date.parse('2026-11-25T00:00:00+08:00') as Instant;

export function createWorld({ seed, size, directory, without, onProgress }: WorldSetting): PlayedWorld {
  let now = SCENARIO_START;
  const told: Told[] = [];
  const figures = new Map<FigureName, number | string>();
  const hash = createHash('sha256');
  return {
    ...{ seed, size, directory, told, figures },
    clock: { now: () => now },
    advance: (to) => {
      if (to > now) now = to;
    },
    isOff: (part) => without.some((one) => part.startsWith(one)),
    tell: (en, zh) => told.push({ at: now, words: { en, zh } }),
    set: (figure, value) => figures.set(figure, value),
    add: (figure, more) => {
      const before = figures.get(figure);
      figures.set(figure, (typeof before === 'number' ? before : 0) + more);
    },
    pause: (done) => {
      onProgress?.(done, size);
      return new Promise((resolve) => void setImmediate(resolve));
    },
    note: (bytes) => hash.update(bytes),
    digest: () =>
      hash
        .copy()
        .update(JSON.stringify([told, [...figures]]))
        .digest('hex'),
  };
}
