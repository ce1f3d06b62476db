import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLeaf } from '../../proto/codec/transfer-codec.ts';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { DAY_MS, type Instant, startOfDay, toIso } from '../../proto/words/time.ts';
import type { CaptureFault } from '../capture/capture-fault.ts';
import { TILE_ENTRIES } from '../log/merkle.ts';
import { type ReadLog, readLog } from '../log/read-log.ts';
import { tilesOf } from '../log/tile-index.ts';
import { verifyLog } from '../log/verify.ts';
import { CHECKSUM_FILE, entryLine, putLog, stretchOf } from '../log/write-bundle.ts';
import type { BundledCaptures, BundledFile, BundleSink } from '../ports/bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { REGISTER_LOG_KIND } from '../registers/record-change.ts';
import { createTransferTally } from '../report/inspected-transfers.ts';
import { PICKED_FILES } from '../report/inspection-files.table.ts';
import { type InspectedLog, type InspectionFacts, inspectionIndex, titleOfFile } from '../report/inspection-index.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import { copyCaptures } from './copy-captures.ts';

/** A log that goes into the bundle. */
export interface LogPlace {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  readonly publicKey: KeyObject;
}

export interface InspectionSources {
  readonly processor: InspectionFacts['processor'];
  readonly period: ReportPeriod;
  readonly madeAt: Instant;
  readonly logs: readonly LogPlace[];
  /** Captures of a time, where there are any to take. */
  readonly captures: (from: Instant, until: Instant) => Result<BundledCaptures, CaptureFault>;
  /** Every book that a verdict of this installation may rest on, and what is wrong with files kept of them. */
  readonly rules: { readonly books: readonly object[]; readonly faults: readonly Fault[] };
  /** @throws Error for a text that must not stand in a bundle */
  readonly look: (name: string, text: string) => void;
  readonly note: NoteProgress;
}

export type InspectionSummary = Pick<InspectionFacts, 'logs' | 'captures'> & { readonly files: number };

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Where files of the bundle go, one after the other. */
interface Bundle extends Pick<InspectionSources, 'look' | 'note'> {
  readonly files: BundledFile[];
  readonly sink: BundleSink;
}

/**
 * Writes an inspection bundle. Every log is verified first: one that does not verify gives no bundle. It opens no zone.
 *
 * Faults: the log's, the captures'. @throws Error when a file cannot be read or written, or holds what must not stand in a bundle
 */
export function gatherInspection(sources: InspectionSources, sink: BundleSink): Result<InspectionSummary, Fault> {
  const { processor, period, madeAt, look, note } = sources;
  const span = { from: startOfDay(period.from), to: (startOfDay(period.until) + DAY_MS) as Instant };
  const bundle = { files: [], sink, look, note };
  const logs: InspectedLog[] = [];
  let transfers: InspectionFacts['transfers'] = [];
  for (const [at, place] of sources.logs.entries()) {
    const noted = (share: number): void => note({ step: 'logs', share: (at + share) / sources.logs.length });
    const bundled = putVerified(place, span, { ...bundle, noted }, (log) => {
      if (place.name === 'operations') transfers = putPicked(log, span, bundle);
      noted(1);
    });
    if (!bundled.ok) return bundled;
    logs.push(bundled.value);
  }
  const rules = putRules(sources.rules, bundle);
  if (!rules.ok) return rules;
  const captures = putCaptures(sources.captures(span.from, span.to), bundle);
  if (!captures.ok) return captures;
  const facts = { processor, period, madeAt: toIso(madeAt), logs, transfers };
  putIndex({ ...facts, captures: captures.value }, bundle);
  return ok({ logs, captures: captures.value, files: bundle.files.length });
}

/** Verifying a log takes about half of what it takes to put it in. */
const VERIFIED_SHARE = 0.5;

/** Puts one log in, as `tongguan log bundle` would; the head first, since a running writer signs later ones. */
function putVerified(
  place: LogPlace,
  span: Span,
  bundle: Bundle & { readonly noted: (share: number) => void },
  more: (log: ReadLog) => void,
): Result<InspectedLog, Fault> {
  const log = readLog(place);
  if (!log.ok) return log;
  try {
    const { head } = log.value;
    const seen = (entries: number, size: number): void => bundle.noted((entries / size) * VERIFIED_SHARE);
    const verified = verifyLog({ ...place, keptHeads: [head], seen });
    const [fault] = verified.ok ? [] : verified.fault;
    if (fault !== undefined) return fail(fault);
    lookThrough(place.name, log.value, span, bundle.look);
    const put = (path: string, bytes: Uint8Array): void => {
      bundle.files.push(bundle.sink.put(`logs/${path}`, bytes));
    };
    const { name, size, root, first, end } = putLog({ ...place, log: log.value }, span, put);
    more(log.value);
    return ok({ name, size, root, first, end });
  } finally {
    log.value.close();
  }
}

/** Tiles hold entries before and after the time too, up to 255 on either side. */
function lookThrough(name: string, log: ReadLog, span: Span, look: Bundle['look']): void {
  const stretch = stretchOf(log, span);
  if (stretch === undefined) return;
  const last = Math.min((tilesOf(stretch.last) + 1) * TILE_ENTRIES, log.head.size) - 1;
  for (const { index, leaf } of log.entries(tilesOf(stretch.first) * TILE_ENTRIES)) {
    if (index > last) return;
    look(`logs/${name}`, entryLine(index, leaf));
  }
}

/**
 * What is picked of the operations log by kind, the registers as they stood at the last entry of the time, and the transfers. The last
 * entry counts by its place and not by its time: a clock that was set back in between hides no change.
 */
function putPicked(log: ReadLog, span: Span, bundle: Bundle): InspectionFacts['transfers'] {
  const picked = PICKED_FILES.map(({ file, kinds }) => ({ kinds, writer: bundle.sink.open(file) }));
  const registers = new Map<string, RegisterEntry>();
  const transfers = createTransferTally();
  const last = stretchOf(log, { to: span.to })?.last ?? -1;
  const first = stretchOf(log, span)?.first ?? Number.POSITIVE_INFINITY;
  for (const { index, leaf } of log.entries()) {
    if (index > last) break;
    noteRegister(leaf, registers);
    if (index < first) continue;
    transfers.take(leaf);
    for (const { kinds, writer } of picked) if (kinds.includes(leaf.kind)) writer.line(entryLine(index, leaf));
  }
  for (const { writer } of picked) bundle.files.push(writer.close());
  putRegisters(registers, bundle);
  return transfers.all();
}

function noteRegister({ kind, document }: LogLeaf, registers: Map<string, RegisterEntry>): void {
  if (kind !== REGISTER_LOG_KIND) return;
  const { after } = JSON.parse(Buffer.from(document).toString('utf8')) as { readonly after?: RegisterEntry };
  assert(after !== undefined, 'a register entry of the log holds what it changed to');
  registers.set(`${after.kind}/${after.id}`, after);
}

function putRegisters(entries: ReadonlyMap<string, RegisterEntry>, bundle: Bundle): void {
  const sorted = [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const kind of [...new Set(sorted.map((entry) => entry.kind))].sort()) {
    const own = sorted.filter((entry) => entry.kind === kind).map((entry) => canonicalJson(entry));
    putLines(`registers/${kind}.ndjson`, own, bundle);
  }
}

function putLines(name: string, lines: Iterable<string>, { sink, files }: Bundle): void {
  const writer = sink.open(name);
  for (const line of lines) writer.line(line);
  files.push(writer.close());
}

function putRules({ books, faults }: InspectionSources['rules'], bundle: Bundle): Result<void, Fault> {
  const [fault] = faults;
  if (fault !== undefined) return fail(fault);
  for (const [number, book] of books.entries())
    putLines(`rules/book-${number}.json`, JSON.stringify(book, undefined, 2).split('\n'), bundle);
  return ok(undefined);
}

function putCaptures(
  captures: Result<BundledCaptures, CaptureFault>,
  { sink, files, note }: Bundle,
): Result<number, CaptureFault> {
  if (!captures.ok) return captures;
  const copied = copyCaptures(captures.value, sink, (share) => note({ step: 'captures', share }));
  if (!copied.ok) return copied;
  files.push(...copied.value);
  return ok(captures.value.connections);
}

function putIndex(facts: Omit<InspectionFacts, 'files'>, bundle: Bundle): void {
  const files = bundle.files.map((file) => ({
    file,
    title: PICKED_FILES.find((one) => one.file === file.name)?.title ?? titleOfFile(file.name),
  }));
  putLines('index.html', inspectionIndex({ ...facts, files }), bundle);
  const sums = bundle.files.map(({ name, sha256 }) => `${sha256}  ${name}`);
  putLines(CHECKSUM_FILE, sums, { ...bundle, files: [] });
}

/** The exporter's log of an installation of `tongguan up`; undefined where there is none. */
export function trafficOf(data: string, origin: string): LogPlace | undefined {
  const directory = join(data, 'exporter', 'log', 'traffic');
  const key = join(data, 'exporter', 'log.pub');
  if (!existsSync(directory) || !existsSync(key)) return undefined;
  return { name: 'traffic', directory, origin: `${origin}/traffic`, publicKey: createPublicKey(readFileSync(key)) };
}
