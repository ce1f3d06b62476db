import { makePairFinder } from './axis-pairs.ts';
import { scanPatterns } from './byte-patterns.ts';
import type { Canaries } from './canaries.ts';
import { deflateViews } from './deflate-layers.ts';
import type { Hit, Layer } from './hit.ts';
import { jsonEscapesView } from './json-escapes.ts';
import { scanNumbers } from './scan-numbers.ts';
import { scanText } from './scan-text.ts';
import { base64Views, byteListView, hexViews, utf16View } from './text-layers.ts';
import type { View } from './view.ts';

export interface ScanLimits {
  /** Wrappings are opened this deep: gzip in base64 in a JSON string is three. */
  readonly layers: number;
  /** Bytes produced by opening wrappings, in one scan. */
  readonly openedBytes: number;
  /** Bytes that one compressed stream may produce. */
  readonly streamBytes: number;
  /** More hits than this of one kind, form and wrapping tell nothing new. */
  readonly hitsPerForm: number;
}

export const SCAN_LIMITS: ScanLimits = {
  layers: 3,
  openedBytes: 1024 * 2 ** 20,
  streamBytes: 64 * 2 ** 20,
  hitsPerForm: 100,
};

export interface ScanReport {
  /** In no particular order; at most `hitsPerForm` of one kind, form and wrapping. */
  readonly hits: readonly Hit[];
  /** Bytes that came out of each kind of wrapping. */
  readonly openedBytes: Readonly<Record<Layer, number>>;
  /** Wrappings that a limit kept shut, wholly or in part. Empty means that all within reach was read. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly within: readonly Layer[];
  /** Byte offset in what was scanned. */
  readonly offset: number;
  /** `guesses`: further deflate streams that show neither magic nor tables may stand here; see `deflateViews`. */
  readonly cause: 'stream-too-long' | 'too-much-opened' | 'guesses';
}

/**
 * Looks for every canary in every form, in the bytes and in what they wrap.
 *
 * @param bytes - for example all that one side of a connection sent
 * @returns no more than 100 hits of one kind, form and wrapping; none holds a value
 * @throws Error when a limit kept something unread: then an empty answer would prove nothing
 */
export function scan(bytes: Uint8Array, canaries: Canaries): readonly Hit[] {
  const { hits, unread } = scanWithReport(bytes, canaries);
  const first = unread.find(({ cause }) => cause !== 'guesses');
  if (first !== undefined && hits.length === 0) {
    throw new Error(
      `not all bytes were scanned: ${first.cause} at offset ${first.offset} (${first.within.join(' > ')})`,
    );
  }
  return hits;
}

/** Like `scan`, and says what was opened and what was not; never throws for a limit. */
export function scanWithReport(bytes: Uint8Array, canaries: Canaries, limits: ScanLimits = SCAN_LIMITS): ScanReport {
  const run: Run = {
    canaries,
    hits: new Map(),
    unread: [],
    openedBytes: { base64: 0, hex: 0, utf16: 0, 'json-escapes': 0, 'byte-list': 0, gzip: 0, zlib: 0, deflate: 0 },
    limits,
    left: limits.openedBytes,
  };
  scanLevel(run, bytes, [], (offset) => offset);
  return {
    hits: [...run.hits.values()].flatMap((sort) => [...sort.values()]),
    openedBytes: run.openedBytes,
    unread: run.unread,
  };
}

interface Run {
  readonly limits: ScanLimits;
  readonly canaries: Canaries;
  /** By kind, form and wrapping, then by offset and canary. */
  readonly hits: Map<string, Map<string, Hit>>;
  readonly unread: Unread[];
  readonly openedBytes: Record<Layer, number>;
  left: number;
}

function scanLevel(run: Run, bytes: Uint8Array, within: readonly Layer[], toOuter: (offset: number) => number): void {
  const { index, patterns } = run.canaries;
  const report = (kind: Hit['kind'], form: string, at: number, of: number): void => {
    const hit: Hit = { kind, form, within, offset: toOuter(at), of };
    const sort = [kind, form, ...within].join(' > ');
    const known = run.hits.get(sort) ?? new Map<string, Hit>();
    run.hits.set(sort, known);
    if (known.size < run.limits.hitsPerForm) known.set(`${hit.offset} ${of}`, hit);
  };
  scanNumbers(bytes, index, makePairFinder(index), report);
  scanText(bytes, index, makePairFinder(index), report);
  scanPatterns(bytes, patterns, report);
  if (within.length >= run.limits.layers) return;
  for (const opener of OPENERS) {
    for (const view of opener(run, bytes, within, toOuter)) openView(run, view, within, toOuter);
  }
}

function openView(run: Run, view: View, within: readonly Layer[], toOuter: (offset: number) => number): void {
  if (view.bytes.length === 0) return;
  if (view.bytes.length > run.left) {
    run.unread.push({ within: [...within, view.layer], offset: toOuter(0), cause: 'too-much-opened' });
    return;
  }
  run.left -= view.bytes.length;
  run.openedBytes[view.layer] += view.bytes.length;
  scanLevel(run, view.bytes, [...within, view.layer], (offset) => toOuter(view.sourceOf(offset)));
}

type Opener = (
  run: Run,
  bytes: Uint8Array,
  within: readonly Layer[],
  toOuter: (offset: number) => number,
) => readonly View[];

/** One after the other, so that only one kind of view stands in memory for each level. */
const OPENERS: readonly Opener[] = [
  (_run, bytes) => base64Views(bytes),
  (_run, bytes) => hexViews(bytes),
  (_run, bytes) => [utf16View(bytes), jsonEscapesView(bytes), byteListView(bytes)],
  (run, bytes, within, toOuter) => {
    // A guess inside a guess is what noise decodes to, and nothing that anybody sends.
    const { views, cut, isGuessingOver } = deflateViews(bytes, {
      left: run.left,
      streamMaxBytes: run.limits.streamBytes,
      guesses: !within.includes('deflate'),
    });
    for (const offset of cut) run.unread.push({ within, offset: toOuter(offset), cause: 'stream-too-long' });
    if (isGuessingOver) run.unread.push({ within, offset: toOuter(0), cause: 'guesses' });
    return views;
  },
];
