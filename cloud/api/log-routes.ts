import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { instantOfText } from '../../proto/config/instant-text.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type Instant, toIso } from '../../proto/words/time.ts';
import { logNoEntry } from '../log/faults.ts';
import { type FoundEntries, type FoundEntry, findNewest, findOfTransfer } from '../log/find-entries.ts';
import { leafHash, TILE_ENTRIES } from '../log/merkle.ts';
import { consistencyText, inclusionText } from '../log/proof-text.ts';
import type { KeptLog, ReadLog } from '../log/read-log.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface LogPlace {
  readonly name: string;
  readonly directory: string;
  readonly origin: string;
  readonly publicKey: KeyObject;
  /** The log as it stands now. */
  readonly read: KeptLog['read'];
}

export interface LogRoutesParts {
  readonly logs: readonly LogPlace[];
  readonly transfer: (id: string) => TransferRow | undefined;
}

const FOUND_MAX = 500;
const STEPS_MAX = 1_000;

const count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Search = z.strictObject({
  kind: z.string().max(64).optional(),
  transfer: z.string().max(64).optional(),
  actor: z.string().max(64).optional(),
  from: instantOfText.optional(),
  to: instantOfText.optional(),
  before: count.optional().describe('`next` of the answer before'),
  limit: z.coerce.number().int().min(1).max(FOUND_MAX).default(100),
});
const OfLog = z.object({ log: z.string().max(32) });
const OfEntry = z.object({ log: z.string().max(32), index: count });
const OfTransfer = z.object({ id: z.string().max(64) });
const Since = z.strictObject({ size: count.describe('of the earlier head') });
const invalid = noQuestion;

/** `/logs[/LOG/entries[/INDEX/proof]|/consistency]` and `/transfers/ID/steps`. */
export function logRoutes(parts: LogRoutesParts): readonly ApiRoute[] {
  return [...headRoutes(parts), ...entryRoutes(parts), stepRoute(parts)];
}

function headRoutes({ logs }: LogRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/logs', summary: 'logs with their signed heads and public keys', invalid },
      answer: () =>
        answered({
          logs: logs.map((place) => {
            const { name, origin } = place;
            const opened = place.read();
            if (!opened.ok) return { name, origin, fault: opened.fault };
            const { head, note } = opened.value;
            return { name, origin, size: head.size, root: hex(head.rootHash), note, publicKey: pemOf(place) };
          }),
        }),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/logs/:log/consistency', summary: 'proof that the log extends an earlier head' },
      ...{ params: OfLog, query: Since, invalid },
      answer: ({ params, query: { size } }) =>
        withLog(params.log, logs, (log, place) => {
          if (size > log.head.size) return refused(404, logNoEntry(size, log.head.size));
          const proof = log.proveConsistency(size);
          const text = consistencyText(size, proof, log.note);
          return answered({ size, proof: proof.map(hex), note: log.note, publicKey: pemOf(place), text });
        }),
    }),
  ];
}

function entryRoutes({ logs }: LogRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/logs/:log/entries', summary: 'entries of a log, newest first' },
      ...{ params: OfLog, query: Search, invalid },
      answer: ({ params, query: { transfer, before, limit, ...query } }) =>
        withLog(params.log, logs, (log) => {
          const found = findNewest(log, { ...query, transferId: transfer }, before ?? log.head.size, limit);
          return answered({ ...shown(found), size: log.head.size });
        }),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/logs/:log/entries/:index/proof', summary: 'proof that an entry is in the log' },
      ...{ params: OfEntry, invalid },
      answer: ({ params: { log: name, index } }) =>
        withLog(name, logs, (log, place) => {
          const leaf =
            index < log.head.size ? log.leavesOf(Math.floor(index / TILE_ENTRIES))[index % TILE_ENTRIES] : undefined;
          if (leaf === undefined) return refused(404, logNoEntry(index, log.head.size));
          const proof = log.proveInclusion(index);
          return answered({
            ...{ index, leaf: leaf.toString('base64'), leafHash: hex(leafHash(leaf)), proof: proof.map(hex) },
            ...{ size: log.head.size, root: hex(log.head.rootHash), note: log.note, publicKey: pemOf(place) },
            text: inclusionText(index, proof, log.note),
          });
        }),
    }),
  ];
}

function stepRoute({ logs, transfer }: LogRoutesParts): ApiRoute {
  return apiRoute({
    ...{ method: 'GET', path: '/transfers/:id/steps', summary: 'every step of a transfer, as the logs have it' },
    ...{ params: OfTransfer, invalid },
    answer: ({ params: { id } }) => {
      const row = transfer(id);
      if (row === undefined) return refused(404, noSuchLog());
      const steps = [];
      for (const place of logs) {
        const opened = place.read();
        if (!opened.ok) return refused(409, opened.fault);
        const found = findOfTransfer(opened.value, id, row.requestedAt, STEPS_MAX);
        steps.push({ log: place.name, ...shown(found) });
      }
      return answered({ transfer: row, logs: steps });
    },
  });
}

function withLog(
  name: string,
  logs: readonly LogPlace[],
  use: (log: ReadLog, place: LogPlace) => ApiAnswer,
): ApiAnswer {
  const place = logs.find((one) => one.name === name);
  if (place === undefined) return refused(404, noSuchLog());
  const opened = place.read();
  return opened.ok ? use(opened.value, place) : refused(409, opened.fault);
}

function shown({ entries, next }: FoundEntries): object {
  return { entries: entries.map(shownEntry), ...(next !== undefined && { next }) };
}

function shownEntry({ index, leaf: { recordedAtMs, kind, transferId, actor, document } }: FoundEntry): object {
  const parsed: unknown = JSON.parse(Buffer.from(document).toString('utf8'));
  return { index, recordedAt: toIso(recordedAtMs as Instant), kind, transferId, actor, document: parsed };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const pemOf = ({ publicKey }: LogPlace): string => String(publicKey.export({ type: 'spki', format: 'pem' }));

export const noSuchLog = (): Fault<'LOG_UNKNOWN'> => ({
  code: 'LOG_UNKNOWN',
  problem: bilingual('there is no such log or transfer', '没有该日志或出境记录'),
  remedy: bilingual(
    'logs are `operations`, `alerts` and, where it is configured, `traffic`',
    '日志为 `operations`、`alerts` 及已配置的 `traffic`',
  ),
  retry: 'after-remedy',
});
