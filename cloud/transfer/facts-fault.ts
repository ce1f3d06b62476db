import type { z } from 'zod';
import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';
import { namesVin } from '../../proto/words/vin.ts';

export type FactsFaultCode =
  | 'FACTS_TOO_LARGE'
  | 'FACTS_SYNTAX'
  | 'FACTS_SHAPE'
  | 'FACTS_DATE'
  | 'FACTS_CONTRADICTION'
  | 'FACTS_VIN';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** More faults than this in one file help nobody; the rest appear once these are mended. */
export const FAULTS_MAX = 50;
const KEY_CHARACTERS_MAX = 40;

const READ_THE_MANUAL = bilingual('docs/transfer-facts.md lists every key', '全部字段见 docs/transfer-facts.md');

export function factsFault(code: FactsFaultCode, problem: Bilingual, remedy: Bilingual): Fault<FactsFaultCode> {
  return { code, problem, remedy, retry: 'after-remedy' };
}

/**
 * Turns what the schema found into faults, one for each mistake. They name keys and limits, and never the value that
 * was given: a facts file may hold by mistake what must not be printed.
 *
 * @param value - what was parsed, to tell a key that is missing from one of the wrong type
 */
export function shapeFaults(issues: readonly Issue[], value: unknown): readonly Fault<FactsFaultCode>[] {
  return issues.flatMap((issue) => ofIssue(issue, [], value)).slice(0, FAULTS_MAX);
}

function ofIssue(issue: Issue, parent: Path, value: unknown): readonly Fault<FactsFaultCode>[] {
  const path = [...parent, ...issue.path];
  const name = pathName(path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
  if (valueAt(value, path) === undefined) return [missing(name)];
  if (issue.code === 'invalid_union') return ofUnion(issue, path, value);
  const date = issue.code === 'custom' ? issue.params?.['date'] : undefined;
  if (date !== undefined) return [badDate(name, date)];
  return [factsFault('FACTS_SHAPE', shapeProblem(issue, name), withManual('correct the value', '更正该值'))];
}

/** Of a union the branch that came nearest is reported: the one with the fewest complaints inside the value itself. */
function ofUnion(
  issue: Issue & { code: 'invalid_union' },
  path: Path,
  value: unknown,
): readonly Fault<FactsFaultCode>[] {
  const inner = issue.errors.filter((errors) => errors.some((error) => error.path.length > 0 || 'keys' in error));
  const nearest = inner.toSorted((a, b) => a.length - b.length)[0];
  if (nearest !== undefined) return nearest.flatMap((error) => ofIssue(error as Issue, path, value));
  const name = pathName(path);
  const problem = bilingual(`\`${name}\` has none of the forms it may have`, `\`${name}\` 不是允许的任何一种形式`);
  return [factsFault('FACTS_SHAPE', problem, withManual('write one of its forms', '改写为其中一种形式'))];
}

function shapeProblem(issue: Issue, name: string): Bilingual {
  switch (issue.code) {
    case 'invalid_type':
      return bilingual(`\`${name}\` must be of type ${issue.expected}`, `\`${name}\` 的类型必须为 ${issue.expected}`);
    case 'invalid_value': {
      const allowed = issue.values.map((item) => `\`${String(item)}\``).join(', ');
      return bilingual(`\`${name}\` must be one of ${allowed}`, `\`${name}\` 必须是下列之一：${allowed}`);
    }
    case 'too_big':
      return bilingual(`\`${name}\` is over its limit of ${issue.maximum}`, `\`${name}\` 超过上限 ${issue.maximum}`);
    case 'too_small':
      return bilingual(`\`${name}\` is under its limit of ${issue.minimum}`, `\`${name}\` 低于下限 ${issue.minimum}`);
    default:
      return bilingual(
        `\`${name}\` has a character or a form that is not allowed`,
        `\`${name}\` 含有不允许的字符或格式不符`,
      );
  }
}

function missing(name: string): Fault<FactsFaultCode> {
  return factsFault(
    'FACTS_SHAPE',
    bilingual(`\`${name}\` is missing`, `缺少 \`${name}\``),
    withManual('write the key; what nobody knows is written as `unknown`', '补写该字段；无从得知的写 `unknown`'),
  );
}

function unknownKey(path: Path): Fault<FactsFaultCode> {
  const name = pathName(path);
  return factsFault(
    'FACTS_SHAPE',
    bilingual(`\`${name}\` is not a key of a facts file`, `\`${name}\` 不是事实文件的字段`),
    withManual('correct the spelling or remove the key', '更正拼写或删除该字段'),
  );
}

function badDate(name: string, code: unknown): Fault<FactsFaultCode> {
  const problem =
    code === 'DATE_DOES_NOT_EXIST'
      ? bilingual(`\`${name}\` is a date that does not exist`, `\`${name}\` 是不存在的日期`)
      : code === 'DATE_OUT_OF_RANGE'
        ? bilingual(`\`${name}\` is a date out of range`, `\`${name}\` 的日期超出范围`)
        : bilingual(`\`${name}\` is not a date`, `\`${name}\` 不是日期`);
  const remedy = bilingual(
    'write a day of the calendar as `YYYY-MM-DD`, Asia/Shanghai',
    '按 `YYYY-MM-DD` 书写真实日期（北京时间）',
  );
  return factsFault('FACTS_DATE', problem, remedy);
}

function withManual(en: string, zh: string): Bilingual {
  return bilingual(`${en}; ${READ_THE_MANUAL.en}`, `${zh}；${READ_THE_MANUAL.zh}`);
}

/** `onFile.0.validUntil`; a key that is not plain, or holds a VIN, is not repeated. */
export function pathName(path: Path): string {
  if (path.length === 0) return '(root)';
  return path.map((key) => (isPrintable(String(key)) ? String(key) : '(a key)')).join('.');
}

function isPrintable(key: string): boolean {
  return key.length <= KEY_CHARACTERS_MAX && /^[A-Za-z0-9_-]+$/.test(key) && !namesVin(key);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
