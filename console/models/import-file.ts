/** Entries of a register as a file holds them: a JSON list of bodies, or one body. */
export type ReadImport =
  | { readonly bodies: readonly object[] }
  | { readonly wrong: 'not-json' | 'no-list' | 'too-many' };

/** Rows that the cloud takes at once. */
export const IMPORT_ROWS_MAX = 16_384;

/** @param text - of the file, as `tongguan register KIND export --json` writes it */
export function readImport(text: string): ReadImport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: 'not-json' };
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
    return { wrong: 'no-list' };
  return list.length > IMPORT_ROWS_MAX ? { wrong: 'too-many' } : { bodies: list as readonly object[] };
}
