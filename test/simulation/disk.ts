import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { World } from './world.ts';

/** How the power goes at a write: before it, in the middle of it, or once it was done and before anybody was told. */
export const CUTS = ['before', 'torn', 'after'] as const;
export type Cut = (typeof CUTS)[number];

/** Thrown where a process dies. Nothing that it does afterwards counts. */
export class PowerCut extends Error {}

/** What the stores throw when the partition is full, in SQLite's words. */
export class DiskFull extends Error {
  constructor() {
    super('database or disk is full');
  }
}

/** The directory of one machine: what a power cut leaves of it is a copy, so that no handle of the dead process matters. */
export interface Disk {
  /** Where its files lie now. */
  readonly at: (name?: string) => string;
  /** Dies at the write that many writes from now. */
  readonly cutAt: (writes: number, how: Cut) => void;
  readonly fill: (isFull: boolean) => void;
  readonly isFull: () => boolean;
  /** Full from the write on that is so many writes from now, in the middle of whatever is then being done. */
  readonly fillAt: (writes: number) => void;
  /** The power goes between two writes. */
  readonly cut: () => void;
  readonly isDead: () => boolean;
  /** Power is back; the files are what was left. */
  readonly revive: () => void;
  /**
   * A store whose named writes may be the last of its process.
   *
   * @param file - the one that grows with a write: a database, whose write-ahead log then does, or a file of lines
   * @param whenFull - what a write gives while the disk is full, of which it may be that it was done all the same; without it
   *   SQLite's error is thrown
   */
  readonly mortal: <T extends object>(
    store: T,
    file: string,
    writes: readonly (keyof T & string)[],
    whenFull?: (work: () => unknown) => unknown,
  ) => T;
}

export function createDisk(base: string, world: World, onCut: () => void): Disk {
  let boots = 0;
  let writesLeft = Infinity;
  let how: Cut = 'before';
  let isDead = false;
  let isFull = false;
  let isWithin = false;
  let writesUntilFull = Infinity;
  const at = (name = ''): string => join(base, `boot-${boots}`, name);
  mkdirSync(at(), { recursive: true });

  const die = (): string => {
    const left = join(base, `boot-${boots + 1}`);
    copyAll(at(), left);
    isDead = true;
    writesLeft = Infinity;
    onCut();
    return left;
  };

  /** What a commit wrote and did not sync may be there in part, and whatever came after it is not there. */
  const tear = (file: string, work: () => unknown): void => {
    const growing = existsSync(at(`${file}-wal`)) ? `${file}-wal` : file;
    const before = sizeOf(at(growing));
    const whole = growing === file ? copyAside() : undefined;
    work();
    const after = sizeOf(at(growing));
    const grown = growing === file ? readIfThere(at(growing)) : undefined;
    const left = die();
    if (after <= before) return;
    const torn = world.between(before, after);
    if (whole !== undefined && grown !== undefined) {
      rmSync(left, { recursive: true });
      renameSync(whole, left);
      writeFileSync(join(left, growing), grown.subarray(0, torn));
    } else truncateSync(join(left, growing), torn);
  };

  const copyAside = (): string => {
    const aside = join(base, 'aside');
    rmSync(aside, { recursive: true, force: true });
    copyAll(at(), aside);
    return aside;
  };

  const whole = (work: () => unknown): unknown => {
    isWithin = true;
    try {
      return work();
    } finally {
      isWithin = false;
    }
  };

  const write = (file: string, act: () => unknown, whenFull: (work: () => unknown) => unknown = throwFull): unknown => {
    // What is written in the middle of a write is part of it.
    if (isWithin) return act();
    const work = () => whole(act);
    if (isDead) throw new PowerCut();
    if (writesUntilFull <= 0) [isFull, writesUntilFull] = [true, Infinity];
    writesUntilFull -= 1;
    if (isFull) return whenFull(work);
    writesLeft -= 1;
    if (writesLeft >= 0) return work();
    if (how === 'after') work();
    if (how === 'torn') tear(file, work);
    else die();
    throw new PowerCut();
  };

  return {
    at,
    cutAt: (writes, cut) => {
      writesLeft = writes;
      how = cut;
    },
    fill: (full) => {
      [isFull, writesUntilFull] = [full, Infinity];
    },
    fillAt: (writes) => {
      writesUntilFull = writes;
    },
    cut: () => {
      if (!isDead) die();
    },
    isDead: () => isDead,
    isFull: () => isFull,
    revive: () => {
      boots += 1;
      isDead = false;
    },
    mortal: (store, file, writes, whenFull) => {
      const own = boots;
      return new Proxy(store, {
        get: (target, name) => {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function' || !writes.some((one) => one === name)) return value;
          return (...args: unknown[]) => {
            // Of a process that died before; something that it waited for came all the same.
            if (own !== boots) throw new PowerCut();
            return write(file, () => (value as (...all: unknown[]) => unknown)(...args), whenFull);
          };
        },
      });
    },
  };
}

const throwFull = (): never => {
  throw new DiskFull();
};

/** A directory has none: what is renamed into it is there or not. */
const sizeOf = (file: string): number => {
  const there = statSync(file, { throwIfNoEntry: false });
  return there?.isFile() ? there.size : 0;
};

const readIfThere = (file: string): Buffer | undefined => (sizeOf(file) > 0 ? readFileSync(file) : undefined);

/** All but the index files of write-ahead logs, which are made anew. */
function copyAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    mkdirSync(entry.isFile() ? dirname(target) : target, { recursive: true });
    if (entry.isFile() && !entry.name.endsWith('-shm')) copyFileSync(source, target);
  }
}
