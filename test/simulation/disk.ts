import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs';
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
  /** The power goes between two writes. */
  readonly cut: () => void;
  readonly isDead: () => boolean;
  /** Power is back; the files are what was left. */
  readonly revive: () => void;
  /** A store of one file whose named writes may be the last of its process. */
  readonly mortal: <T extends object>(store: T, file: string, writes: readonly (keyof T & string)[]) => T;
}

export function createDisk(base: string, world: World, onCut: () => void): Disk {
  let boots = 0;
  let left = Infinity;
  let how: Cut = 'before';
  let isDead = false;
  let isFull = false;
  const at = (name = ''): string => join(base, `boot-${boots}`, name);
  mkdirSync(at(), { recursive: true });

  const die = (file?: string, torn?: number): void => {
    const to = join(base, `boot-${boots + 1}`);
    copyAll(at(), to);
    const log = file === undefined ? undefined : join(to, `${file}-wal`);
    // What a commit wrote and did not sync may be there in part.
    if (log !== undefined && torn !== undefined && existsSync(log) && statSync(log).size > torn)
      truncateSync(log, world.between(torn, statSync(log).size));
    isDead = true;
    left = Infinity;
    onCut();
  };

  const write = (file: string, work: () => unknown): unknown => {
    if (isDead) throw new PowerCut();
    if (isFull) throw new DiskFull();
    left -= 1;
    if (left >= 0) return work();
    if (how === 'before') {
      die();
      throw new PowerCut();
    }
    const log = at(`${file}-wal`);
    const before = existsSync(log) ? statSync(log).size : 0;
    work();
    die(file, how === 'torn' ? before : undefined);
    throw new PowerCut();
  };

  return {
    at,
    cutAt: (writes, cut) => {
      left = writes;
      how = cut;
    },
    fill: (full) => {
      isFull = full;
    },
    cut: () => {
      if (!isDead) die();
    },
    isDead: () => isDead,
    revive: () => {
      boots += 1;
      isDead = false;
    },
    mortal: (store, file, writes) =>
      new Proxy(store, {
        get: (target, name) => {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function' || !writes.some((one) => one === name)) return value;
          return (...args: unknown[]) => write(file, () => (value as (...all: unknown[]) => unknown)(...args));
        },
      }),
  };
}

/** All but the index files of write-ahead logs, which are made anew. */
function copyAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('-shm')) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}
