import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';

/** The file with an operator's rows, or the words of an overlay, cannot be read. @param cause - what was thrown */
export function catalogueUnreadable(cause: unknown): Fault<'CATALOGUE_UNREADABLE'> {
  return {
    code: 'CATALOGUE_UNREADABLE',
    problem: bilingual(`the file cannot be read: ${causeText(cause)}`, `无法读取文件：${causeText(cause)}`),
    remedy: bilingual('check the path and the rights of the file', '检查路径和文件权限'),
    retry: 'after-remedy',
  };
}
