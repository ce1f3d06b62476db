import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';

export type RegisterFault = Fault<
  | 'REGISTER_KIND'
  | 'REGISTER_SHAPE'
  | 'REGISTER_EXISTS'
  | 'REGISTER_ABSENT'
  | 'REGISTER_OBJECTION'
  | 'REGISTER_LIMIT'
  | 'REGISTER_SETTLED'
  | 'REGISTER_SAME_PERSON'
  | 'REGISTER_WRITER'
  | 'REGISTER_VERSION'
>;

type Known =
  | 'REGISTER_KIND'
  | 'REGISTER_EXISTS'
  | 'REGISTER_ABSENT'
  | 'REGISTER_SETTLED'
  | 'REGISTER_SAME_PERSON'
  | 'REGISTER_WRITER'
  | 'REGISTER_VERSION';

// biome-ignore format: one fault a paragraph
const ROWS: Readonly<Record<Known, readonly [en: string, zh: string, remedyEn: string, remedyZh: string]>> = {
  REGISTER_KIND: ['there is no such register', '没有该登记',
    'see `tongguan register kinds`', '参见 `tongguan register kinds`'],
  REGISTER_EXISTS: ['the register holds an entry of this id, or held one', '登记中已有或曾有该编号的条目',
    'use `--replace` to change it; the id of a withdrawn entry is not used again', '如需更改请使用 `--replace`；已撤销条目的编号不再使用'],
  REGISTER_ABSENT: ['the register holds no such entry', '登记中没有该条目',
    'see `tongguan register KIND list`', '参见 `tongguan register KIND list`'],
  REGISTER_SETTLED: ['no change of this entry waits for a second person', '该条目没有待第二人确认的变更',
    'see `tongguan register KIND show ID`', '参见 `tongguan register KIND show ID`'],
  REGISTER_SAME_PERSON: ['whoever confirms a change is another person than the one who wrote it, both by the authority matrix that stands', '确认人与变更人须为现行权限矩阵中的两名不同人员',
    'let another person of the authority matrix confirm; a writer whom the matrix does not know writes it again under an account that it knows', '请由权限矩阵中的另一人确认；变更人不在矩阵中的，应以矩阵内账号重新提交'],
  REGISTER_WRITER: ['nobody can tell who wrote the change: it was neither signed nor made at the console', '无法确认变更人：该变更既未签名，也非在控制台作出',
    'let the writer make it again with `--key`, or at the console, and confirm then', '请变更人用 `--key` 或在控制台重新提交，然后再确认'],
  REGISTER_VERSION: ['the entry has another version than the one that is confirmed: it was changed since', '条目的版本与所确认的版本不同：其后已被更改',
    'look at it again with `tongguan register KIND show ID`, and confirm the version that it shows', '请用 `tongguan register KIND show ID` 重新查看，并确认其所示版本'],
};

export function registerFault(code: Known): RegisterFault {
  const [en, zh, remedyEn, remedyZh] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry: 'after-remedy' };
}

/** What of an entry does not fit, by the key it lies at. */
export function objection(key: string, problem: Bilingual): RegisterFault {
  const remedy = bilingual(`correct \`${key}\`; nothing was changed`, `请更正 \`${key}\`；未作任何更改`);
  return { code: 'REGISTER_OBJECTION', problem, remedy, retry: 'after-remedy' };
}

export function overLimit(most: number): RegisterFault {
  const problem = bilingual(`a register holds at most ${most} of these`, `登记中最多 ${most} 项`);
  const remedy = bilingual('withdraw what is no longer used', '请撤销不再使用的条目');
  return { code: 'REGISTER_LIMIT', problem, remedy, retry: 'after-remedy' };
}
