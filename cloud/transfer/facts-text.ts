import { parseDocument } from 'yaml';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { fail, type Result } from '../../proto/words/result.ts';
import { type FactsFault, parseFacts, type TransferFacts } from './facts.ts';
import { factsFault } from './facts-fault.ts';

/** 256 documents on file with full scopes stay below this. */
export const FACTS_CHARACTERS_MAX = 1_048_576;

/**
 * Parses a facts file: YAML 1.2, of which JSON is a part.
 *
 * Aliases and repeated keys are faults: both let a file say something other than what a reader sees.
 *
 * @returns the facts, or one fault for each mistake
 */
export function parseFactsText(text: string): Result<TransferFacts, readonly FactsFault[]> {
  if (text.length > FACTS_CHARACTERS_MAX) {
    return fail([
      factsFault(
        'FACTS_TOO_LARGE',
        bilingual(
          `the facts file has more than ${FACTS_CHARACTERS_MAX} characters`,
          `事实文件超过 ${FACTS_CHARACTERS_MAX} 个字符`,
        ),
        bilingual('keep only the documents that bear on this transfer', '只保留与本次出境有关的文件'),
      ),
    ]);
  }
  const read = readYaml(text);
  return read.ok ? parseFacts(read.value) : read;
}

function readYaml(text: string): Result<unknown, readonly FactsFault[]> {
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, logLevel: 'silent' });
  const broken = [...document.errors, ...document.warnings][0];
  if (broken !== undefined) return fail([syntaxFault(broken.linePos?.[0].line, broken.code)]);
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 0 }) };
  } catch (cause) {
    return fail([syntaxFault(undefined, causeText(cause))]);
  }
}

/** The parser's own message can quote the file, so only its code is passed on. */
function syntaxFault(line: number | undefined, code: string): FactsFault {
  const [en, zh] = line === undefined ? ['', ''] : [` in line ${line}`, `（第 ${line} 行）`];
  return factsFault(
    'FACTS_SYNTAX',
    bilingual(`the facts file is not YAML or JSON${en}: ${code}`, `事实文件不是有效的 YAML 或 JSON${zh}：${code}`),
    bilingual('correct the line; aliases and repeated keys are not allowed', '更正该行；不允许使用别名或重复字段'),
  );
}
