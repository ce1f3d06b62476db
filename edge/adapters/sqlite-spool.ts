import { statfsSync } from 'node:fs';
import { type DropNotice, decodeFrame, encodeFrame } from '../../proto/codec/telemetry-codec.ts';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { AppendedBatch, HeldFrame, Spool, SpooledBatch, SpoolFault, StrategyOnFull } from '../ports/spool.ts';
import type { SealedFrame } from '../stages/inspect.ts';
import { type AgentDatabase, LOG_BYTES_MAX, PAGE_BYTES } from './sqlite-state.ts';

export interface SpoolSettings {
  /** Bytes of batches and held frames together. */
  readonly maxSize: number;
  readonly strategyOnFull: StrategyOnFull;
}

interface BatchRow {
  readonly first_sequence: number;
  readonly count: number;
  readonly size: number;
  readonly bytes: Buffer;
}

/** Drop notices kept until one is sent; neighbours are joined, so this many means as many separate losses. */
const DROP_NOTICES_MAX = 16;

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

export function sqliteSpool(database: AgentDatabase, settings: SpoolSettings): Spool {
  const sql = statements(database);
  const epoch = sql.meta.pluck().get('epoch') as number;
  const size = sql.totals.get() as Size;

  /** All or nothing, in the file and in `size`. */
  const change = (bytes: number, work: (next: Size) => void): Result<void, SpoolFault> => {
    const next = { ...size };
    const changed = attempt(
      database.transaction(() => {
        if (bytes > 0 && freeBytes(database) < RESERVE_BYTES)
          return fail(spoolUnavailable('the partition is nearly full'));
        if (!makeRoom(sql, settings, bytes, next)) return fail(spoolFull());
        work(next);
        return ok(undefined);
      }),
    );
    if (changed.ok) Object.assign(size, next);
    return changed;
  };

  return {
    epoch,
    nextSequence: () => sql.meta.pluck().get('next-sequence') as number,
    append: (appended) => change(appended.batch.bytes.length, (next) => store(sql, appended, next)),
    hold: (frames) => {
      const rows = frames.map(heldRowOf);
      const bytes = rows.reduce((sum, row) => sum + heldBytesOf(row), 0);
      return change(bytes, (next) => {
        for (const { notBefore, content, paths } of rows) sql.insertHeld.run(notBefore, content, paths);
        next.held += rows.length;
        next.heldBytes += bytes;
      });
    },
    due: (now, limit) => (sql.due.all(now, limit) as HeldRow[]).map(readHeld),
    read: (afterSequence, limit) => (sql.read.all(afterSequence, limit) as BatchRow[]).map(readBatch),
    acknowledge: (firstSequence, count) => {
      const row = sql.batchAt.get(firstSequence) as BatchRow | undefined;
      if (row === undefined || row.count !== count) return 0;
      const deleted = change(0, (next) => {
        sql.deleteBatch.run(firstSequence);
        next.bytes -= row.size;
        next.frames -= row.count;
      });
      return deleted.ok ? row.count : 0;
    },
    dropNotices: () => sql.notices.all() as DropNotice[],
    status: () => ({ framesWaiting: size.frames, framesHeld: size.held, bytes: size.bytes + size.heldBytes }),
    close: () => {
      database.close();
    },
  };
}

function store(sql: Statements, { batch, released, told }: AppendedBatch, next: Size): void {
  for (const id of released) {
    const freed = sql.deleteHeld.get(id) as { readonly size: number } | undefined;
    if (freed === undefined) continue;
    next.held -= 1;
    next.heldBytes -= freed.size;
  }
  sql.insertBatch.run(batch.firstSequence, batch.count, batch.bytes);
  sql.setNext.run(batch.firstSequence + batch.count);
  next.bytes += batch.bytes.length;
  next.frames += batch.count;
  // A notice that grew in the meantime keeps its new length and is told again.
  for (const { firstSequence, count } of told) sql.deleteNotice.run(firstSequence, count);
}

/** Overwrites oldest batches where that is the strategy; nothing is given up for what would not fit anyway. */
function makeRoom(sql: Statements, settings: SpoolSettings, bytes: number, next: Size): boolean {
  if (bytes === 0 || next.bytes + next.heldBytes + bytes <= settings.maxSize) return true;
  if (settings.strategyOnFull === 'RejectNewData' || next.heldBytes + bytes > settings.maxSize) return false;
  while (next.bytes + next.heldBytes + bytes > settings.maxSize) {
    const oldest = sql.oldest.get() as Omit<BatchRow, 'bytes'>;
    sql.deleteBatch.run(oldest.first_sequence);
    noteDrop(sql, oldest.first_sequence, oldest.count);
    next.bytes -= oldest.size;
    next.frames -= oldest.count;
  }
  return true;
}

interface HeldRow {
  readonly id: number;
  readonly not_before: number;
  readonly content: Buffer;
  readonly paths: string;
}

function readHeld(row: HeldRow): HeldFrame {
  const content = decodeFrame(row.content, JSON.parse(row.paths) as string[]);
  assert(content.ok, 'what the spool wrote it can read');
  // It was a sealed frame when it was held; `inspect` made it, and this file only this process writes.
  return { id: row.id, frame: { content: content.value, notBefore: row.not_before } as unknown as SealedFrame };
}

const readBatch = (row: BatchRow): SpooledBatch => ({
  firstSequence: row.first_sequence,
  count: row.count,
  bytes: row.bytes,
});

interface NewHeldRow {
  readonly notBefore: number;
  readonly content: Uint8Array;
  readonly paths: string;
}

function heldRowOf({ content, notBefore }: SealedFrame): NewHeldRow {
  const paths = new Map<string, number>();
  const bytes = encodeFrame(content, paths);
  return { notBefore: notBefore ?? 0, content: bytes, paths: JSON.stringify([...paths.keys()]) };
}

const heldBytesOf = ({ content, paths }: NewHeldRow): number => content.length + Buffer.byteLength(paths);

function noteDrop(sql: Statements, firstSequence: number, count: number): void {
  const joined = sql.extendNotice.run(count, firstSequence).changes > 0;
  if (joined) return;
  const kept = sql.noticeCount.pluck().get() as number;
  // Past the limit the last notice grows over the gap: it then says "at least".
  if (kept >= DROP_NOTICES_MAX) sql.stretchNotice.run(firstSequence + count);
  else sql.insertNotice.run(firstSequence, count, 'spool-full');
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

/** `length` of a text counts characters. */
const HELD_BYTES = 'length(content) + length(CAST(paths AS BLOB))';

type Statements = ReturnType<typeof statements>;

// biome-ignore format: one statement a line
function statements(database: AgentDatabase) {
  const prepare = (text: string) => database.prepare(text);
  return {
    meta: prepare('SELECT value FROM meta WHERE name = ?'),
    totals: prepare(`SELECT coalesce(sum(length(bytes)), 0) AS bytes, coalesce(sum(count), 0) AS frames, (SELECT count(*) FROM held) AS held,
      (SELECT coalesce(sum(${HELD_BYTES}), 0) FROM held) AS heldBytes FROM batch`),
    setNext: prepare("UPDATE meta SET value = ? WHERE name = 'next-sequence'"),
    insertBatch: prepare('INSERT INTO batch VALUES (?, ?, ?)'),
    deleteBatch: prepare('DELETE FROM batch WHERE first_sequence = ?'),
    batchAt: prepare('SELECT first_sequence, count, length(bytes) AS size FROM batch WHERE first_sequence = ?'),
    oldest: prepare('SELECT first_sequence, count, length(bytes) AS size FROM batch ORDER BY first_sequence LIMIT 1'),
    read: prepare('SELECT * FROM batch WHERE first_sequence > ? ORDER BY first_sequence LIMIT ?'),
    insertHeld: prepare('INSERT INTO held (not_before, content, paths) VALUES (?, ?, ?)'),
    deleteHeld: prepare(`DELETE FROM held WHERE id = ? RETURNING ${HELD_BYTES} AS size`),
    due: prepare('SELECT * FROM held WHERE not_before <= ? ORDER BY not_before LIMIT ?'),
    notices: prepare('SELECT first_sequence AS firstSequence, count, cause FROM drop_notice ORDER BY first_sequence'),
    noticeCount: prepare('SELECT count(*) FROM drop_notice'),
    deleteNotice: prepare('DELETE FROM drop_notice WHERE first_sequence = ? AND count = ?'),
    insertNotice: prepare('INSERT INTO drop_notice VALUES (?, ?, ?)'),
    extendNotice: prepare('UPDATE drop_notice SET count = count + ? WHERE first_sequence + count = ?'),
    stretchNotice: prepare('UPDATE drop_notice SET count = ? - first_sequence WHERE first_sequence = (SELECT max(first_sequence) FROM drop_notice)'),
  };
}
