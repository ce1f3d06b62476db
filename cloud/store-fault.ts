import { type Bilingual, bilingual, causeText, type Fault } from '../proto/words/fault.ts';

/** What somebody could not store, and what becomes of it meanwhile; one clause each. */
export interface Unstored {
  readonly problem: Bilingual;
  readonly meanwhile: Bilingual;
}

/** A disk and a database want different remedies. @param cause - what the store threw */
export function storeFault(
  cause: unknown,
  { problem, meanwhile }: Unstored,
): Fault<'STORE_UNAVAILABLE' | 'DATABASE_UNAVAILABLE'> {
  const text = causeText(cause);
  const isOfDatabase = cause instanceof Error && cause.name === 'DatabaseError';
  const [code, en, zh] = isOfDatabase
    ? ([
        'DATABASE_UNAVAILABLE',
        'look after the PostgreSQL server of `stores.database` and the network to it',
        '请检查 `stores.database` 的 PostgreSQL 服务器及其网络',
      ] as const)
    : (['STORE_UNAVAILABLE', 'free space on the data partition', '请释放数据分区空间'] as const);
  return {
    code,
    problem: bilingual(`${problem.en}: ${text}`, `${problem.zh}：${text}`),
    remedy: bilingual(`${en}; ${meanwhile.en}`, `${zh}；${meanwhile.zh}`),
    retry: 'later',
  };
}
