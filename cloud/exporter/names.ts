import type { Brand } from '../../proto/words/result.ts';

/** Names a transfer in directories, URLs and logs; the cloud draws it, so it says nothing of a person or a vehicle. */
export type TransferId = Brand<string, 'TransferId'>;

/** Name of a file of a parcel: one path segment that is the same on every file system and needs no escaping in a URL. */
export type FileName = Brand<string, 'FileName'>;

export const MANIFEST_NAME = 'manifest.json' as FileName;
export const PERMIT_NAME = 'permit.bin';
export const RECEIPT_NAME = 'receipt.bin';

/** Starts with a letter or digit, so neither `.` nor `..` nor a hidden file; no dot, so that `<id>.json` has one reading. */
export function isTransferId(text: string): text is TransferId {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);
}

export function isFileName(text: string): text is FileName {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text);
}

/** A file that carries data: no data file may take a name that means something else in a parcel's directory. */
export function isDataFileName(text: string): text is FileName {
  return isFileName(text) && !RESERVED.includes(text.toLowerCase());
}

const RESERVED: readonly string[] = [MANIFEST_NAME, PERMIT_NAME, RECEIPT_NAME];
