import { bilingual, type Fault } from '../../proto/words/fault.ts';

type Row = readonly [en: string, zh: string, remedyEn: string, remedyZh: string];

// biome-ignore format: one lock a line
const TEXT: Readonly<Record<'file' | 'database', Row>> = {
  file: ['the lock of who leads was taken away, and the process has stopped', '主进程锁已丢失，进程已停止', 'leave `leader.lock` in `log.directory` alone, and start again: another process may lead meanwhile', '请勿改动 `log.directory` 中的 `leader.lock`，然后重新启动；此间可能已有另一进程担任主进程'],
  database: ['the lock of who leads was lost in PostgreSQL, and the process has permitted, decided and counted nothing since', '已失去 PostgreSQL 中的主进程锁，此后本进程未再签发许可、作出判定或计数', 'look after the server and the network to it; systemd or the cluster starts the process again, and where nothing does, start it again: another may lead meanwhile', '请检查数据库服务器及其网络；systemd 或集群会自动重启进程，否则请手动重启；此间可能已有另一进程担任主进程'],
};

/** @param why - what the server or the system said of it; nothing of what is stored */
export function leadLost(lock: keyof typeof TEXT, why?: string): Fault<'LEAD_LOST'> {
  const [en, zh, remedyEn, remedyZh] = TEXT[lock];
  const problem = why === undefined ? bilingual(en, zh) : bilingual(`${en}: ${why}`, `${zh}：${why}`);
  return { code: 'LEAD_LOST', problem, remedy: bilingual(remedyEn, remedyZh), retry: 'later' };
}
