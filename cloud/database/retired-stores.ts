import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { renameDurably, replaceDurably } from '../adapters/durable-files.ts';

/** Beside the files it speaks of. From the moment it is there, a database has what they hold, and nobody writes them. */
export const RETIRED_FILE = 'retired.json';

/** What is told of a store that was moved; it names nothing of what is stored. */
const Store = z.strictObject({
  store: z.string().max(64),
  file: z.string().regex(/^[a-z-]+\.sqlite$/),
  rows: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const Retired = z.strictObject({
  retired: z.literal(1),
  moves: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[0-9a-f]{32}$/),
        database: z.string().max(1_024),
        stores: z.array(Store).max(64),
      }),
    )
    .max(64),
});

export type RetiredMove = z.infer<typeof Retired>['moves'][number];

/** @throws Error when the mark is there and cannot be read: then nobody knows who has the stores */
export function retiredMoves(directory: string): readonly RetiredMove[] {
  const file = join(directory, RETIRED_FILE);
  return existsSync(file) ? Retired.parse(JSON.parse(readFileSync(file, 'utf8'))).moves : [];
}

/** Durable, whole or not at all, once it returns. @throws the system's error */
export function retire(directory: string, move: RetiredMove): void {
  const moves = [...retiredMoves(directory), move];
  replaceDurably(join(directory, RETIRED_FILE), Buffer.from(JSON.stringify({ retired: 1, moves }, null, 2)));
}

/** Gives the files of a move names under which no store looks for them, once: what comes back later is no part of it. */
export function setAside(directory: string, { stores }: RetiredMove): void {
  for (const { file } of stores) {
    if (existsSync(join(directory, `${file}.retired`))) continue;
    for (const name of [`${file}-wal`, `${file}-shm`, file])
      if (existsSync(join(directory, name))) renameDurably(join(directory, name), join(directory, `${name}.retired`));
  }
}

export const storesMoved = ({ database }: Pick<RetiredMove, 'database'>): Fault<'STORES_MOVED'> => ({
  code: 'STORES_MOVED',
  problem: bilingual(
    `stores of this directory were moved to ${database}, and their files are not written any more`,
    `本目录的存储已迁移到 ${database}，原文件不再写入`,
  ),
  remedy: bilingual(
    `configure that database in \`stores.database\`; what was counted since is in no file (docs/postgres.md)`,
    '请在 `stores.database` 中配置该数据库；此后的计数不在任何文件中（见 docs/postgres.md）',
  ),
  retry: 'after-remedy',
});
