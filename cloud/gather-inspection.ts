import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLogLeaf } from '../proto/codec/transfer-codec.ts';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { canonicalJson } from '../proto/words/canonical-json.ts';
import { bilingual, type Fault } from '../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../proto/words/result.ts';
import { DAY_MS, type Instant, startOfDay, toIso } from '../proto/words/time.ts';
import type { CloudConfig } from './config.ts';
import { openCheckpoint } from './log/checkpoint.ts';
import { CHECKPOINT_FILE } from './log/checkpoint-file.ts';
import { logCorrupt } from './log/faults.ts';
import { rootOf } from './log/merkle.ts';
import { readLeaves } from './log/read-leaves.ts';
import { verifyLog } from './log/verify.ts';
import type { BundledFile, BundleSink, CaptureFiles } from './ports/bundle.ts';
import type { RegisterEntry } from './registers/kind.ts';
import { REGISTER_LOG_KIND } from './registers/record-change.ts';
import { createTransferTally } from './report/inspected-transfers.ts';
import { PICKED_FILES } from './report/inspection-files.table.ts';
import { type InspectedLog, type InspectionFacts, inspectionIndex, titleOfFile } from './report/inspection-index.ts';
import type { ReportPeriod } from './report/report-facts.ts';

/** A log that goes into the bundle. */
export interface LogPlace {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  readonly publicKey: KeyObject;
}

export interface InspectionSources {
  readonly loaded: LoadedConfig<CloudConfig>;
  readonly period: ReportPeriod;
  readonly madeAt: Instant;
  /** The exporter's log, where it can be read. */
  readonly traffic: LogPlace | undefined;
  readonly captures: CaptureFiles;
  /** Every book that a verdict of this installation may rest on, and what is wrong with files kept of them. */
  readonly rules: { readonly books: readonly object[]; readonly faults: readonly Fault[] };
}

export type InspectionSummary = Pick<InspectionFacts, 'logs' | 'captures'> & { readonly files: number };

/**
 * Writes an inspection bundle. Every log is verified first: one that does not verify gives no bundle. It opens no zone.
 *
 * Faults: the log's. @throws Error when a file cannot be read or written, or holds what must not stand in a bundle
 */
export function gatherInspection(sources: InspectionSources, sink: BundleSink): Result<InspectionSummary, Fault> {
  const { loaded, period, madeAt, captures } = sources;
  const { config } = loaded;
  const span = { from: startOfDay(period.from), until: (startOfDay(period.until) + DAY_MS) as Instant };
  const files: BundledFile[] = [];
  const put = (file: BundledFile): void => {
    files.push(file);
  };
  const logs: InspectedLog[] = [];
  for (const place of logPlaces(sources)) {
    const bundled = putLog(place, span, sink, put);
    if (!bundled.ok) return bundled;
    logs.push(bundled.value);
  }
  const operations = join(loaded.path(config.log.directory), 'operations');
  const size = logs.find(({ name }) => name === 'operations')?.size ?? 0;
  const transfers = putPicked(readLeaves(operations, size), span, sink, put);
  const rules = putRules(sources.rules, sink, put);
  if (!rules.ok) return rules;
  const captured = captures.between(span.from, span.until);
  for (const { name, path } of captured) put(sink.copy(`captures/${name}`, path));
  const titled = files.map((file) => ({
    file,
    title: PICKED_FILES.find((one) => one.file === file.name)?.title ?? titleOfFile(file.name),
  }));
  const facts = {
    processor: config.processor,
    period,
    madeAt: toIso(madeAt),
    logs,
    transfers,
    captures: captured.length,
    files: titled,
  };
  put(linesInto(sink, 'index.html', inspectionIndex(facts)));
  linesInto(
    sink,
    CHECKSUMS,
    files.map(({ name, sha256 }) => `${sha256}  ${name}`),
  );
  return ok({ logs, captures: captured.length, files: files.length + 1 });
}

const CHECKSUMS = 'SHA256SUMS';

function logPlaces({ loaded: { config, path }, traffic }: InspectionSources): readonly LogPlace[] {
  const publicKey = createPublicKey(createPrivateKey(readFileSync(path(config.log.signingKeyFile))));
  const own = ['operations', 'alerts'].map((name) => ({
    name,
    directory: join(path(config.log.directory), name),
    origin: `${config.log.origin}/${name}`,
    publicKey,
  }));
  return traffic === undefined ? own : [...own, traffic];
}

interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

function putLog(
  { name, directory, origin, publicKey }: LogPlace,
  { from, until }: Span,
  sink: BundleSink,
  put: (file: BundledFile) => void,
): Result<InspectedLog, Fault> {
  const at = (file: string): string => `logs/${name}/${file}`;
  // The note first: a running writer signs later heads, and the bundle is of this one.
  const note = readFileSync(join(directory, CHECKPOINT_FILE));
  const verified = verifyLog({ directory, origin, publicKey });
  if (!verified.ok) return fail(verified.fault[0] ?? noLog());
  const head = openCheckpoint(note, { origin, publicKey });
  if (!head.ok) return fail(logCorrupt(directory, head.fault));
  const { size, rootHash } = head.value;
  const isRoot = Buffer.compare(rootOf(hashesOf(directory, size)), rootHash) === 0;
  if (!isRoot) return fail(logCorrupt(directory, 'root-differs'));
  put(linesInto(sink, at('checkpoint'), note.toString('utf8').replace(/\n$/, '').split('\n')));
  put(
    linesInto(
      sink,
      at('public-key.pem'),
      String(publicKey.export({ type: 'spki', format: 'pem' }))
        .trimEnd()
        .split('\n'),
    ),
  );
  const asText = function* () {
    for (const hash of hashesOf(directory, size)) yield Buffer.from(hash).toString('hex');
  };
  put(linesInto(sink, at('leaf-hashes.txt'), asText()));
  let entries = 0;
  const counted = function* () {
    for (const { index, leaf } of readLeaves(directory, size)) {
      if (leaf.recordedAtMs < from || leaf.recordedAtMs >= until) continue;
      entries += 1;
      yield canonicalJson({ ...shown(index, leaf), leaf: Buffer.from(encodeLogLeaf(leaf)).toString('base64') });
    }
  };
  put(linesInto(sink, at('entries.ndjson'), counted()));
  return ok({ name, size, root: Buffer.from(rootHash).toString('hex'), entries });
}

function* hashesOf(directory: string, size: number): Generator<Uint8Array> {
  for (const { hash } of readLeaves(directory, size)) yield hash;
}

type Leaves = ReturnType<typeof readLeaves>;
type Leaf = Parameters<typeof encodeLogLeaf>[0];

function shown(index: number, { recordedAtMs, kind, transferId, actor, document }: Leaf): object {
  const parsed: unknown = JSON.parse(Buffer.from(document).toString('utf8'));
  return { index, recordedAt: toIso(recordedAtMs as Instant), kind, transferId, actor, document: parsed };
}

/** One pass over the operations log: what is picked by kind, the registers as they stood at the end, and the transfers. */
function putPicked(leaves: Leaves, { from, until }: Span, sink: BundleSink, put: (file: BundledFile) => void) {
  const picked = PICKED_FILES.map(({ file, kinds }) => ({ kinds, writer: sink.open(file) }));
  const entries = new Map<string, RegisterEntry>();
  const transfers = createTransferTally();
  for (const { index, leaf } of leaves) {
    if (leaf.recordedAtMs >= until) continue;
    if (leaf.kind === REGISTER_LOG_KIND) {
      const { after } = JSON.parse(Buffer.from(leaf.document).toString('utf8')) as { readonly after?: RegisterEntry };
      assert(after !== undefined, 'a register entry of the log holds what it changed to');
      entries.set(`${after.kind}/${after.id}`, after);
    }
    if (leaf.recordedAtMs < from) continue;
    transfers.take(leaf);
    for (const { kinds, writer } of picked) {
      if (kinds.includes(leaf.kind)) writer.line(canonicalJson(shown(index, leaf)));
    }
  }
  for (const { writer } of picked) put(writer.close());
  const sorted = [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const kind of [...new Set(sorted.map((entry) => entry.kind))].sort()) {
    const own = sorted.filter((entry) => entry.kind === kind).map((entry) => canonicalJson(entry));
    put(linesInto(sink, `registers/${kind}.ndjson`, own));
  }
  return transfers.all();
}

function linesInto(sink: BundleSink, name: string, lines: Iterable<string>): BundledFile {
  const writer = sink.open(name);
  for (const line of lines) writer.line(line);
  return writer.close();
}

function putRules(
  { books, faults }: InspectionSources['rules'],
  sink: BundleSink,
  put: (file: BundledFile) => void,
): Result<void, Fault> {
  const [fault] = faults;
  if (fault !== undefined) return fail(fault);
  for (const [number, book] of books.entries()) {
    put(linesInto(sink, `rules/book-${number}.json`, JSON.stringify(book, undefined, 2).split('\n')));
  }
  return ok(undefined);
}

const noLog = (): Fault => ({
  code: 'REPORT_NOT_MADE',
  problem: bilingual('a log cannot be read', '日志无法读取'),
  remedy: bilingual('run `tongguan log verify`', '请运行 `tongguan log verify`'),
  retry: 'after-remedy',
});

/** The exporter's log of an installation of `tongguan up`; undefined where there is none. */
export function trafficOf(data: string, origin: string): LogPlace | undefined {
  const directory = join(data, 'exporter', 'log', 'traffic');
  const key = join(data, 'exporter', 'log.pub');
  if (!existsSync(directory) || !existsSync(key)) return undefined;
  return { name: 'traffic', directory, origin: `${origin}/traffic`, publicKey: createPublicKey(readFileSync(key)) };
}
