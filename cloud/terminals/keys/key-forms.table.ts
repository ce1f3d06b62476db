/**
 * How the data units of a terminal are encrypted. The standard names algorithms and no modes, so the mode is agreed with
 * whoever set the terminal up and stands with its key; none is tried out.
 */
export interface KeyForm {
  /** The byte of the header that announces it (6.2, table 2). */
  readonly encryption: number;
  readonly editions: readonly (2016 | 2025)[];
  readonly of: 'cipher' | 'rsa' | 'sm2';
  /** The cipher's name in OpenSSL. */
  readonly cipher?: string;
  readonly hasVector?: true;
}

const both = [2016, 2025] as const;

// biome-ignore format: one form a line
export const KEY_FORMS = {
  'rsa-oaep-sha1': { encryption: 2, editions: both, of: 'rsa' },
  'aes-128-ecb': { encryption: 3, editions: both, of: 'cipher', cipher: 'aes-128-ecb' },
  'aes-128-cbc': { encryption: 3, editions: both, of: 'cipher', cipher: 'aes-128-cbc', hasVector: true },
  'sm2-c1c3c2': { encryption: 4, editions: [2025], of: 'sm2' },
  'sm4-ecb': { encryption: 5, editions: [2025], of: 'cipher', cipher: 'sm4-ecb' },
  'sm4-cbc': { encryption: 5, editions: [2025], of: 'cipher', cipher: 'sm4-cbc', hasVector: true },
} as const satisfies Readonly<Record<string, KeyForm>>;

export type KeyFormName = keyof typeof KEY_FORMS;
