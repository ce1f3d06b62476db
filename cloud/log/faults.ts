import { type Bilingual, bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';

export type LogFault = Fault<
  'LOG_UNAVAILABLE' | 'LOG_CORRUPT' | 'LOG_MISSING' | 'LOG_EXISTS' | 'LOG_LIMIT' | 'LOG_NO_ENTRY'
>;

/** What is wrong with the files of a log; each was either broken by the disk or changed by somebody. */
export type Damage = keyof typeof DAMAGES;

/** Which limit an append would break. */
export type EntryLimit = keyof typeof LIMITS;

/** The disk did not take, keep or give the bytes. Nothing of the call was acknowledged. */
export function logUnavailable(directory: string, cause: unknown): LogFault {
  const why = causeText(cause);
  return {
    code: 'LOG_UNAVAILABLE',
    problem: bilingual(
      `the log in \`${directory}\` cannot be written or read: ${why}`,
      `日志目录 \`${directory}\` 无法写入或读取：${why}`,
    ),
    remedy: bilingual(
      'free space on its disk or restore access to it, then try again; send nothing until the log has taken the entry',
      '释放磁盘空间或恢复访问权限后重试；日志写入成功之前不得发送任何数据',
    ),
    retry: 'after-remedy',
  };
}

/**
 * The files do not hold what the signed tree head says.
 *
 * @param entry - index of the entry, from 0, where the damage has a place
 */
export function logCorrupt(directory: string, damage: Damage, entry?: number): LogFault {
  const what = DAMAGES[damage];
  const at = entry === undefined ? bilingual('', '') : bilingual(` (entry \`${entry}\`)`, `（第 \`${entry}\` 条）`);
  return {
    code: 'LOG_CORRUPT',
    problem: bilingual(
      `the log in \`${directory}\` is damaged: ${what.en}${at.en}`,
      `日志目录 \`${directory}\` 已损坏：${what.zh}${at.zh}`,
    ),
    remedy: bilingual(
      'stop its writer, keep a copy of the directory as evidence, find out who changed it, and restore both files from one backup',
      '停止写入进程，保留该目录副本作为证据，查明改动来源，再从同一备份恢复两个文件',
    ),
    retry: 'after-remedy',
  };
}

/** No log has been created there. */
export function logMissing(directory: string): LogFault {
  return {
    code: 'LOG_MISSING',
    problem: bilingual(`there is no log in \`${directory}\``, `目录 \`${directory}\` 中没有日志`),
    remedy: bilingual(
      'correct the path, or create the log if this is its first start',
      '更正路径；若为首次启动，请先创建日志',
    ),
    retry: 'after-remedy',
  };
}

/** A log is begun in an empty place only. */
export function logExists(directory: string): LogFault {
  return {
    code: 'LOG_EXISTS',
    problem: bilingual(
      `\`${directory}\` is not empty, so no log is created in it`,
      `目录 \`${directory}\` 不为空，未在其中创建日志`,
    ),
    remedy: bilingual('open the log that is there, or name an empty directory', '打开已有的日志，或指定一个空目录'),
    retry: 'after-remedy',
  };
}

export function logLimit(limit: EntryLimit): LogFault {
  const what = LIMITS[limit];
  return {
    code: 'LOG_LIMIT',
    problem: bilingual(`the log does not take this: ${what.en}`, `日志不接受该内容：${what.zh}`),
    remedy: bilingual('split the append, or shorten the document', '拆分写入，或缩短文档'),
    retry: 'never',
  };
}

export function logNoEntry(index: number, size: number): LogFault {
  return {
    code: 'LOG_NO_ENTRY',
    problem: bilingual(
      `the log has \`${size}\` entries and none at \`${index}\``,
      `日志共 \`${size}\` 条，没有第 \`${index}\` 条`,
    ),
    remedy: bilingual('ask for an index from 0 up to the size of the tree head', '请使用 0 至树头大小之间的序号'),
    retry: 'never',
  };
}

/** Runs work on the files of a log. A failed system call becomes a fault; a bug goes on being thrown. */
export function attempt<T, F>(directory: string, work: () => Result<T, F>): Result<T, F | LogFault> {
  try {
    return work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return fail(logUnavailable(directory, cause));
  }
}

/** Only errors of the system and of Node's permission model carry a code. */
function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}

const DAMAGES = {
  'checkpoint-absent': bilingual('entries are there and the signed tree head is gone', '有条目但缺少已签名的树头'),
  'checkpoint-form': bilingual('the tree head is not a C2SP checkpoint', '树头不符合 C2SP checkpoint 格式'),
  'checkpoint-signature': bilingual(
    "the tree head is not signed by this log's key under this log's name",
    '树头不是由本日志的密钥以本日志名称签署',
  ),
  'checkpoint-origin': bilingual('the tree head belongs to another log', '树头属于另一个日志'),
  'entries-absent': bilingual('the signed tree head is there and the entries are gone', '有已签名的树头但缺少条目'),
  'entries-short': bilingual('it ends before the signed size', '条目数少于已签名的数量'),
  'entry-framing': bilingual('the length of an entry is impossible', '条目长度不合法'),
  'entry-content': bilingual('an entry is not a log leaf with a canonical document', '条目不是规范的日志叶'),
  'root-differs': bilingual(
    'the entries do not give the signed root: one was changed, moved, added or removed',
    '条目与已签名的根不一致：有条目被修改、移动、增加或删除',
  ),
  'tile-differs': bilingual(
    'the entries around it do not give the root of their tile: one was changed',
    '所在分块的条目与分块根不一致：有条目被修改',
  ),
  'head-lost': bilingual(
    'it is shorter than a tree head kept elsewhere: its end is lost, or it was put back to an earlier state',
    '短于另行保存的树头：末尾已丢失，或日志被恢复到较早的状态',
  ),
  'head-forked': bilingual(
    'it does not begin with what a tree head kept elsewhere covers: its past was rewritten',
    '与另行保存的树头所覆盖的内容不一致：历史已被改写',
  ),
  'tail-unexplained': bilingual(
    'more follows the signed entries than one interrupted append can leave',
    '已签名条目之后的内容超出一次写入中断所能留下的范围',
  ),
  'checksum-differs': bilingual(
    'a file of the bundle is not as its checksum says, is missing, or has none',
    '日志包中有文件与校验和不符、缺失或没有校验和',
  ),
  'lines-differ': bilingual(
    'the lines of the bundle do not say what its entries say',
    '日志包中的文本行与条目内容不一致',
  ),
  'changed-outside': bilingual(
    'somebody else wrote, moved or replaced its files while it was open',
    '打开期间文件被其他程序写入、移动或替换',
  ),
} satisfies Readonly<Record<string, Bilingual>>;

const LIMITS = {
  entries: bilingual('too many entries in one append', '一次写入的条目过多'),
  bytes: bilingual('too many bytes in one append', '一次写入的字节过多'),
  kind: bilingual('the kind is empty or too long', '类型为空或过长'),
  transferId: bilingual('the transfer id is too long', '出境编号过长'),
  actor: bilingual('the actor is empty or too long', '操作者为空或过长'),
  document: bilingual('the document is not an object, or is too long', '文档不是对象或过长'),
} satisfies Readonly<Record<string, Bilingual>>;
