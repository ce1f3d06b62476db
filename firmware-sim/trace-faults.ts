import { LINE_PROBLEMS, type LineProblem } from '../proto/traces/trace-format.ts';
import { bilingual, causeText, type Fault } from '../proto/words/fault.ts';
import { VEHICLES_MAX } from './fleet.ts';

export type TraceFault = Fault<
  'TRACE_EMPTY' | 'TRACE_HEADER' | 'TRACE_LINE' | 'TRACE_TOO_LARGE' | 'TRACE_UNREADABLE' | 'TRACE_FILES'
>;

export const TRACE_FILES_MAX = 1_000;
export const FILE_POINTS_MAX = 1_000_000;
export const FILE_LINES_MAX = 5_000_000;
/** Over all files of one run; a point takes 32 bytes of memory. */
export const POINTS_MAX = 2_000_000;

/** @param line - number in the file, from 1 */
export function brokenLine(file: string, line: number, problem: LineProblem): TraceFault {
  const { en, zh } = LINE_PROBLEMS[problem];
  return {
    code: 'TRACE_LINE',
    problem: bilingual(`\`${file}\` line ${line}: ${en}`, `\`${file}\` 第 ${line} 行：${zh}`),
    remedy: bilingual(
      'correct the line, or leave it out: the replay goes on without it',
      '更正该行；也可不处理，回放会跳过该行',
    ),
    retry: 'after-remedy',
  };
}

export function unknownHeader(file: string): TraceFault {
  return {
    code: 'TRACE_HEADER',
    problem: bilingual(`the first line of \`${file}\` is not a header we know`, `\`${file}\` 的首行不是已知表头`),
    remedy: bilingual(
      'give the file one of the header lines listed in docs/raw-frames.md',
      '请使用 docs/raw-frames.md 所列的表头之一',
    ),
    retry: 'after-remedy',
  };
}

export function empty(file: string): TraceFault {
  return {
    code: 'TRACE_EMPTY',
    problem: bilingual(`\`${file}\` holds no usable point`, `\`${file}\` 中没有可用的定位点`),
    remedy: bilingual('name a file with a header and at least one good line', '请指定含表头且至少有一条有效行的文件'),
    retry: 'after-remedy',
  };
}

export function tooLarge(file: string): TraceFault {
  return {
    code: 'TRACE_TOO_LARGE',
    problem: bilingual(
      `\`${file}\` goes over a limit: ${FILE_POINTS_MAX} points, ${FILE_LINES_MAX} lines or ${VEHICLES_MAX} vehicles a file, ${POINTS_MAX} points in all`,
      `\`${file}\` 超出限制：每个文件 ${FILE_POINTS_MAX} 个点、${FILE_LINES_MAX} 行或 ${VEHICLES_MAX} 辆车，总计 ${POINTS_MAX} 个点`,
    ),
    remedy: bilingual('replay fewer or smaller files at a time', '请减少每次回放的文件数量或大小'),
    retry: 'after-remedy',
  };
}

export function unreadable(file: string, cause: unknown): TraceFault {
  return {
    code: 'TRACE_UNREADABLE',
    problem: bilingual(
      `\`${file}\` cannot be read to its end: ${causeText(cause)}`,
      `无法读完 \`${file}\`：${causeText(cause)}`,
    ),
    remedy: bilingual('check the path, the rights and that the archive is whole', '请检查路径、权限以及压缩包是否完整'),
    retry: 'after-remedy',
  };
}

export function tooManyFiles(count: number): TraceFault {
  return {
    code: 'TRACE_FILES',
    problem: bilingual(
      `${count} trace files given, at most ${TRACE_FILES_MAX} are read`,
      `给出 ${count} 个轨迹文件，最多读取 ${TRACE_FILES_MAX} 个`,
    ),
    remedy: bilingual('replay fewer files at a time', '请减少每次回放的文件数量'),
    retry: 'after-remedy',
  };
}
