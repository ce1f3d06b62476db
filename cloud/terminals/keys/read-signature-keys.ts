import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { bilingual, causeText, type Fault } from '../../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { parseVin } from '../../../proto/words/vin.ts';
import { fitsForm, SIGNATURE_FORMS, type SignatureForm, type SignatureKey } from './signature-keys.ts';

const KEYS_MAX = 1_000_000;
const path = z.string().min(1).max(1_024);
const names = Object.keys(SIGNATURE_FORMS) as [SignatureForm, ...SignatureForm[]];
const List = z.array(z.strictObject({ vinFile: path, form: z.enum(names), keyFile: path })).max(KEYS_MAX);

/** Reads a list of `{vinFile, form, keyFile}`: public keys of vehicles, PEM. Paths are relative to the list. */
export function readSignatureKeys(file: string): Result<readonly SignatureKey[], Fault> {
  try {
    const parsed = List.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) return fail(unusable('it is no list of {vinFile, form, keyFile}'));
    const read = (name: string): string => readFileSync(resolve(dirname(file), name), 'utf8').trim();
    const keys: SignatureKey[] = [];
    for (const [index, { vinFile, form, keyFile }] of parsed.data.entries()) {
      const vin = parseVin(read(vinFile));
      const key = read(keyFile);
      // The entry is named by its place: no VIN is ever printed.
      if (!vin.ok) return fail(unusable(`entry ${index + 1} holds no valid VIN`));
      if (!fitsForm(form, key)) return fail(unusable(`entry ${index + 1} holds no public key of its form`));
      keys.push({ vin: vin.value, form, key });
    }
    return ok(keys);
  } catch (cause) {
    return fail(unusable(causeText(cause)));
  }
}

function unusable(cause: string): Fault<'TERMINAL_SIGNATURE_KEYS'> {
  return {
    code: 'TERMINAL_SIGNATURE_KEYS',
    problem: bilingual(`the public keys of vehicles cannot be used: ${cause}`, `车辆公钥不可用：${cause}`),
    remedy: bilingual('see docs/terminals.md for the form of the list', '清单格式见 docs/terminals.md'),
    retry: 'after-remedy',
  };
}
