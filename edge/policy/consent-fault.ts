import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';

/** Why a statement about consent was not taken; told to whoever made it. */
export type ConsentFault = Fault<keyof typeof TEXT>;

export function consentFault(code: ConsentFault['code']): ConsentFault {
  const [problem, remedy] = TEXT[code];
  return { code, problem, remedy, retry: code === 'CONSENT_UNSAVED' ? 'later' : 'after-remedy' };
}

// biome-ignore format: one fault a line
const TEXT = {
  CONSENT_MALFORMED: [bilingual('the line is no statement about consent', '该行不是有效的同意声明'), bilingual('write one JSON object a line as docs/consent.md has them', '请按 docs/consent.md 每行写一个 JSON 对象')],
  CONSENT_PURPOSE: [bilingual('the policy in force has no such purpose that needs a consent', '现行策略中没有需要同意的该目的'), bilingual('ask with `show` which purposes there are', '请用 `show` 查询现有目的')],
  CONSENT_OLDER: [bilingual('the number is not above that of the last statement', '编号不大于上一条声明的编号'), bilingual('ask with `show` for the last number, and ask the persons again', '请用 `show` 查询最近编号，并重新征求同意')],
  CONSENT_SCOPE: [bilingual('the purpose covers something else than what was agreed to', '该目的的范围与所同意的不一致'), bilingual('show the persons what it covers now, and ask again', '请向当事人展示现有范围并重新征求同意')],
  CONSENT_SUBJECTS: [bilingual('the purpose needs the consent of all occupants', '该目的需要车内所有人员的同意'), bilingual('ask everybody in the vehicle', '请征得车内所有人员同意')],
  CONSENT_PERIOD: [bilingual('the consent has no end within 366 days, or is over already', '同意期限不在 366 天以内，或已经结束'), bilingual('name an end within 366 days; there is no consent for ever', '请指定 366 天以内的期限；不存在永久同意')],
  CONSENT_LIMIT: [bilingual('consents to more purposes than are remembered', '目的数量超出可记录的上限'), bilingual('use fewer ids of purposes', '请减少目的编号数量')],
  CONSENT_UNSAVED: [bilingual('the statement could not be written; what it withdraws is withheld until it is', '声明未能写入；在写入前被撤回的数据不会发送'), bilingual('free space on the state partition, and say it again', '请释放状态分区空间并重新声明')],
} as const satisfies Record<string, readonly [Bilingual, Bilingual]>;
