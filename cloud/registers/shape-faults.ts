import type { z } from 'zod';
import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { RegisterFault } from './register-fault.ts';

/** More faults than this in one entry help nobody; the rest appear once these are mended. */
const FAULTS_MAX = 50;
const KEY = /^[A-Za-z0-9_-]{1,40}$/;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Turns what the schema of a register found into faults, one for each mistake. They name keys and what is expected, and never
 * the value: an entry may hold by mistake what must not be printed.
 *
 * @param value - what was given, to tell a key that is missing from one of the wrong type
 */
export function shapeFaults(issues: readonly Issue[], value: unknown): readonly RegisterFault[] {
  return issues.slice(0, FAULTS_MAX).map((issue) => ({
    code: 'REGISTER_SHAPE',
    problem: problemOf(issue, value),
    remedy: bilingual(
      'docs/registers.md lists every key, and `tongguan register KIND schema` prints the form',
      '全部字段见 docs/registers.md；`tongguan register KIND schema` 可输出其格式',
    ),
    retry: 'after-remedy',
  }));
}

function problemOf(issue: Issue, value: unknown): Bilingual {
  const extra = issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => KEY.test(key)) : [];
  const name = [...issue.path.map(String), ...extra].join('.') || '(root)';
  if (issue.code === 'unrecognized_keys')
    return bilingual(`\`${name}\` is no key of this register`, `\`${name}\` 不是该登记的字段`);
  if (valueAt(value, issue.path) === undefined) return bilingual(`\`${name}\` is missing`, `缺少 \`${name}\``);
  const [en, zh] = expected(issue);
  return bilingual(`\`${name}\` is not valid: ${en}`, `\`${name}\` 无效：${zh}`);
}

/** What would be right there; words of a schema stand in English in both. */
function expected(issue: Issue): readonly [en: string, zh: string] {
  switch (issue.code) {
    case 'invalid_type':
      return [`expected ${issue.expected}`, `类型应为 ${issue.expected}`];
    case 'invalid_value': {
      const allowed = issue.values.map((one) => `\`${String(one)}\``).join(', ');
      return [`expected one of ${allowed}`, `应为下列之一：${allowed}`];
    }
    case 'invalid_union': {
      const allowed = (issue as { readonly options?: readonly unknown[] }).options;
      const words = allowed?.map((one) => `\`${String(one)}\``).join(', ');
      return words === undefined
        ? ['it has none of the forms it may have', '不是允许的任何一种形式']
        : [`expected one of ${words}`, `应为下列之一：${words}`];
    }
    case 'too_big':
      return [`over its limit of ${issue.maximum}`, `超过上限 ${issue.maximum}`];
    case 'too_small':
      return [`under its limit of ${issue.minimum}`, `低于下限 ${issue.minimum}`];
    default:
      return [issue.message, `格式不符（${issue.message}）`];
  }
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
