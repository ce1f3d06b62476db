import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { documentFiles } from '../../../../cloud/adapters/document-files.ts';
import { sqliteParts } from '../../../../cloud/adapters/sqlite-parts.ts';
import { sqlitePersons } from '../../../../cloud/adapters/sqlite-persons.ts';
import { sqliteRegisters } from '../../../../cloud/adapters/sqlite-registers.ts';
import { sqliteTransferRegister } from '../../../../cloud/adapters/sqlite-transfer-register.ts';
import { factSources } from '../../../../cloud/composition/open-facts.ts';
import type { CloudStores } from '../../../../cloud/composition/open-stores.ts';
import { contentsOf } from '../../../../cloud/datasets/contents.ts';
import type { AppendOnly } from '../../../../cloud/ports/append-only.ts';
import type { Wish } from '../../../../cloud/registers/change.ts';
import type { EntryBody } from '../../../../cloud/registers/kind.ts';
import { type RegisterBooks, recordChange } from '../../../../cloud/registers/record-change.ts';
import { SHIPPED_LAW } from '../../../../cloud/rules/shipped-rules.ts';
import type { ExportGateParts } from '../../../../cloud/transfer/export-gate.ts';
import type { Exemption } from '../../../../cloud/transfer/facts.ts';
import { type Case, type WeighedCase, weighCase } from '../../../../cloud/transfer/weigh-case.ts';
import type { Fault } from '../../../../proto/words/fault.ts';
import { ok, type Result } from '../../../../proto/words/result.ts';
import { type CivilDate, civilYearOf, type Instant, startOfDay } from '../../../../proto/words/time.ts';
import { KEY, STATISTICS } from '../../datasets/parcels.ts';
import { definedDataset, recipient, scratchGate } from '../gate.ts';
import { scratchDirectory, scratchStores } from '../stores.ts';

/** A request on a day, for ten persons from a number on. */
export interface Asked {
  readonly day: string;
  readonly first: number;
  readonly claims: readonly Exemption[];
}

export interface Paper {
  readonly kind: string;
  readonly body: EntryBody;
}

export type KeptWorld = ReturnType<typeof keptWorld>;

const PERSONS = 10;
/** Longer than a tick of any file system's clock, and so short that files of a test are remembered. */
const TICK_MS = 20;
const PROCESSOR = { id: 'example-motor', name: 'Example Motor', ciio: 'no' } as const;
const PARCEL = { manifestSha256: new Uint8Array(32), rows: 10, bytes: 1_000, families: [] };
const DATASET = definedDataset({ ...STATISTICS, id: 'battery' });

/** As the register has it. */
const RECIPIENT = { ...recipient, id: 'battery-lab', certificateSha256: new Uint8Array(32).fill(0xab) };

/** What all worlds of a test share, since nothing changes in it. */
export function keptBase() {
  return { parts: scratchGate().parts, aggregates: scratchStores().aggregates };
}

/** What a gate rests on, as a process opens it. */
function opened(
  directory: string,
  { parts: shared, aggregates }: ReturnType<typeof keptBase>,
): { readonly gate: ExportGateParts; readonly stores: CloudStores; close(): void } {
  const file = (name: string) => join(directory, `${name}.sqlite`);
  const transfers = sqliteTransferRegister(file('transfers'));
  const parts = sqliteParts(file('parts'), transfers.persons);
  const persons = sqlitePersons(file('persons'));
  const registers = sqliteRegisters(file('registers'));
  const documents = documentFiles(join(directory, 'documents'), { now: () => Date.now() as Instant }, TICK_MS);
  // Nobody without consent, so no device is asked for; the other stores are no source of facts.
  const stores = { transfers, parts, persons, registers, documents } as unknown as CloudStores;
  const judged = { aggregates, stated: undefined };
  const sources = factSources(PROCESSOR, {
    ...{ stores, judged, key: KEY, law: { law: SHIPPED_LAW, signOffs: [] } },
    withoutConsent: () => [],
  });
  const gate = { ...shared, ...sources, transfers, processor: PROCESSOR, onFile: [], legalBasis: 'consent' as const };
  return {
    gate,
    stores,
    close: () => {
      transfers.shut();
      for (const one of [parts, persons, registers]) one.close();
    },
  };
}

/** One installation: a process that goes on, another that changes registers beside it, and any number that begin anew. */
export function keptWorld(base: ReturnType<typeof keptBase>) {
  const directory = scratchDirectory();
  let kept = opened(directory, base);
  const other = sqliteRegisters(join(directory, 'registers.sqlite'));
  let sent = 0;
  const operations = countingLog();
  const change = (wish: Wish, byOther: boolean): boolean =>
    changed(wish, { operations, store: byOther ? other : kept.stores.registers });
  const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

  return {
    rules: base.parts.rules,
    /** Adds an entry, or changes it where there is one. */
    put: ({ kind, body }: Paper, byOther: boolean): void => {
      if (!change({ act: 'add', kind, body }, byOther)) change({ act: 'replace', kind, body }, byOther);
    },
    withdraw: ({ kind, body }: Paper, byOther: boolean): void => {
      change({ act: 'withdraw', kind, id: body.id, reason: 'over' }, byOther);
    },
    attach: ({ kind, body }: Paper, text: string, byOther: boolean): void => {
      const sha256 = kept.stores.documents.keep(Buffer.from(text));
      const attachment = { name: 'page.txt', sha256, bytes: text.length };
      change({ act: 'attach', kind, id: body.id, attachment }, byOther);
    },
    documentFile: (text: string): string => join(directory, 'documents', sha256Of(text)),
    /** A transfer that went, with its persons counted and its part kept. */
    send: (first: number): void => {
      sent += 1;
      send(caseOf(`sent-${sent}`, { day: '2026-11-24', first, claims: [] }), kept.gate);
    },
    reload: (): void => {
      kept.close();
      kept = opened(directory, base);
    },
    /** By the process that goes on. */
    weigh: (asked: Asked): Decided => decidedOf(weighCase(caseOf('asked', asked), kept.gate)),
    /** By one that begins now, from the disk. */
    weighAnew: (asked: Asked): Decided => {
      const fresh = opened(directory, base);
      try {
        return decidedOf(weighCase(caseOf('asked', asked), fresh.gate));
      } finally {
        fresh.close();
      }
    },
    close: (): void => {
      kept.close();
      other.close();
    },
  };
}

/** A log of which nothing is kept but how long it is. */
function countingLog(): AppendOnly {
  let logged = 0;
  const append = (entries: readonly unknown[]) => {
    logged += entries.length;
    return ok({ firstIndex: logged - entries.length, leafHashes: [new Uint8Array(32)] });
  };
  return { append } as unknown as AppendOnly;
}

/** Makes a change, and confirms it by somebody else where it waits. @returns whether it was made */
function changed(wish: Wish, books: RegisterBooks): boolean {
  const done = recordChange(wish, 'wang', books);
  if (!done.ok || done.value.pending === undefined) return done.ok;
  const { kind, id, version } = done.value;
  recordChange({ act: 'confirm', kind, id, version }, 'li', books);
  return true;
}

function send(one: Case, gate: ExportGateParts): void {
  const weighed = weighCase(one, gate);
  if (!weighed.ok) return;
  const { transferId, at, request } = one;
  const { facts, persons } = weighed.value;
  const { joins, transfers } = gate;
  const ends = { datasetId: request.dataset.id, recipientId: request.recipient.id, purpose: request.purpose };
  transfers.add({ transferId, requestedAt: at, ...ends, state: 'requested', persons: 0 });
  const dataset = { ...facts.dataset, kinds: [...facts.dataset.kinds] };
  joins.record({ ...one, ...weighed.value, dataset });
  const reservation = { year: civilYearOf(at), route: 'exemption-5', isExempt: true, persons: { plain: persons } };
  transfers.permit(transferId, reservation, transfers.counted());
  transfers.close(transferId, 'delivered', 'counted');
}

/** What came of it; facts that contradict each other are a fault, which withholds. */
export type Decided = Result<Pick<WeighedCase, 'facts' | 'verdict'>, Fault>;

function decidedOf(weighed: Result<WeighedCase, Fault>): Decided {
  if (!weighed.ok) return weighed;
  const { facts, verdict } = weighed.value;
  return ok({ facts, verdict });
}

function caseOf(transferId: string, { day, first, claims }: Asked): Case {
  const at = (startOfDay(day as CivilDate) + 43_200_000) as Instant;
  const persons = Array.from({ length: PERSONS }, (_, number) => new Uint8Array(16).fill(first + number));
  const request = {
    ...{ dataset: DATASET, recipient: RECIPIENT, purpose: 'warranty' },
    ...{ requestedBy: 'alice', claims: [...claims] },
  };
  return { request, transferId, contents: contentsOf(DATASET), at, parcel: { ...PARCEL, persons } };
}
