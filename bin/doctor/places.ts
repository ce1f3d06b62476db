import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { openCheckpoint } from '../../cloud/log/checkpoint.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { unreadable } from './files.ts';
import { type Finding, good, ill } from './finding.ts';
import type { KeyFile, LogPlace, Subjects } from './subjects.ts';

const FREE_BYTES_MIN = 1_073_741_824;
const FREE_SHARE_MIN = 0.05;

/** A directory, or the one that a file is in, and the space on its disk. */
export function checkDirectory({ key, file }: KeyFile): readonly Finding[] {
  try {
    const directory = statSync(file).isDirectory() ? file : dirname(file);
    const { bavail, blocks, bsize } = statfsSync(directory);
    const free = bavail * bsize;
    const says = bilingual(`${gibibytes(free)} GiB free`, `可用空间 ${gibibytes(free)} GiB`);
    const isEnough = free >= FREE_BYTES_MIN && bavail / Math.max(blocks, 1) >= FREE_SHARE_MIN;
    const there = good('directory', key, bilingual('is there', '存在'));
    if (isEnough) return [there, good('disk', key, says)];
    const remedy = bilingual(
      'free space: where a store or a log cannot be written nothing is acknowledged and nothing goes abroad',
      '请释放空间：存储或日志无法写入时，数据不予确认，也不出境',
    );
    return [there, ill(free === 0 ? 'bad' : 'warning', 'disk', key, says, remedy)];
  } catch (cause) {
    return [unreadable('directory', key, cause)];
  }
}

/** The signed head of a log: whether it is there, and of this key. What it says of the entries `log verify` checks. */
export function checkLog({ directory, origin, keyFile }: LogPlace): Finding {
  try {
    const publicKey = createPublicKey(readFileSync(keyFile));
    const head = openCheckpoint(readFileSync(join(directory, 'checkpoint')), { origin, publicKey });
    if (head.ok)
      return good(
        'log-head',
        origin,
        bilingual(`${head.value.size} entries, signed`, `${head.value.size} 条，签名有效`),
      );
    const says = bilingual(`its head does not hold: ${head.fault}`, `日志头校验失败：${head.fault}`);
    return ill('bad', 'log-head', origin, says, VERIFY);
  } catch (cause) {
    return unreadable('log-head', origin, cause);
  }
}

const VERIFY = bilingual(
  'name key and origin that the log was begun with; run `tongguan log verify`, and restore a backup if it finds damage',
  '请使用创建日志时的密钥和名称；运行 `tongguan log verify`，如有损坏请从备份恢复',
);

const CAPTURE_WARNS_AT = 0.8;
/** Files of captures that are counted; more are taken for too many to say. */
const CAPTURE_FILES_MAX = 200_000;

export function checkCaptures({ directory, bytesMax }: NonNullable<Subjects['captures']>): Finding {
  try {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const counted = files.slice(0, CAPTURE_FILES_MAX);
    const used = counted.reduce((total, { parentPath, name }) => total + statSync(join(parentPath, name)).size, 0);
    const says = bilingual(
      `${gibibytes(used)} of ${gibibytes(bytesMax)} GiB used`,
      `已用 ${gibibytes(used)} / ${gibibytes(bytesMax)} GiB`,
    );
    if (counted.length === files.length && used < CAPTURE_WARNS_AT * bytesMax) return good('capture-space', '', says);
    const remedy = bilingual(
      'raise `capture.bytesMax`, or move captures that were kept long enough: without room nothing is sent',
      '请提高 `capture.bytesMax`，或移走已满保存期限的留存数据：空间用尽时停止出境',
    );
    return ill(used >= bytesMax ? 'bad' : 'warning', 'capture-space', '', says, remedy);
  } catch (cause) {
    return unreadable('capture-space', '', cause);
  }
}

/** Whether a port can be listened on; one that the role itself holds is told as taken, which it has to be. */
export function checkPort({ key, host, port }: Subjects['listens'][number], isRunning: boolean): Promise<Finding> {
  const about = `${key} ${port}`;
  if (port === 0) return Promise.resolve(good('port', key, bilingual('any free one', '任意空闲端口')));
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (isRunning && code === 'EADDRINUSE')
        resolve(good('port', about, bilingual('held by the running role', '由运行中的进程占用')));
      else
        resolve(
          ill('bad', 'port', about, bilingual(`cannot be listened on: ${code}`, `无法监听：${code}`), OTHER_PORT),
        );
    });
    server.listen({ host, port, exclusive: true }, () =>
      server.close(() => resolve(good('port', about, bilingual('free', '空闲')))),
    );
  });
}

const OTHER_PORT = bilingual(
  'end what holds it, or name another; below 1024 it takes the right to bind',
  '请停止占用该端口的程序或更换端口；1024 以下端口需要绑定权限',
);

const gibibytes = (bytes: number): string => (bytes / 1_073_741_824).toFixed(1);
