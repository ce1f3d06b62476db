import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { LawBook } from '../rules/law-book.ts';
import { readOperatorLaw } from '../rules/operator-file.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../rules/shipped-rules.ts';
import type { CliIo } from './cli-io.ts';

/** The shipped law, or that law with the rows of an operator's file laid over it. */
export async function readLaw(
  path: string | undefined,
  io: Pick<CliIo, 'readFile'>,
): Promise<Result<LawBook, readonly Fault[]>> {
  if (path === undefined) return ok(SHIPPED_LAW);
  const text = await io.readFile(path).catch((cause: unknown) => unreadable(causeText(cause)));
  if (typeof text !== 'string') return fail([text]);
  const read = readOperatorLaw(text, SHIPPED_PARTS);
  return read.ok ? ok(read.value.law) : read;
}

function unreadable(cause: string): Fault<'RULES_FILE_UNREADABLE'> {
  return {
    code: 'RULES_FILE_UNREADABLE',
    problem: bilingual(`the file of rules cannot be read: ${cause}`, `无法读取规则文件：${cause}`),
    remedy: bilingual('check the path and the rights of the file', '检查路径和文件权限'),
    retry: 'after-remedy',
  };
}
