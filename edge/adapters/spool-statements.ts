import { type AgentDatabase, UNKNOWN_BASIS } from './sqlite-state.ts';

/** `length` of a text counts characters. */
const HELD_BYTES =
  'length(content) + length(CAST(paths AS BLOB)) + length(CAST(purpose || consent || attestation AS BLOB))';

/** What rests on a consent to a purpose: on a named one, or on any, and then also whatever rests on nobody knows what. */
const GOES = `((purpose = @purpose AND consent <> '' AND (@consent IS NULL OR consent = @consent))
  OR (@consent IS NULL AND consent = '${UNKNOWN_BASIS}'))`;

export type SpoolStatements = ReturnType<typeof spoolStatements>;

/** Everything that is asked of the spool's tables. A lane is the number of a priority, 0 the most urgent. */
// biome-ignore format: one statement a line
export function spoolStatements(database: AgentDatabase) {
  const prepare = (text: string) => database.prepare(text);
  return {
    lane: prepare('SELECT epoch, next_sequence AS nextSequence FROM lane WHERE lane = ?'),
    totals: prepare(`SELECT coalesce(sum(length(bytes)), 0) AS bytes, coalesce(sum(count), 0) AS frames, (SELECT count(*) FROM held) AS held,
      (SELECT coalesce(sum(${HELD_BYTES}), 0) FROM held) AS heldBytes FROM batch`),
    waiting: prepare('SELECT coalesce(sum(length(bytes)), 0) AS bytes, min(sealed_at) AS oldestAt FROM batch WHERE lane = ?'),
    setNext: prepare('UPDATE lane SET next_sequence = ? WHERE lane = ?'),
    insertBatch: prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?)'),
    deleteBatch: prepare('DELETE FROM batch WHERE lane = ? AND first_sequence = ?'),
    batchAt: prepare('SELECT first_sequence, count, length(bytes) AS size FROM batch WHERE lane = ? AND first_sequence = ?'),
    oldest: prepare('SELECT first_sequence, count, length(bytes) AS size FROM batch WHERE lane = ? ORDER BY first_sequence LIMIT 1'),
    bytesFrom: prepare('SELECT coalesce(sum(length(bytes)), 0) FROM batch WHERE lane >= ?').pluck(),
    expired: prepare('SELECT first_sequence, count, length(bytes) AS size FROM batch WHERE lane = ? AND sealed_at < ? ORDER BY first_sequence LIMIT ?'),
    read: prepare('SELECT first_sequence, count, bytes FROM batch WHERE lane = ? AND first_sequence > ? ORDER BY first_sequence LIMIT ?'),
    readUnder: prepare(`SELECT first_sequence, count, bytes FROM batch WHERE lane = ? AND first_sequence > ?
      AND (consent IN ('', '${UNKNOWN_BASIS}') OR consent IN (SELECT value FROM json_each(?))) ORDER BY first_sequence LIMIT ?`),
    under: prepare(`SELECT first_sequence, count, length(bytes) AS size FROM batch WHERE lane = @lane AND ${GOES} ORDER BY first_sequence`),
    deleteHeldUnder: prepare(`DELETE FROM held WHERE ${GOES} RETURNING ${HELD_BYTES} AS size`),
    consents: prepare(`SELECT purpose, consent FROM batch WHERE consent <> '' AND consent <> '${UNKNOWN_BASIS}'
      UNION SELECT purpose, consent FROM held WHERE consent <> '' AND consent <> '${UNKNOWN_BASIS}'`),
    insertHeld: prepare('INSERT INTO held (not_before, content, paths, purpose, consent, attestation) VALUES (?, ?, ?, ?, ?, ?)'),
    deleteHeld: prepare(`DELETE FROM held WHERE id = ? RETURNING ${HELD_BYTES} AS size`),
    due: prepare('SELECT * FROM held WHERE not_before <= ? ORDER BY not_before LIMIT ?'),
    notices: prepare(`SELECT first_sequence AS firstSequence, count, cause FROM drop_notice AS notice WHERE lane = ?
      AND (told_count IS NOT count OR NOT EXISTS (SELECT 1 FROM batch WHERE lane = notice.lane AND first_sequence = notice.told_with))
      ORDER BY first_sequence`),
    noticeCount: prepare('SELECT count(*) FROM drop_notice WHERE lane = ?').pluck(),
    tellNotice: prepare('UPDATE drop_notice SET told_with = @told, told_count = @count WHERE lane = @lane AND first_sequence = @first'),
    deleteTold: prepare('DELETE FROM drop_notice WHERE lane = ? AND told_with = ? AND told_count = count'),
    insertNotice: prepare('INSERT INTO drop_notice VALUES (?, ?, ?, ?, NULL, NULL)'),
    extendNotice: prepare('UPDATE drop_notice SET count = count + ? WHERE lane = ? AND first_sequence + count = ? AND cause = ?'),
    stretchNotice: prepare(`UPDATE drop_notice SET first_sequence = min(first_sequence, @first), count = max(first_sequence + count, @end) - min(first_sequence, @first)
      WHERE lane = @lane AND first_sequence = (SELECT first_sequence FROM drop_notice WHERE lane = @lane
        ORDER BY max(first_sequence - @end, @first - first_sequence - count), first_sequence LIMIT 1)`),
  };
}
