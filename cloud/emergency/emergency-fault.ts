import { bilingual, type Fault } from '../../proto/words/fault.ts';

const ANOTHER = [
  'let another person resume, whom the profile allowed to when the stop began',
  '请由停止开始时即具恢复权限的另一人操作',
] as const;

// biome-ignore format: one fault a line
const ROWS = {
  EMERGENCY_NOT_STOPPED: ['no emergency stop is in force', '当前没有紧急停止', 'there is nothing to resume', '无需恢复'],
  EMERGENCY_INVALID: ['a stop names its reason, a resumption its account', '停止须写明理由，恢复须写明账号', 'accounts are those of the authority matrix; a reason is one line', '账号须取自权限矩阵；理由为一行文字'],
  EMERGENCY_ROLE_CHANGED: ['the authority of this account is not what it was when the stop began', '该账号的权限与停止开始时不同', ...ANOTHER],
  EMERGENCY_SAME_PERSON: ['this person has resumed already, under this account or another', '该人员已使用本账号或其他账号恢复', ...ANOTHER],
  EMERGENCY_UNLOGGED: ['the operations log has not taken the stop yet, so it cannot be lifted', '操作日志尚未记录该停止，不得解除', 'restore the log, then resume', '请恢复日志后再操作'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string, remedyEn: string, remedyZh: string]>>;

export type EmergencyFault = Fault<keyof typeof ROWS>;

export function emergencyFault(code: keyof typeof ROWS): EmergencyFault {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}
