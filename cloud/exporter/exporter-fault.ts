import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type ExporterFaultCode, FAULT_ROWS } from './faults.table.ts';

export type ExporterFault = Fault<ExporterFaultCode>;

/**
 * A fault of the table, with what it was about.
 *
 * @param detail - short and safe to print: a checked name, a code, a key of the configuration; never content of a parcel
 */
export function exporterFault(code: ExporterFaultCode, detail = ''): ExporterFault {
  const [en, zh, remedyEn, remedyZh, retry] = FAULT_ROWS[code];
  const shown = detail.slice(0, DETAIL_CHARACTERS_MAX).replaceAll(/[`\r\n]/g, ' ');
  return {
    code,
    problem: shown === '' ? bilingual(en, zh) : bilingual(`${en}: \`${shown}\``, `${zh}：\`${shown}\``),
    remedy: bilingual(remedyEn, remedyZh),
    retry,
  };
}

/** `ENOENT` and the like, for faults of files and sockets; names no path. */
export function errorCode(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/** A file or socket call that failed, as against a bug: only system errors carry a code. */
export function isSystemError(cause: unknown): boolean {
  return errorCode(cause) !== 'UNKNOWN';
}

const DETAIL_CHARACTERS_MAX = 200;
