import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, type Instant } from '../../proto/words/time.ts';
import { replaceDurably } from '../adapters/durable-files.ts';
import type { CloudConfig } from '../config/config.ts';
import type { LawBook } from '../rules/law-book.ts';
import { readOperatorLaw } from '../rules/operator-file.ts';
import { SHIPPED_LAW, SHIPPED_PARTS } from '../rules/shipped-rules.ts';
import type { FactsInput } from '../transfer/facts.ts';
import { type CalendarRow, READING_IDS } from '../transfer/rule.ts';
import { rulesOn } from '../transfer/rule-book.ts';

export interface OpenLaw {
  readonly law: LawBook;
  /** Legal sign-offs of the operator's file that switch readings of verdicts; they enter the facts of every transfer. */
  readonly signOffs: FactsInput['signOffs'];
  /** Day of the sign-off on CNT-8; undefined while exempted transfers count. */
  readonly exemptUncountedFrom?: CivilDate;
}

/**
 * The law of this installation: the shipped rows, and the operator's over them where the configuration names his file.
 *
 * The file is kept beside the logs under its hash before anything is decided by it, so that a verdict can be derived again
 * when he has long changed it.
 *
 * Faults: those of the file, and what keeps it from being read or kept. Then nothing may be decided.
 */
export function openLaw({ config, path }: LoadedConfig<CloudConfig>): Result<OpenLaw, Fault> {
  if (config.rules === undefined) return ok({ law: SHIPPED_LAW, signOffs: [] });
  try {
    const bytes = readFileSync(path(config.rules.operatorFile));
    const read = readOperatorLaw(bytes.toString('utf8'), SHIPPED_PARTS);
    if (!read.ok) return fail(read.fault[0] ?? unkept('no fault is named'));
    keep(bytes, rulesArchive(path(config.log.directory)));
    const { law, file } = read.value;
    const signOffs = file.readings.flatMap(({ reading, signOff }) => {
      const switched = READING_IDS.find((id) => id === reading);
      const signed = file.signOffs.find(({ id }) => id === signOff);
      return switched === undefined || signed === undefined
        ? []
        : [{ id: signed.id, reading: switched, on: signed.on as string, by: signed.by }];
    });
    const reading = file.readings.find((one) => one.reading === 'CNT-8');
    const counting = file.signOffs.find(({ id }) => id === reading?.signOff)?.on;
    return ok({ law, signOffs, ...(counting === undefined ? {} : { exemptUncountedFrom: counting as CivilDate }) });
  } catch (cause) {
    return fail(unkept(causeText(cause)));
  }
}

/** Every mistake of the operator's file of rules, which is not kept and decides nothing; none where there is no file. */
export function lawFaults({ config, path }: LoadedConfig<CloudConfig>): readonly Fault[] {
  if (config.rules === undefined) return [];
  try {
    const read = readOperatorLaw(readFileSync(path(config.rules.operatorFile), 'utf8'), SHIPPED_PARTS);
    return read.ok ? [] : read.fault;
  } catch (cause) {
    return [unkept(causeText(cause))];
  }
}

/** Working days as they are known on the day of an instant, the operator's years among them. */
export function calendarsOn({ law }: OpenLaw, at: Instant): readonly CalendarRow[] {
  return rulesOn(law.verdicts, civilDateOf(at)).calendars;
}

/** Where operator's files lie that verdicts were given under. */
export function rulesArchive(logDirectory: string): string {
  return join(logDirectory, 'rules');
}

/** The name of a kept file is the SHA-256 of its bytes. */
export function keptName(bytes: Uint8Array): string {
  return `${createHash('sha256').update(bytes).digest('hex')}.yaml`;
}

/** Whole and on disk, or not there: it is written beside and renamed. */
function keep(bytes: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const file = join(directory, keptName(bytes));
  if (!existsSync(file)) replaceDurably(file, bytes);
}

function unkept(cause: string): Fault<'RULES_FILE_UNREADABLE'> {
  return {
    code: 'RULES_FILE_UNREADABLE',
    problem: bilingual(
      `the operator's file of rules cannot be read or kept: ${cause}`,
      `无法读取或留存运营者规则文件：${cause}`,
    ),
    remedy: bilingual(
      'check `rules.operatorFile` and the rights of the log directory',
      '检查 `rules.operatorFile` 及日志目录的权限',
    ),
    retry: 'after-remedy',
  };
}
