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
