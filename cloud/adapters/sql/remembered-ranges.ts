import type { Extents } from '../../ports/ledger.ts';

/** Ranges of sequences of devices that were asked for or written last; who is not here is read again. */
export interface RememberedRanges {
  readonly get: (deviceNumber: number, epoch: number) => Extents | undefined;
  readonly set: (deviceNumber: number, epoch: number, ranges: Extents) => void;
}

/** Devices of one page; their numbers are given out in order, so pages fill. */
const PAGE = 4_096;
/** Pages kept, 98 kB each: of a million devices. */
const PAGES_MAX = 256;
/** Devices of more than one range: something of theirs is missing. */
const SCATTERED_MAX = 20_000;

const FIELDS = 3;
/** No epoch; they begin at 0. */
const NONE = -1;
/** In place of where the one range begins: they are many, or they are nowhere. */
const SCATTERED = -1;

/**
 * Of each device the epoch that was touched last, which nearly always is the only one. Most have one range, and those are
 * numbers in pages, which the engine's collector passes over (docs/adr/0147).
 */
export function rememberedRanges(): RememberedRanges {
  const pages = new Map<number, Float64Array>();
  const scattered = new Map<number, Extents>();

  const openPage = (index: number): Float64Array => {
    const known = pages.get(index);
    if (known !== undefined) return known;
    if (pages.size >= PAGES_MAX) {
      pages.clear();
      scattered.clear();
    }
    const made = new Float64Array(PAGE * FIELDS).fill(NONE);
    pages.set(index, made);
    return made;
  };

  return {
    get: (deviceNumber, epoch) => {
      const page = pages.get(Math.floor(deviceNumber / PAGE));
      const at = (deviceNumber % PAGE) * FIELDS;
      if (page === undefined || page[at] !== epoch) return undefined;
      const [from = 0, to = 0] = [page[at + 1], page[at + 2]];
      if (from === SCATTERED) return scattered.get(deviceNumber);
      return from === to ? [] : [[from, to]];
    },
    set: (deviceNumber, epoch, ranges) => {
      const page = openPage(Math.floor(deviceNumber / PAGE));
      const at = (deviceNumber % PAGE) * FIELDS;
      const [[from, to] = [0, 0]] = ranges;
      page[at] = epoch;
      page[at + 1] = ranges.length > 1 ? SCATTERED : from;
      page[at + 2] = to;
      scattered.delete(deviceNumber);
      if (ranges.length <= 1) return;
      for (const first of scattered.keys()) {
        if (scattered.size < SCATTERED_MAX) break;
        scattered.delete(first);
      }
      scattered.set(deviceNumber, ranges);
    },
  };
}
