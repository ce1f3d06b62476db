import { parseDocument, stringify } from 'yaml';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { EntryBody, RegisterEntry } from '../registers/kind.ts';
import { standingBody } from '../registers/standing.ts';

/** Longest file with entries, characters; a document attached is limited by the cloud. */
export const FILE_CHARACTERS_MAX = 16_777_216;

/** Current entries as they count, for `readEntries`: a change that waits for a second person is not among them. */
export function exportedBodies(entries: readonly RegisterEntry[]): readonly EntryBody[] {
  return entries.filter(({ isWithdrawn }) => !isWithdrawn).map(standingBody);
}

/** As YAML 1.2; JSON of the same bodies is read as well. */
export function entriesText(bodies: readonly EntryBody[]): string {
  return stringify(bodies, { aliasDuplicateObjects: false });
}

/**
 * One entry or a list of them, YAML 1.2 or JSON; whether they are entries is the register's to say.
 *
 * @returns the values, or why the text is none of both
 */
export function readEntries(text: string): Result<readonly unknown[], string> {
  if (text.length > FILE_CHARACTERS_MAX) return fail('it is too long');
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, logLevel: 'silent' });
  const broken = [...document.errors, ...document.warnings][0];
  if (broken !== undefined) return fail(`line ${broken.linePos?.[0].line ?? '?'}: ${broken.code}`);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return ok(Array.isArray(value) ? value : [value]);
}
