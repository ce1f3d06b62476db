import { bilingual, type Fault } from '../../proto/words/fault.ts';

export type DatabaseFault = Fault<
  | 'DATABASE_NOT_USABLE'
  | 'DATABASE_NOT_CLAIMED'
  | 'DATABASE_OTHER_INSTALLATION'
  | 'DATABASE_MOVE_UNFINISHED'
  | 'DATABASE_WITHOUT_MOVE'
  | 'STORE_FILES_NOT_MOVED'
  | 'MOVE_NO_DATABASE'
  | 'MOVE_INTO_USED'
  | 'MOVE_FAILED'
>;

type Row = readonly [en: string, zh: string, remedyEn: string, remedyZh: string];

// biome-ignore format: one fault a line
const TEXT: Readonly<Record<DatabaseFault['code'], Row>> = {
  DATABASE_NOT_USABLE: ['the database cannot be used', '无法使用数据库', 'check `stores.database`, the server and the network to it; docs/postgres.md says what the server has to be', '请检查 `stores.database`、数据库服务器及其网络；对服务器的要求见 docs/postgres.md'],
  DATABASE_NOT_CLAIMED: ['the database is no installation\'s yet', '数据库尚未归属任何部署', 'run `tongguan cloud --initialise` once', '请运行一次 `tongguan cloud --initialise`'],
  DATABASE_OTHER_INSTALLATION: ['the database belongs to an installation with other logs', '数据库属于使用其他日志的部署', 'check `database` and `schema` of `stores.database`, and `log`; each installation has a schema of its own', '请检查 `stores.database` 的 `database` 与 `schema` 以及 `log`；每个部署使用独立的 schema'],
  DATABASE_MOVE_UNFINISHED: ['stores were copied into the database, and the copy never took their place', '存储已复制到数据库，但尚未完成切换', 'run `tongguan migrate sqlite-to-postgres` again where the files are', '请在文件所在处再次运行 `tongguan migrate sqlite-to-postgres`'],
  DATABASE_WITHOUT_MOVE: ['the database does not hold what was moved out of `stores.directory`', '数据库中没有从 `stores.directory` 迁出的存储', 'configure the database that it was moved to, or restore that one', '请配置当初迁入的数据库，或恢复该数据库'],
  STORE_FILES_NOT_MOVED: ['`stores.database.kind` is `postgres`, and a file of `stores.directory` was not moved: what is in it would not count', '`stores.database.kind` 为 `postgres`，但 `stores.directory` 中仍有未迁移的文件：其内容不会计入', 'run `tongguan migrate sqlite-to-postgres`, or set `kind: sqlite` again', '请运行 `tongguan migrate sqlite-to-postgres`，或恢复 `kind: sqlite`'],
  MOVE_NO_DATABASE: ['there is no database to move stores into', '未配置要迁入的数据库', 'write `stores.database` with `kind: postgres` into `cloud.yaml` first; the cloud does not start over it before the move', '请先在 `cloud.yaml` 中写入 `kind: postgres` 的 `stores.database`；迁移完成前云端不会以其启动'],
  MOVE_INTO_USED: ['tables of the database hold rows already, and not those of a move that was cut short', '数据库表中已有数据，且并非来自中断的迁移', 'name an empty `schema`; nothing is written over', '请指定空的 `schema`；不会覆盖任何数据'],
  MOVE_FAILED: ['the stores were not moved', '存储未迁移', 'do what is said before, and run it again; until it says that it is done, the files are what counts', '请按上述说明处理后再次运行；在显示完成之前，以文件为准'],
};

/** @param detail - says no more than names of files, databases and logs, or what a server answered */
export function databaseFault(code: DatabaseFault['code'], detail?: string): DatabaseFault {
  const [en, zh, remedyEn, remedyZh] = TEXT[code];
  const problem = detail === undefined ? bilingual(en, zh) : bilingual(`${en}: ${detail}`, `${zh}：${detail}`);
  const retry = code === 'DATABASE_NOT_USABLE' ? 'later' : 'after-remedy';
  return { code, problem, remedy: bilingual(remedyEn, remedyZh), retry };
}
