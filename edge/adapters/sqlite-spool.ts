import { statfsSync } from 'node:fs';
import type { DropNotice } from '../../proto/codec/telemetry-codec.ts';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { PRIORITIES, type Priority } from '../../proto/words/priority.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type {
  AppendedBatch,
  BatchBasis,
  DropCause,
  EndedConsent,
  Spool,
  SpooledBatch,
  SpoolFault,
  Spools,
  StrategyOnFull,
} from '../ports/spool.ts';
import { type HeldRow, heldBytesOf, heldRowOf, type NewHeldRow, readHeld, statementRow } from './spool-held-rows.ts';
import { type SpoolStatements, spoolStatements } from './spool-statements.ts';
import { type AgentDatabase, LOG_BYTES_MAX, PAGE_BYTES, UNKNOWN_BASIS } from './sqlite-state.ts';

export interface SpoolSettings {
  /** Bytes of batches and held frames together. */
  readonly maxSize: number;
  readonly strategyOnFull: StrategyOnFull;
}

interface BatchRow {
  readonly first_sequence: number;
  readonly count: number;
  readonly size: number;
}

/** Drop notices kept for one queue until one is sent; neighbours are joined, so this many means as many separate losses. */
const DROP_NOTICES_MAX = 16;

/** Batches of one queue that expire in one go, so that a long sleep does not end in a long stop. */
const EXPIRED_AT_ONCE_MAX = 1_000;

/**
 * Space of the state partition that is left to acknowledgements. To delete a batch the log has to grow first, and to
 * start it anew the file has to: without this, a spool that once filled its partition could never be emptied again.
 * Twice the size at which the log is started anew.
 */
const RESERVE_BYTES = 2 * LOG_BYTES_MAX;

/** What lies in the file. It changes only with a transaction that went through. */
interface Size {
  bytes: number;
  heldBytes: number;
  frames: number;
  held: number;
}

/** What the queues of one file share. */
interface Shared {
  readonly database: AgentDatabase;
  readonly sql: SpoolStatements;
  /** All or nothing, in the file and in the sizes. `bytes` come in with the priority of a lane. */
  readonly change: (lane: number, bytes: number, work: (next: Size) => void) => Result<void, SpoolFault>;
}

/** Ids of consents. A batch that rests on another one is not read. */
export type ConsentsInForce = () => readonly string[];

/**
 * The queues of every priority in the agent's file.
 *
 * @param consentsInForce - absent only where nothing keeps a register of consents
 */
export function sqliteSpools(
  database: AgentDatabase,
  settings: SpoolSettings,
  consentsInForce?: ConsentsInForce,
): Spools {
  const sql = spoolStatements(database);
  const size = sql.totals.get() as Size;
  const change: Shared['change'] = (lane, bytes, work) => {
    const next = { ...size };
    const changed = attempt(
      database.transaction(() => {
        if (bytes > 0 && freeBytes(database) < RESERVE_BYTES)
          return fail(spoolUnavailable('the partition is nearly full'));
        if (!makeRoom(sql, settings, lane, bytes, next)) return fail(spoolFull());
        work(next);
        return ok(undefined);
      }),
    );
    if (changed.ok) Object.assign(size, next);
    return changed;
  };
  const shared = { database, sql, change };
  const queues = PRIORITIES.map((priority, lane) => [priority, queueOf(shared, lane, consentsInForce)] as const);
  return {
    of: Object.fromEntries(queues) as Record<Priority, Spool>,
    expire: (before) => expire(shared, before),
    removeUnder: (ended) => removeUnder(shared, ended),
    consents: () => sql.consents.all() as BatchBasis[],
    status: () => ({ framesWaiting: size.frames, framesHeld: size.held, bytes: size.bytes + size.heldBytes }),
    close: () => {
      database.close();
    },
  };
}

function queueOf({ sql, change }: Shared, lane: number, consentsInForce: ConsentsInForce | undefined): Spool {
  const row = () => sql.lane.get(lane) as { readonly epoch: number; readonly nextSequence: number };
  const { epoch } = row();
  return {
    epoch,
    nextSequence: () => row().nextSequence,
    append: (appended) => change(lane, appended.batch.bytes.length, (next) => store(sql, lane, appended, next)),
    hold: (frames) => {
      const rows = frames.map(heldRowOf);
      const bytes = rows.reduce((sum, held) => sum + heldBytesOf(held), 0);
      return change(lane, bytes, (next) => {
        for (const held of rows) hold(sql, held, next);
      });
    },
    due: (now, limit) => (sql.due.all(now, limit) as HeldRow[]).map(readHeld),
    read: (afterSequence, limit) =>
      (consentsInForce === undefined
        ? (sql.read.all(lane, afterSequence, limit) as StoredBatch[])
        : (sql.readUnder.all(lane, afterSequence, JSON.stringify(consentsInForce()), limit) as StoredBatch[])
      ).map(readBatch),
    acknowledge: (firstSequence, count) => {
      const batch = sql.batchAt.get(lane, firstSequence) as BatchRow | undefined;
      if (batch === undefined || batch.count !== count) return 0;
      const acknowledged = change(lane, 0, (next) => {
        remove(sql, lane, batch, next);
        sql.deleteTold.run(lane, firstSequence);
      });
      return acknowledged.ok ? batch.count : 0;
    },
    dropNotices: () => sql.notices.all(lane) as DropNotice[],
    waiting: () => {
      const { bytes, oldestAt } = sql.waiting.get(lane) as { bytes: number; oldestAt: Instant | null };
      return { bytes, oldestAt: oldestAt ?? undefined };
    },
  };
}

type StoredBatch = BatchRow & { readonly bytes: Buffer };

const readBatch = (row: StoredBatch): SpooledBatch => ({
  firstSequence: row.first_sequence,
  count: row.count,
  bytes: row.bytes,
});

function store(sql: SpoolStatements, lane: number, appended: AppendedBatch, next: Size): void {
  const { batch, sealedAt, released, told, basis = UNKNOWN } = appended;
  for (const id of released) {
    const freed = sql.deleteHeld.get(id) as { readonly size: number } | undefined;
    if (freed === undefined) continue;
    next.held -= 1;
    next.heldBytes -= freed.size;
  }
  sql.insertBatch.run(lane, batch.firstSequence, batch.count, sealedAt, batch.bytes, basis.purpose, basis.consent);
  sql.setNext.run(batch.firstSequence + batch.count, lane);
  next.bytes += batch.bytes.length;
  next.frames += batch.count;
  // It stays until that batch has arrived: lost with it, or grown in the meantime, it is told again.
  for (const { firstSequence: first, count } of told)
    sql.tellNotice.run({ lane, first, count, told: batch.firstSequence });
}

const UNKNOWN: BatchBasis = { purpose: UNKNOWN_BASIS, consent: UNKNOWN_BASIS };

function hold(sql: SpoolStatements, row: NewHeldRow, next: Size): void {
  sql.insertHeld.run(row.notBefore, row.content, row.paths, row.purpose, row.consent, row.attestation);
  next.held += 1;
  next.heldBytes += heldBytesOf(row);
}

function remove(sql: SpoolStatements, lane: number, batch: BatchRow, next: Size): void {
  sql.deleteBatch.run(lane, batch.first_sequence);
  next.bytes -= batch.size;
  next.frames -= batch.count;
}

/**
 * Overwrites the oldest batches of the least priority where that is the strategy. Nothing is given up for what would not
 * fit anyway, and nothing more urgent for something less so.
 */
function makeRoom(sql: SpoolStatements, settings: SpoolSettings, lane: number, bytes: number, next: Size): boolean {
  const isTooMuch = (): boolean => next.bytes + next.heldBytes + bytes > settings.maxSize;
  if (bytes === 0 || !isTooMuch()) return true;
  if (settings.strategyOnFull === 'RejectNewData' || next.heldBytes + bytes > settings.maxSize) return false;
  const less = sql.bytesFrom.get(lane) as number;
  if (next.bytes - less + next.heldBytes + bytes > settings.maxSize) return false;
  for (let least = PRIORITIES.length - 1; least >= lane; least -= 1) {
    while (isTooMuch()) {
      const oldest = sql.oldest.get(least) as BatchRow | undefined;
      if (oldest === undefined) break;
      remove(sql, least, oldest, next);
      noteDrop(sql, least, oldest, 'spool-full');
    }
  }
  return true;
}

function expire({ sql, change }: Shared, before: Parameters<Spools['expire']>[0]): Result<number, SpoolFault> {
  let frames = 0;
  for (const [lane, priority] of PRIORITIES.entries()) {
    const moment = before[priority];
    const rows = moment === undefined ? [] : (sql.expired.all(lane, moment, EXPIRED_AT_ONCE_MAX) as BatchRow[]);
    if (rows.length === 0) continue;
    const changed = change(lane, 0, (next) => {
      for (const row of rows) {
        remove(sql, lane, row, next);
        noteDrop(sql, lane, row, 'expired');
      }
    });
    if (!changed.ok) return changed;
    frames += rows.reduce((sum, { count }) => sum + count, 0);
  }
  return ok(frames);
}

function removeUnder({ sql, change }: Shared, ended: EndedConsent): Result<number, SpoolFault> {
  const { purpose, consent = null, cause, letGo, isNews, alongside } = ended;
  let frames = 0;
  const changed = change(PRIORITIES.length - 1, 0, (next) => {
    frames = 0;
    for (const lane of PRIORITIES.keys()) {
      for (const row of sql.under.all({ lane, purpose, consent }) as BatchRow[]) {
        remove(sql, lane, row, next);
        noteDrop(sql, lane, row, cause);
        frames += row.count;
      }
    }
    for (const { size } of sql.deleteHeldUnder.all({ purpose, consent }) as { readonly size: number }[]) {
      next.held -= 1;
      next.heldBytes -= size;
      frames += 1;
    }
    alongside();
    if (isNews || frames + letGo > 0) hold(sql, statementRow(purpose, cause, frames + letGo), next);
  });
  return changed.ok ? ok(frames) : changed;
}

function noteDrop(
  sql: SpoolStatements,
  lane: number,
  { first_sequence: first, count }: BatchRow,
  why: DropCause,
): void {
  const joined = sql.extendNotice.run(count, lane, first, why).changes > 0;
  if (joined) return;
  const kept = sql.noticeCount.get(lane) as number;
  // Past the limit the nearest notice grows over the gap, down or up: it then says "at most". A consent that ends takes
  // batches from the middle, so the last notice may lie behind what is lost now.
  if (kept >= DROP_NOTICES_MAX) sql.stretchNotice.run({ first, end: first + count, lane });
  else sql.insertNotice.run(lane, first, count, why);
}

function attempt(work: () => Result<void, SpoolFault>): Result<void, SpoolFault> {
  try {
    return work();
  } catch (cause) {
    return fail(spoolUnavailable(causeText(cause)));
  }
}

/** On the partition, and in the file where batches were deleted: it keeps its size. */
function freeBytes(database: AgentDatabase): number {
  const { bavail, bsize } = statfsSync(database.name);
  return bavail * bsize + (database.pragma('freelist_count', { simple: true }) as number) * PAGE_BYTES;
}

function spoolUnavailable(cause: string): SpoolFault {
  return {
    code: 'SPOOL_UNAVAILABLE',
    problem: bilingual(`the spool cannot be written: ${cause}`, `无法写入缓存：${cause}`),
    remedy: bilingual(
      'free space on the state partition; nothing acknowledged is lost',
      '请释放状态分区空间；已确认的数据不会丢失',
    ),
    retry: 'later',
  };
}

function spoolFull(): SpoolFault {
  return {
    code: 'SPOOL_FULL',
    problem: bilingual('the spool has reached `spool.maxSize`', '缓存已达到 `spool.maxSize`'),
    remedy: bilingual('restore the uplink, or raise `spool.maxSize`', '请恢复上行链路，或调大 `spool.maxSize`'),
    retry: 'later',
  };
}
