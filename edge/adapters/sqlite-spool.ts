import { type DropNotice, decodeFrame, encodeFrame } from '../../proto/codec/telemetry-codec.ts';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import type { AppendedBatch, HeldFrame, Spool, SpooledBatch, SpoolFault, StrategyOnFull } from '../ports/spool.ts';
import type { SealedFrame } from '../stages/inspect.ts';
import type { AgentDatabase } from './sqlite-state.ts';

export interface SpoolSettings {
  /** Bytes of batches and held frames together. */
  readonly maxSize: number;
  readonly strategyOnFull: StrategyOnFull;
}

interface BatchRow {
  readonly first_sequence: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/** Drop notices kept until one is sent; neighbours are joined, so this many means as many separate losses. */
const DROP_NOTICES_MAX = 16;

export function sqliteSpool(database: AgentDatabase, settings: SpoolSettings): Spool {
  const sql = statements(database);
  const epoch = sql.meta.pluck().get('epoch') as number;
  const size = { ...(sql.totals.get() as { bytes: number; frames: number; held: number }) };

  const store = database.transaction(({ batch, released, told }: AppendedBatch) => {
    for (const id of released) size.held -= sql.deleteHeld.run(id).changes;
    sql.insertBatch.run(batch.firstSequence, batch.count, batch.bytes);
    sql.setNext.run(batch.firstSequence + batch.count);
    // A notice that grew in the meantime keeps its new length and is told again.
    for (const { firstSequence, count } of told) sql.deleteNotice.run(firstSequence, count);
  });
  const overwrite = database.transaction(() => {
    const oldest = sql.oldest.get() as BatchRow | undefined;
    if (oldest === undefined) return false;
    sql.deleteBatch.run(oldest.first_sequence);
    noteDrop(sql, oldest.first_sequence, oldest.count);
    size.bytes -= oldest.bytes.length;
    size.frames -= oldest.count;
    return true;
  });
  const makeRoom = (bytes: number): boolean => {
    while (size.bytes + bytes > settings.maxSize) {
      if (settings.strategyOnFull === 'RejectNewData' || !overwrite()) return false;
    }
    return true;
  };

  return {
    epoch,
    nextSequence: () => sql.meta.pluck().get('next-sequence') as number,
    append: (appended) =>
      attempt(() => {
        const { bytes, count } = appended.batch;
        if (!makeRoom(bytes.length)) return fail(spoolFull());
        store(appended);
        size.bytes += bytes.length;
        size.frames += count;
        return ok(undefined);
      }),
    hold: (frames) =>
      attempt(() => {
        holdAll(database, sql, frames);
        size.held += frames.length;
        return ok(undefined);
      }),
    due: (now, limit) => (sql.due.all(now, limit) as HeldRow[]).map(readHeld),
    read: (afterSequence, limit) => (sql.read.all(afterSequence, limit) as BatchRow[]).map(readBatch),
    acknowledge: (firstSequence, count) => {
      const row = sql.batchAt.get(firstSequence) as BatchRow | undefined;
      if (row === undefined || row.count !== count) return 0;
      sql.deleteBatch.run(firstSequence);
      size.bytes -= row.bytes.length;
      size.frames -= row.count;
      return row.count;
    },
    dropNotices: () => sql.notices.all() as DropNotice[],
    status: () => ({ framesWaiting: size.frames, framesHeld: size.held, bytes: size.bytes }),
    close: () => {
      database.close();
    },
  };
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
  return { id: row.id, frame: { content: content.value } as unknown as SealedFrame };
}

const readBatch = (row: BatchRow): SpooledBatch => ({
  firstSequence: row.first_sequence,
  count: row.count,
  bytes: row.bytes,
});

function holdAll(database: AgentDatabase, sql: Statements, frames: readonly SealedFrame[]): void {
  database.transaction(() => {
    for (const { content, notBefore } of frames) {
      const paths = new Map<string, number>();
      const bytes = encodeFrame(content, paths);
      sql.insertHeld.run(notBefore ?? 0, bytes, JSON.stringify([...paths.keys()]));
    }
  })();
}

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
    return fail({
      code: 'SPOOL_UNAVAILABLE',
      problem: bilingual(`the spool cannot be written: ${causeText(cause)}`, `无法写入缓存：${causeText(cause)}`),
      remedy: bilingual(
        'free space on the state partition; nothing acknowledged is lost',
        '请释放状态分区空间；已确认的数据不会丢失',
      ),
      retry: 'later',
    });
  }
}

function spoolFull(): SpoolFault {
  return {
    code: 'SPOOL_FULL',
    problem: bilingual('the spool has reached `spool.maxSize`', '缓存已达到 `spool.maxSize`'),
    remedy: bilingual('restore the uplink, or raise `spool.maxSize`', '请恢复上行链路，或调大 `spool.maxSize`'),
    retry: 'later',
  };
}

type Statements = ReturnType<typeof statements>;

// biome-ignore format: one statement a line
function statements(database: AgentDatabase) {
  const prepare = (text: string) => database.prepare(text);
  return {
    meta: prepare('SELECT value FROM meta WHERE name = ?'),
    totals: prepare('SELECT coalesce(sum(length(bytes)), 0) AS bytes, coalesce(sum(count), 0) AS frames, (SELECT count(*) FROM held) AS held FROM batch'),
    setNext: prepare("UPDATE meta SET value = ? WHERE name = 'next-sequence'"),
    insertBatch: prepare('INSERT INTO batch VALUES (?, ?, ?)'),
    deleteBatch: prepare('DELETE FROM batch WHERE first_sequence = ?'),
    batchAt: prepare('SELECT * FROM batch WHERE first_sequence = ?'),
    oldest: prepare('SELECT * FROM batch ORDER BY first_sequence LIMIT 1'),
    read: prepare('SELECT * FROM batch WHERE first_sequence > ? ORDER BY first_sequence LIMIT ?'),
    insertHeld: prepare('INSERT INTO held (not_before, content, paths) VALUES (?, ?, ?)'),
    deleteHeld: prepare('DELETE FROM held WHERE id = ?'),
    due: prepare('SELECT * FROM held WHERE not_before <= ? ORDER BY not_before LIMIT ?'),
    notices: prepare('SELECT first_sequence AS firstSequence, count, cause FROM drop_notice ORDER BY first_sequence'),
    noticeCount: prepare('SELECT count(*) FROM drop_notice'),
    deleteNotice: prepare('DELETE FROM drop_notice WHERE first_sequence = ? AND count = ?'),
    insertNotice: prepare('INSERT INTO drop_notice VALUES (?, ?, ?)'),
    extendNotice: prepare('UPDATE drop_notice SET count = count + ? WHERE first_sequence + count = ?'),
    stretchNotice: prepare('UPDATE drop_notice SET count = ? - first_sequence WHERE first_sequence = (SELECT max(first_sequence) FROM drop_notice)'),
  };
}
