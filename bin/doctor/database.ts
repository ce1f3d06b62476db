import type { CloudConfig } from '../../cloud/config/config.ts';
import type { DatabaseLook } from '../../cloud/database/look-at-database.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual } from '../../proto/words/fault.ts';
import type { Clock } from '../../proto/words/time.ts';
import { type Finding, good, ill } from './finding.ts';

const ABOUT = 'stores.database';

/** Whether a cloud could start over its stores now: the server, the tables, whose they are, and what was moved. */
export async function checkDatabase(loaded: LoadedConfig<CloudConfig>, clock: Clock): Promise<readonly Finding[]> {
  const { lookAtDatabase } = await import('../../cloud/database/look-at-database.ts');
  const looked = lookAtDatabase(loaded, clock);
  if (!looked.ok) return [ill('bad', 'database', ABOUT, looked.fault.problem, looked.fault.remedy)];
  return looked.value === undefined ? [] : findingsOf(looked.value);
}

export function findingsOf({
  version,
  isSupported,
  isEncrypted,
  isolation,
  moves,
  ...led
}: DatabaseLook): readonly Finding[] {
  const says = bilingual(`PostgreSQL ${version}`, `PostgreSQL 版本 ${version}`);
  return [
    isSupported ? good('database', ABOUT, says) : ill('bad', 'database', ABOUT, says, UPGRADE),
    isolation === 'serializable'
      ? good('database', ABOUT, bilingual('transactions are serialisable', '事务为可串行化'))
      : ill(
          'bad',
          'database',
          ABOUT,
          bilingual(`transactions are ${isolation}`, `事务隔离级别为 ${isolation}`),
          DIRECT,
        ),
    isEncrypted
      ? good('database', ABOUT, bilingual('the connection is encrypted', '连接已加密'))
      : ill('warning', 'database', ABOUT, bilingual('the connection is not encrypted', '连接未加密'), ENCRYPT),
    good(
      'database',
      ABOUT,
      bilingual(
        `tables of this version, of this installation, ${moves} move(s) into it done`,
        `数据表版本一致，属于本部署，已完成 ${moves} 次迁入`,
      ),
    ),
    leaderOf(led),
    led.files === undefined
      ? good('database', ABOUT, bilingual('the files of this machine go with it', '本机文件与数据库配套'))
      : ill('bad', 'database', ABOUT, led.files.problem, led.files.remedy),
  ];
}

function leaderOf({ leader, standbys }: Pick<DatabaseLook, 'leader' | 'standbys'>): Finding {
  const by = bilingual(`at least ${standbys} stand(s) by`, `至少 ${standbys} 个备用进程`);
  if (leader !== undefined)
    return good('database', ABOUT, bilingual(`\`${leader}\` leads, ${by.en}`, `主进程在 \`${leader}\` 上，${by.zh}`));
  const nobody = bilingual(`nobody leads, ${by.en}`, `当前无主进程，${by.zh}`);
  return standbys === 0 ? good('database', ABOUT, nobody) : ill('warning', 'database', ABOUT, nobody, WAITS);
}

const WAITS = bilingual('look into the log of the process that stands by', '请查看备用进程的日志');
const UPGRADE = bilingual('run PostgreSQL 13 or newer', '请使用 PostgreSQL 13 或更新版本');
const DIRECT = bilingual(
  'connect to the server itself: what lies between must not change transactions',
  '请直接连接数据库服务器；中间代理不得更改事务',
);
const ENCRYPT = bilingual(
  'write `security.kind: tls` into `stores.database`; digests of persons pass over it',
  '请在 `stores.database` 中写入 `security.kind: tls`；其中传输人员摘要',
);
