import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';

export function updateUnsaved(cause: unknown): Fault<'UPDATE_UNSAVED'> {
  const text = causeText(cause);
  return {
    code: 'UPDATE_UNSAVED',
    problem: bilingual(`a step of a software update could not be done: ${text}`, `软件升级的一个步骤未能完成：${text}`),
    remedy: bilingual(
      'free space beside `spool.file`, and look at the program of `updates`; the step is tried again by itself',
      '请释放 `spool.file` 所在分区空间并检查 `updates` 程序；系统会自动重试该步骤',
    ),
    retry: 'later',
  };
}
