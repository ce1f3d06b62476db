import { bilingual, type Fault } from '../../proto/words/fault.ts';

const THROUGH_THE_GATE = [
  'what may go abroad goes as a parcel: `tongguan transfer request`',
  '可出境的数据须以数据包方式出境：`tongguan transfer request`',
] as const;
const REGISTER = [
  'enter who reads in the register `principal`, or correct the entry',
  '请在 `principal` 登记中录入或更正读取人',
] as const;

// biome-ignore format: one fault a line
const ROWS = {
  ACCESS_UNKNOWN: ['nobody knows who reads: the account is in no entry, or in two', '无法确认读取人：该账号未登记或重复登记', ...REGISTER],
  ACCESS_LAPSED: ['the entry of who reads does not stand today', '读取人的登记今日无效', ...REGISTER],
  ACCESS_ROLE: ['the entry of who reads does not name this reading', '读取人的登记不含该项读取权限', ...REGISTER],
  ACCESS_OVERSEAS: ['who reads, or whom they work for, is outside the mainland: reading from abroad is a transfer', '读取人或其任职单位在境外：境外读取属于数据出境', ...THROUGH_THE_GATE],
  ACCESS_ADDRESS: ['the address it is read from is not one of the mainland list: reading from abroad is a transfer', '读取来源地址不在境内地址列表内：境外读取属于数据出境', ...THROUGH_THE_GATE],
  ACCESS_SOURCE: ['nobody can tell where it is read from', '无法确认读取来源', 'keep the socket to its owner (mode 0600), and list the address or the account under `access`', '请将套接字权限限于其所有者（0600），并在 `access` 中登记地址或账号'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string, remedyEn: string, remedyZh: string]>>;

export type AccessCode = keyof typeof ROWS;

export function accessFault(code: AccessCode): Fault<AccessCode> {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}

/** The reading cannot be put on record, and is not done then. @param cause - a code, or the system's words */
export function readUnlogged(cause: string): Fault<'READ_UNLOGGED'> {
  return {
    code: 'READ_UNLOGGED',
    problem: bilingual(
      `nothing was read: it cannot be entered in the operations log of the cloud: ${cause}`,
      `未读取任何内容：该读取无法写入云端操作日志：${cause}`,
    ),
    remedy: bilingual(
      'let the account reach `access.socket` or `api.socket` of the running cloud; where none runs, it writes the log itself and needs the rights on it',
      '请使该账户能访问运行中云端的 `access.socket` 或 `api.socket`；云端未运行时由命令自行写入日志，须具有相应权限',
    ),
    retry: 'after-remedy',
  };
}

/** @param key - of the wish, with dots between */
export function readInvalid(key: string): Fault<'READ_INVALID'> {
  return {
    code: 'READ_INVALID',
    problem: bilingual(
      `what is to be read is not said as it has to be, at \`${key}\``,
      `读取说明在 \`${key}\` 处不符合要求`,
    ),
    remedy: bilingual(
      'give a reason of one line, at most 256 characters and without a VIN; use the `tongguan` of the same release as the cloud',
      '原因应为一行、不超过 256 个字符且不含车辆识别代号；请使用与云端同一版本的 `tongguan`',
    ),
    retry: 'after-remedy',
  };
}

/** Refusals that are an attempt to read from abroad (G26-I.2), and so a kind of transfer. */
export const FROM_ABROAD: readonly AccessCode[] = ['ACCESS_OVERSEAS', 'ACCESS_ADDRESS'];
