import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { replaceDurably } from '../adapters/durable-files.ts';
import type { LeaderStanding } from '../adapters/sql/leader-record.ts';
import type { CloudConfig } from '../config/config.ts';

/**
 * Beside each part of the files that are not in the database. It has the mark that the database had, and the one that it was about to get: after a
 * crash between the two either may stand there.
 */
export const FILES_MARK = 'database-mark.json';

const Mark = z.strictObject({
  mark: z.literal(1),
  marks: z.tuple([z.string().max(32), z.string().max(32)]),
  /** When it was written the database was there. */
  term: z.int().nonnegative(),
});
export type FilesMark = z.infer<typeof Mark>;

/** What of the configuration says where the files are. */
export type FilesOf = LoadedConfig<Pick<CloudConfig, 'stores' | 'log' | 'zones'>>;

/** Directories that go together: stores, logs, key vaults. */
export function markedDirectories({ config, path }: FilesOf): readonly string[] {
  return [...new Set([config.stores.directory, config.log.directory, config.zones.vaults].map(path))];
}

/** @throws Error when a mark is there and cannot be read: then nobody knows what the files are of */
export function readMark(directory: string): FilesMark | undefined {
  const file = join(directory, FILES_MARK);
  return existsSync(file) ? Mark.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Durable in all of them once it returns. @throws the system's error */
export function writeMarks(directories: readonly string[], { marks, term }: Omit<FilesMark, 'mark'>): void {
  const bytes = Buffer.from(JSON.stringify({ mark: 1, marks, term }));
  for (const directory of directories) replaceDurably(join(directory, FILES_MARK), bytes);
}

/**
 * Whether the files are those that the database goes with, and as new.
 *
 * @param directories - all have to be
 * @returns the fault of the first that is not
 */
export function checkMarks(
  directories: readonly string[],
  { mark, term, host }: LeaderStanding,
): Fault<'FILES_NOT_OF_DATABASE'> | undefined {
  const found = directories.map((directory) => ({ directory, own: readMark(directory) }));
  // Before anybody led over it, a database goes with files that went with none.
  if (mark === '' && found.every(({ own }) => own === undefined)) return undefined;
  const other = found.find(({ own }) => own === undefined || !own.marks.includes(mark));
  return other && notOfDatabase({ directory: other.directory, own: other.own?.term, term, host });
}

function notOfDatabase(seen: {
  readonly directory: string;
  readonly own: number | undefined;
  readonly term: number;
  readonly host: string;
}): Fault<'FILES_NOT_OF_DATABASE'> {
  const { directory, own, term, host } = seen;
  const [en, zh] =
    own === undefined
      ? ['have never been led with it', '从未与其配套使用']
      : [`were with it last in term ${own}`, `最后与其配套时为第 ${own} 任期`];
  return {
    code: 'FILES_NOT_OF_DATABASE',
    problem: bilingual(
      `the files in \`${directory}\` ${en}, and the database is in term ${term}, led last on \`${host}\`: zones, keys, devices or logs would be others or older than what was counted`,
      `\`${directory}\` 中的文件${zh}，而数据库处于第 ${term} 任期，最后的主进程在 \`${host}\` 上：数据区、密钥、设备或日志会与已计数的内容不符或更旧`,
    ),
    remedy: bilingual(
      'start it where those files are, or bring their newest state here; where they are lost for good, `tongguan migrate files` has the database go on with these (docs/postgres.md)',
      '请在这些文件所在的机器上启动，或将其最新状态移到此处；如确已丢失，可用 `tongguan migrate files` 让数据库改用当前文件（见 docs/postgres.md）',
    ),
    retry: 'after-remedy',
  };
}
