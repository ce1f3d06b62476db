import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import type { OpenLog } from '../log/open-log.ts';
import { type ExporterFault, errorCode, exporterFault } from './exporter-fault.ts';
import { type Counts, createLedger, type History, type OpenConnection, type TrafficKind } from './ledger.ts';
import type { TransferId } from './names.ts';

export interface TrafficEntry {
  readonly kind: TrafficKind;
  readonly transferId: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The traffic log with what it says: an entry counts once it is durable, and never before. */
export interface Traffic {
  /** Resolves `ok`, with the index of the first entry, only once every entry is durable. After a fault nothing more may leave. */
  readonly append: (entries: readonly TrafficEntry[]) => Promise<Result<number, ExporterFault>>;
  readonly history: (id: TransferId) => History;
  readonly counts: () => Counts;
  readonly permitKey: () => string | undefined;
  readonly openConnections: () => readonly OpenConnection[];
  /** The document of an entry, for a return file that has to be written again. */
  readonly document: (index: number) => Result<Readonly<Record<string, unknown>>, ExporterFault>;
  /** When the youngest entry was recorded, whatever order they are in. */
  readonly latest: () => Instant;
  readonly head: () => { readonly size: number; readonly rootHex: string };
}

/** Who writes the traffic log. */
const ACTOR = 'exporter';

/** Reads the whole log once and follows it from there on. Fails if an entry cannot be understood: then nothing is sent. */
export function followTraffic(log: OpenLog): Result<Traffic, ExporterFault> {
  const ledger = createLedger();
  let latest = 0;
  for (const { index, leaf } of log.entries()) {
    const { kind, transferId } = leaf;
    latest = Math.max(latest, leaf.recordedAtMs);
    if (!ledger.apply({ index, kind, transferId, document: parseDocument(leaf.document) })) {
      return fail(exporterFault('TRAFFIC_LOG', `entry ${index} of kind ${kind} does not fit`));
    }
  }
  return ok({
    append: async (entries) => {
      // Checked, written and taken in without a pause: of two that come at once the second sees what the first one changed, and what
      // does not fit is never written, for nobody could open a log with it again.
      for (const entry of entries) assert(ledger.mayFollow(entry), `a ${entry.kind} entry fits the ledger`);
      const first = appendDurably(log, entries);
      if (!first.ok) return first;
      const appended = log.read(first.value);
      if (appended.ok) latest = Math.max(latest, appended.value.recordedAtMs);
      for (const [at, entry] of entries.entries()) {
        assert(ledger.apply({ ...entry, index: first.value + at }), `a ${entry.kind} entry fits the ledger`);
      }
      return first;
    },
    history: ledger.history,
    counts: ledger.counts,
    permitKey: ledger.permitKey,
    openConnections: ledger.openConnections,
    latest: () => latest as Instant,
    document: (index) => {
      const leaf = log.read(index);
      if (!leaf.ok) return fail(exporterFault('TRAFFIC_LOG', leaf.fault.problem.en));
      return ok(parseDocument(leaf.value.document) as Readonly<Record<string, unknown>>);
    },
    head: () => {
      const { size, rootHash } = log.head();
      return { size, rootHex: Buffer.from(rootHash).toString('hex') };
    },
  });
}

/** A log that throws has not recorded anything either. */
function appendDurably(log: OpenLog, entries: readonly TrafficEntry[]): Result<number, ExporterFault> {
  try {
    const appended = log.append(entries.map((entry) => ({ ...entry, actor: ACTOR })));
    return appended.ok ? ok(appended.value.firstIndex) : fail(exporterFault('TRAFFIC_LOG', appended.fault.problem.en));
  } catch (cause) {
    return fail(exporterFault('TRAFFIC_LOG', errorCode(cause)));
  }
}

/** The log keeps only canonical JSON objects, so this does not fail on what it gives back. */
function parseDocument(document: Uint8Array): unknown {
  return JSON.parse(Buffer.from(document).toString('utf8'));
}

/** A clock that is never behind the log: who sets the machine's clock back brings no expired permit to life. */
export function notBehind(traffic: Pick<Traffic, 'latest'>, clock: Clock): Clock {
  return { now: () => Math.max(clock.now(), traffic.latest()) as Instant };
}
