import { closeSync, constants, openSync } from 'node:fs';
import { FILE_MODE, writeWhole } from './durable-file.ts';

/**
 * A file beside a log that is derived from its entries and believed only as far as the log bears it out. Writing it never fails: one
 * that cannot be written is left as it is from then on, and some opening makes it again.
 */
export interface DerivedFile {
  readonly append: (bytes: Uint8Array) => void;
  readonly close: () => void;
}

/** What has to be done before anything is added; each throws the system error. */
interface Beginning {
  /** At once. */
  readonly settle?: () => void;
  /** When the file is opened for the first bytes. */
  readonly begin?: (fd: number) => void;
}

export function derivedFile(path: string, { settle, begin }: Beginning): DerivedFile {
  let file: number | undefined;
  let isKept = true;
  const attempt = (work: () => void): void => {
    if (!isKept) return;
    try {
      work();
    } catch {
      isKept = false;
    }
  };
  if (settle !== undefined) attempt(settle);
  return {
    append: (bytes) =>
      attempt(() => {
        if (bytes.length === 0) return;
        file ??= opened(path, begin);
        writeWhole(file, bytes, null);
      }),
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
      isKept = false;
    },
  };
}

function opened(path: string, begin?: (fd: number) => void): number {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, FILE_MODE);
  try {
    begin?.(fd);
    return fd;
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
}
