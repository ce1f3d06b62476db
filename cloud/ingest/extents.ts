import type { Extents } from '../ports/ledger.ts';

/** Ranges kept for one device and epoch. An honest one has a handful of gaps; past the limit it is told to slow down. */
export const EXTENTS_MAX = 1_024;

/** Which of the sequences [from, to) are not held yet, as half-open ranges. */
export function missingFrom(extents: Extents, from: number, to: number): Extents {
  const missing: [number, number][] = [];
  let next = from;
  for (const [heldFrom, heldTo] of extents) {
    if (heldTo <= next) continue;
    if (heldFrom >= to) break;
    if (heldFrom > next) missing.push([next, heldFrom]);
    next = heldTo;
  }
  if (next < to) missing.push([next, to]);
  return missing;
}

/** Adds [from, to), joining what touches. */
export function withRange(extents: Extents, from: number, to: number): Extents {
  if (from >= to) return extents;
  const last = extents.at(-1);
  // The usual case: the next batch of a device that loses nothing.
  if (last !== undefined && last[1] === from) return [...extents.slice(0, -1), [last[0], to]];
  const before = extents.filter(([, heldTo]) => heldTo < from);
  const after = extents.filter(([heldFrom]) => heldFrom > to);
  const touching = extents.slice(before.length, extents.length - after.length);
  const joinedFrom = Math.min(from, ...touching.map(([heldFrom]) => heldFrom));
  const joinedTo = Math.max(to, ...touching.map(([, heldTo]) => heldTo));
  return [...before, [joinedFrom, joinedTo], ...after];
}

/** Of ranges, how many sequences are not held. */
export function countMissing(ranges: Extents, held: Extents): number {
  return ranges.reduce((total, [from, to]) => total + countOf(missingFrom(held, from, to)), 0);
}

/** Joins the first two where there are too many to keep: what lay between them is then spoken of as well. */
export function bounded(ranges: Extents): Extents {
  const [[from = 0] = [], [, to = 0] = [], ...rest] = ranges;
  return ranges.length > EXTENTS_MAX ? bounded([[from, to], ...rest]) : ranges;
}

export function countOf(extents: Extents): number {
  return extents.reduce((total, [from, to]) => total + to - from, 0);
}
