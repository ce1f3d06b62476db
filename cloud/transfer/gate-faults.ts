import { bilingual, type Fault } from '../../proto/words/fault.ts';

/** The registers and the classification do not come to facts that can be weighed. */
export function noFacts(): Fault {
  return {
    code: 'FACTS_INCOMPLETE',
    problem: bilingual('the facts of the transfer could not be put together', '无法形成本次出境的事实'),
    remedy: bilingual('run `tongguan config check`', '请运行 `tongguan config check`'),
    retry: 'after-remedy',
  };
}

/** A dataset was defined for other purposes than the one it is asked for. */
export function otherPurpose(): Fault<'DATASET_PURPOSE'> {
  return {
    code: 'DATASET_PURPOSE',
    problem: bilingual('the dataset was not defined for this purpose', '数据集的定义不包含该目的'),
    remedy: bilingual(
      'ask for one of the purposes of its definition, or define a dataset for this one',
      '请使用定义中的目的，或为该目的另行定义数据集',
    ),
    retry: 'after-remedy',
  };
}

/** An emergency stop is in force: nothing is cleared, whatever the verdict. */
export function exportsStopped(): Fault<'EXPORTS_STOPPED'> {
  return {
    code: 'EXPORTS_STOPPED',
    problem: bilingual(
      'an emergency stop is in force: nothing is cleared for export',
      '紧急停止生效中，不放行任何出境',
    ),
    remedy: bilingual(
      'nothing leaves until two persons have resumed: see `tongguan emergency status`',
      '须经两人恢复后方可出境：参见 `tongguan emergency status`',
    ),
    retry: 'after-remedy',
  };
}
