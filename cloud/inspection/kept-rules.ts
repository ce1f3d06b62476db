import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { readOperatorLaw } from '../rules/operator-file.ts';
import { SHIPPED_PARTS, SHIPPED_RULES } from '../rules/shipped-rules.ts';
import type { RuleBook } from '../transfer/rule-book.ts';

/** Every book of rules that a verdict of this installation may rest on, and what is wrong with files kept of them. */
export interface KeptRules {
  readonly books: readonly RuleBook[];
  readonly faults: readonly Fault[];
}

/**
 * The shipped rules, and an operator's files as they were kept beside the logs. A file whose name is not the hash of its
 * bytes was changed, and no verdict is derived by it.
 */
export function keptRules(logDirectory: string): KeptRules {
  const directory = join(logDirectory, 'rules');
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.yaml')) : [];
  const books: RuleBook[] = [SHIPPED_RULES];
  const faults: Fault[] = [];
  for (const name of names.toSorted()) {
    const bytes = readFileSync(join(directory, name));
    const isWhole = name === `${createHash('sha256').update(bytes).digest('hex')}.yaml`;
    const read = isWhole ? readOperatorLaw(bytes.toString('utf8'), SHIPPED_PARTS) : undefined;
    if (read?.ok === true) books.push(read.value.law.verdicts);
    else faults.push(changed(name.slice(0, NAME_SHOWN)));
  }
  return { books, faults };
}

const NAME_SHOWN = 12;

function changed(name: string): Fault<'RULES_FILE_CHANGED'> {
  return {
    code: 'RULES_FILE_CHANGED',
    problem: bilingual(
      `a kept file of rules is not what verdicts were given under: \`${name}\``,
      `留存的规则文件已非裁定所依据的内容：\`${name}\``,
    ),
    remedy: bilingual('restore it from a backup', '从备份恢复'),
    retry: 'after-remedy',
  };
}
