import { readFileSync } from 'node:fs';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { unreadableSource } from '../sources/source-fault.ts';

/**
 * Reads the files of certificates, keys and passwords that a source names; those it does not name are left out.
 *
 * @returns the fault of the first that cannot be read, by the name it has here
 */
export function readTexts<Name extends string>(
  files: Readonly<Record<Name, string | undefined>>,
  path: (relative: string) => string,
): Result<Partial<Record<Name, string>>, Fault> {
  const texts: Partial<Record<Name, string>> = {};
  for (const [name, file] of Object.entries(files) as [Name, string | undefined][]) {
    if (file === undefined) continue;
    try {
      texts[name] = readFileSync(path(file), 'utf8');
    } catch (cause) {
      return fail(unreadableSource(`${name}File`, cause));
    }
  }
  return ok(texts);
}
