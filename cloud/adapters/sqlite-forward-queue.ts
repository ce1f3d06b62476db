import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ForwardQueue, WaitingFrame } from '../ports/forward-queue.ts';
import { openSealedDatabase } from './open-database.ts';

/** Frames that may wait for one destination: a quarter of an hour of a thousand a second, or three hours of a thousand vehicles. */
export const WAITING_FRAMES_MAX = 1_000_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL, sealed BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS waiting_by_destination ON waiting (destination, id);
`;

export interface ForwardQueues {
  readonly of: (destination: string) => ForwardQueue;
  readonly close: () => void;
}

interface Row {
  readonly id: number;
  readonly sealed: Uint8Array;
}

/**
 * Frames hold positions, so each lies there sealed under a key that is derived from the processor's, and what was forwarded
 * is overwritten.
 *
 * @param limit - of frames for one destination
 */
export function sqliteForwardQueues(file: string, processorKey: Uint8Array, limit = WAITING_FRAMES_MAX): ForwardQueues {
  const database = openSealedDatabase(file, SCHEMA);
  const key = Buffer.from(hkdfSync('sha256', processorKey, '', 'forward queue', KEY_BYTES));
  const insert = database.prepare('INSERT INTO waiting (destination, sealed) VALUES (?, ?)');
  const next = database.prepare('SELECT id, sealed FROM waiting WHERE destination = ? AND id > ? ORDER BY id LIMIT ?');
  const newest = database.prepare('SELECT coalesce(max(id), 0) FROM waiting WHERE destination = ?').pluck();
  const remove = database.prepare('DELETE FROM waiting WHERE id = ?');
  const count = database.prepare('SELECT count(*) FROM waiting WHERE destination = ?').pluck();
  const oldest = database.prepare(
    'DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE destination = ? ORDER BY id LIMIT ?)',
  );
  return {
    of: (destination) => {
      let held = count.get(destination) as number;
      const addAll = database.transaction((frames: readonly Uint8Array[]): number => {
        for (const frame of frames) insert.run(destination, seal(key, frame));
        const over = Math.max(0, held + frames.length - limit);
        return over === 0 ? 0 : oldest.run(destination, over).changes;
      });
      return {
        add: (frames) => {
          const dropped = addAll(frames);
          held += frames.length - dropped;
          return dropped;
        },
        after: (id, most) =>
          (next.all(destination, id, most) as Row[]).map(
            (row): WaitingFrame => ({ id: row.id, octets: opened(key, row.sealed) }),
          ),
        newest: () => newest.get(destination) as number,
        remove: (id) => {
          held -= remove.run(id).changes;
        },
        count: () => held,
      };
    },
    close: () => database.close(),
  };
}

function seal(key: Buffer, frame: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(frame), cipher.final(), cipher.getAuthTag()]);
}

/** @returns nothing for a row that was changed: it is no frame, and is not forwarded */
function opened(key: Buffer, sealed: Uint8Array): Buffer {
  try {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return Buffer.alloc(0);
  }
}
