import { bilingual, type Fault } from '../../proto/words/fault.ts';

const ASK_ANOTHER = [
  'let two other persons approve, whom the profile allows to since before the request',
  '请由另外两名在申请前即具审批权限的人员审批',
] as const;
const ASK_AGAIN = ['ask for the transfer anew', '请重新申请出境'] as const;

// biome-ignore format: one fault a line
const ROWS = {
  TRANSFER_UNKNOWN: ['there is no such transfer', '没有该次出境', 'see `tongguan transfer list`', '参见 `tongguan transfer list`'],
  APPROVAL_STATE: ['the transfer does not wait for approval', '该次出境不在待审批状态', 'see `tongguan transfer show` for what became of it', '请用 `tongguan transfer show` 查看其状态'],
  APPROVAL_LAPSED: ['the transfer waited too long for its approvals and has lapsed', '该次出境等待审批超时，已失效', ...ASK_AGAIN],
  APPROVAL_NO_PROFILE: ['the register holds no profile of this data processor, or it was withdrawn', '登记中没有该数据处理者的档案，或档案已撤销', 'put the profile with its authority matrix on the register `processor`, under the id of `processor.id`', '请在 `processor` 登记中以 `processor.id` 为编号录入档案及权限矩阵'],
  APPROVAL_ACCOUNT: ['the authority matrix does not name this account, or names it twice', '权限矩阵中没有该账号，或该账号重复出现', 'correct the profile of the data processor, then ask for the transfer anew', '请更正数据处理者档案，然后重新申请出境'],
  APPROVAL_AUTHORITY: ['the authority matrix does not allow this account to do this today', '权限矩阵今日不允许该账号执行此操作', ...ASK_ANOTHER],
  APPROVAL_ROLE_CHANGED: ['the authority of this account changed after the request, so its approval does not count', '该账号的权限在申请后发生变更，其审批不计', ...ASK_ANOTHER],
  APPROVAL_REQUESTER_CHANGED: ['the authority of the account that asked changed after the request', '申请账号的权限在申请后发生变更', ...ASK_AGAIN],
  APPROVAL_OWN_REQUEST: ['the person who asked cannot approve, under whichever account', '申请人不得审批，使用其他账号亦不可', ...ASK_ANOTHER],
  APPROVAL_SAME_PERSON: ['this person has approved already, under this account or another', '该人员已使用本账号或其他账号审批', ...ASK_ANOTHER],
  APPROVAL_OTHER_PARCEL: ['what waits is another parcel than the one that was looked at', '待审批的数据包与所查看的不是同一个', 'look at it again: `tongguan transfer show`', '请用 `tongguan transfer show` 重新查看'],
  APPROVAL_PARCEL_GONE: ['the parcel that was approved is gone, or its dataset or recipient is defined otherwise now', '所审批的数据包已不存在，或其数据集、接收方的定义已变更', ...ASK_AGAIN],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string, remedyEn: string, remedyZh: string]>>;

export type ApprovalFault = Fault<keyof typeof ROWS>;

export function approvalFault(code: keyof typeof ROWS): ApprovalFault {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}
