import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { parseVin } from '../../../proto/words/vin.ts';
import { KEY_FORMS, type KeyForm, type KeyFormName } from './key-forms.table.ts';
import type { TerminalKey } from './terminal-keys.ts';

const KEYS_MAX = 1_000_000;
const KEY_BYTES = 16;
const path = z.string().min(1).max(1_024);
const names = Object.keys(KEY_FORMS) as [KeyFormName, ...KeyFormName[]];
const List = z
  .array(z.strictObject({ vinFile: path.optional(), form: z.enum(names), keyFile: path, vectorFile: path.optional() }))
  .max(KEYS_MAX);

/**
 * Reads a list of keys: `{vinFile, form, keyFile, vectorFile}` each. Paths are relative to the list. A cipher's key and
 * vector are 32 hexadecimal digits, private keys are PEM.
 */
export function readTerminalKeys(file: string): Result<readonly TerminalKey[], Fault> {
  try {
    const parsed = List.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) return fail(unusable('it is no list of {vinFile, form, keyFile, vectorFile}'));
    const read = (name: string): string => readFileSync(resolve(dirname(file), name), 'utf8').trim();
    const keys: TerminalKey[] = [];
    for (const [index, { vinFile, form, keyFile, vectorFile }] of parsed.data.entries()) {
      const vin = vinFile === undefined ? undefined : parseVin(read(vinFile));
      const kind: KeyForm = KEY_FORMS[form];
      const key = kind.of === 'cipher' ? sixteen(read(keyFile)) : Buffer.from(read(keyFile));
      const vector = vectorFile === undefined ? undefined : sixteen(read(vectorFile));
      // The entry is named by its place: neither a VIN nor a key is ever printed.
      if (vin?.ok === false) return fail(unusable(`entry ${index + 1} holds no valid VIN`));
      if (key === undefined) return fail(unusable(`entry ${index + 1} holds no key of 32 hexadecimal digits`));
      if ((vector !== undefined) !== (kind.hasVector === true))
        return fail(
          unusable(`entry ${index + 1} has no vector of 32 hexadecimal digits, or one that its form has no use for`),
        );
      keys.push({ vin: vin?.value, form, key, vector });
    }
    return ok(keys);
  } catch (cause) {
    return fail(unusable(causeText(cause)));
  }
}

function sixteen(text: string): Buffer | undefined {
  return /^[0-9a-fA-F]{32}$/.test(text) ? Buffer.from(text, 'hex').subarray(0, KEY_BYTES) : undefined;
}

function unusable(cause: string): Fault<'TERMINAL_KEYS'> {
  return {
    code: 'TERMINAL_KEYS',
    problem: bilingual(`the keys of terminals cannot be used: ${cause}`, `终端密钥不可用：${cause}`),
    remedy: bilingual('see docs/terminals.md for the form of the list', '清单格式见 docs/terminals.md'),
    retry: 'after-remedy',
  };
}
