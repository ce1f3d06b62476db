import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { judgeRows, type SpotOf } from './judge-rows.ts';
import { bindLaw, type LawBook, type LawParts } from './law-book.ts';
import { layOver } from './lay-over.ts';
import { type RulesFileFault, rulesFault } from './operator-fault.ts';
import { OperatorFile } from './operator-schema.ts';

/** A file of five hundred rows stays below this. */
export const RULES_CHARACTERS_MAX = 1_048_576;
/** More faults than this in one file help nobody; the rest appear once these are mended. */
const FAULTS_MAX = 50;

export interface OperatorLaw {
  readonly law: LawBook;
  readonly file: OperatorFile;
}

/**
 * Reads an operator's rows, YAML 1.2 or JSON, and binds them over the shipped ones. Nothing of a file with a fault is used.
 *
 * @returns the law of this installation, or one fault for each mistake, with line and row
 */
export function readOperatorLaw(text: string, shipped: LawParts): Result<OperatorLaw, readonly RulesFileFault[]> {
  const read = readFile(text);
  if (!read.ok) return read;
  const { file, spotOf } = read.value;
  const faults = judgeRows(file, shipped, spotOf);
  if (faults.length > 0) return fail(faults.slice(0, FAULTS_MAX));
  try {
    return ok({ law: bindLaw(layOver(shipped, file)), file });
  } catch (cause) {
    const problem = bilingual(
      `the rows do not fit together: ${causeText(cause)}`,
      `规则行相互矛盾：${causeText(cause)}`,
    );
    const remedy = bilingual('correct the row that is named', '更正所指的行');
    return fail([rulesFault('RULES_CONTRADICTION', { line: 0, name: '' }, problem, remedy)]);
  }
}

interface ReadFile {
  readonly file: OperatorFile;
  readonly spotOf: SpotOf;
}

function readFile(text: string): Result<ReadFile, readonly RulesFileFault[]> {
  if (text.length > RULES_CHARACTERS_MAX) return fail([tooLarge()]);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    logLevel: 'silent',
    lineCounter,
  });
  const broken = [...document.errors, ...document.warnings][0];
  if (broken !== undefined) return fail([notYaml(broken.linePos?.[0].line ?? 1, broken.code)]);
  const spotOf: SpotOf = (path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      const start = hasRange(node) ? node.range[0] : undefined;
      if (start !== undefined) return { line: lineCounter.linePos(start).line, name: nameOf(path) };
    }
    return { line: 1, name: nameOf(path) };
  };
  try {
    const parsed = OperatorFile.safeParse(document.toJS({ maxAliasCount: 0 }));
    if (parsed.success) return ok({ file: parsed.data, spotOf });
    return fail(parsed.error.issues.slice(0, FAULTS_MAX).map((issue) => misshapen(issue, spotOf)));
  } catch {
    return fail([notYaml(1, 'ALIAS')]);
  }
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function nameOf(path: readonly (string | number)[]): string {
  return path.map((key) => (/^[\w-]{1,40}$/.test(String(key)) ? String(key) : '(a key)')).join('.') || '(root)';
}

/** What zod says of a value can quote it; here only its kind is told. */
function misshapen(issue: z.core.$ZodIssue, spotOf: SpotOf): RulesFileFault {
  const path = issue.path.filter((key): key is string | number => typeof key !== 'symbol');
  const [en, zh] = SHAPES[issue.code] ?? SHAPE;
  return rulesFault(
    'RULES_FILE_SHAPE',
    spotOf(path),
    bilingual(en, zh),
    bilingual(
      'docs/law.md lists every key; `status` is `operator-supplied`',
      '全部字段见 docs/law.md；`status` 须为 `operator-supplied`',
    ),
  );
}

const SHAPE = ['it has none of the forms it may have', '不是允许的任何一种形式'] as const;
const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  unrecognized_keys: ['it has a key that is not one of its keys', '含有未定义的字段'],
  invalid_type: ['it is missing or of another type', '缺失或类型不符'],
  invalid_value: ['it is not one of the values it may have', '不是允许的取值'],
  too_big: ['it is over its limit', '超过上限'],
  too_small: ['it is under its limit', '低于下限'],
  custom: ['it is not a day of the calendar, or lacks a bound', '不是真实日期，或缺少界限'],
};

function notYaml(line: number, code: string): RulesFileFault {
  return rulesFault(
    'RULES_FILE_SYNTAX',
    { line, name: '(file)' },
    bilingual(`not YAML or JSON: ${code}`, `不是有效的 YAML 或 JSON：${code}`),
    bilingual('correct the line; aliases and repeated keys are not allowed', '更正该行；不允许使用别名或重复字段'),
  );
}

function tooLarge(): RulesFileFault {
  return rulesFault(
    'RULES_FILE_TOO_LARGE',
    { line: 0, name: '' },
    bilingual(`the file has more than ${RULES_CHARACTERS_MAX} characters`, `文件超过 ${RULES_CHARACTERS_MAX} 个字符`),
    bilingual('take out rows that the release holds by now', '删除已随版本提供的行'),
  );
}
