import { bilingual, type Fault, type Retry } from '../../proto/words/fault.ts';

// biome-ignore format: one fault a line
const ROWS = {
  LOGIN_REFUSED: ['account, password or code is not right', '账号、密码或验证码不正确', 'try again, or ask an administrator for a new link', '请重试，或向管理员索取新的链接', 401, 'after-remedy'],
  LOGIN_CODE: ['this account wants a code as well', '该账号还需验证码', 'give the code of your authenticator, or a recovery code', '请输入身份验证器中的验证码或恢复码', 401, 'after-remedy'],
  LOGIN_LOCKED: ['too many logins under this name were refused', '该账号登录失败次数过多', 'wait, or have an administrator reset the account', '请稍候，或由管理员重置该账号', 429, 'later'],
  LOGIN_PROVIDER: ['the identity provider did not say who this is, or the account is not known here', '身份提供方未能确认身份，或本系统没有该账号', 'have an administrator tie the account to your subject at the provider', '请由管理员将账号与身份提供方的主体标识绑定', 401, 'after-remedy'],
  SESSION_NONE: ['nobody is logged in, or the session is over', '未登录或会话已过期', 'log in', '请登录', 401, 'after-remedy'],
  SESSION_FOREIGN: ['the request does not come from a page of this server', '请求并非来自本服务器的页面', 'send `x-tongguan-csrf` as `GET /session` gives it, from this origin', '请从本站点发送请求，并附带 `GET /session` 返回的 `x-tongguan-csrf`', 403, 'after-remedy'],
  SESSION_FACTOR: ['this account has no second factor yet', '该账号尚未启用第二因素', 'set one up first', '请先启用第二因素', 403, 'after-remedy'],
  ROLE_MISSING: ['no role of this account may ask for this', '该账号的角色无权进行此操作', 'ask somebody who has the role, or an administrator for it', '请由具备该角色的人员操作，或向管理员申请', 403, 'after-remedy'],
  ACCOUNT_PERSON: ['the registers name another person behind this account than when it was made', '登记中该账号对应的人员与建立账号时不同', 'make an account for the person, and disable this one', '请为该人员新建账号并停用本账号', 403, 'after-remedy'],
  ACCOUNT_ENTRY: ['the register `principal` has no entry that stands for this account, or one abroad', '`principal` 登记中没有该账号的有效条目，或条目在境外', 'enter the person in the register `principal` first, under the name of the account', '请先在 `principal` 登记中以该账号名录入人员', 409, 'after-remedy'],
  ACCOUNT_EXISTS: ['there is an account of that name or subject', '该账号名或主体标识已存在', 'choose another name', '请更换名称', 409, 'after-remedy'],
  ACCOUNT_UNKNOWN: ['there is no such account', '没有该账号', 'see `tongguan account list`', '参见 `tongguan account list`', 404, 'after-remedy'],
  ACCOUNT_INVALID: ['the request about an account is not valid', '账号请求无效', 'docs/accounts.md names every key', '全部字段见 docs/accounts.md', 400, 'after-remedy'],
  ACCOUNT_OWN: ['nobody changes the roles or the standing of their own account', '不得更改本人账号的角色或状态', 'ask another administrator', '请由其他管理员操作', 409, 'after-remedy'],
  ACCOUNT_LAST: ['it is the last administrator that can log in', '这是最后一个可登录的管理员', 'make another administrator first', '请先设立另一管理员', 409, 'after-remedy'],
  ACCOUNT_UNVOUCHED: ['the credentials of this account were set anew by somebody else, and nobody answered for it yet', '该账号的凭据由他人重新设置，尚无人为其担保', 'show that it is yours with your key of the authority matrix, or have two others of the matrix answer for it, on their page of accounts or by `tongguan account vouch`', '请用权限矩阵中登记的本人密钥证明，或由矩阵中另外两人在账号页面或以 `tongguan account vouch` 担保', 403, 'after-remedy'],
  ACCOUNT_VOUCHER: ['only another person of the authority matrix answers for an account, or its own person with the key that the matrix has', '只有权限矩阵中的其他人员，或本人以矩阵中登记的密钥，才能为账号担保', 'ask somebody of the matrix; `tongguan register processor show` has it', '请由矩阵中的人员操作；参见 `tongguan register processor show`', 403, 'after-remedy'],
  INVITATION_OVER: ['the link was used, or its time is over', '链接已使用或已过期', 'ask for a new one: `tongguan account reset`, or a restart before there is any account', '请重新索取：`tongguan account reset`；尚无账号时重启云端即可', 410, 'after-remedy'],
  PASSWORD_WEAK: ['the password is too short, too long, or the name of the account', '密码过短、过长或与账号名相同', 'use 12 to 128 characters', '请使用 12 至 128 个字符', 400, 'after-remedy'],
  FACTOR_CODE: ['the code does not fit', '验证码不符', 'check the clock of the device, and give the next code', '请检查设备时间并输入下一个验证码', 409, 'after-remedy'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string, remedyEn: string, remedyZh: string, status: number, retry: Retry]>>;

export type AccountCode = keyof typeof ROWS;
export type AccountFault = Fault<AccountCode>;

export function accountFault(code: AccountCode): AccountFault {
  const [en, zh, remedyEn, remedyZh, , retry] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry };
}

/** HTTP status that goes with a fault of accounts; 409 for every other. */
export function statusOf(code: string): number {
  return Object.hasOwn(ROWS, code) ? ROWS[code as AccountCode][4] : 409;
}
