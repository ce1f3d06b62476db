import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { OnFileKind, TransferFacts } from './facts.ts';
import type { Missing } from './verdict.ts';

type SetAside = NonNullable<TransferFacts['setAside']>[number];

/** Documents of some kinds that were not weighed, as a verdict names those that do not count. */
export function setAsideOf({ setAside = [] }: TransferFacts, kinds: readonly OnFileKind[]): Missing['considered'] {
  return setAside
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ id, kind, why }) => ({ id, kind, problems: [PROBLEMS[why]] as const }));
}

const PROBLEMS: Readonly<Record<SetAside['why'], Bilingual>> = {
  withdrawn: bilingual('it was withdrawn from the register', '已从登记册撤回'),
  'document-changed': bilingual(
    'a document attached to it has changed or is gone since it was attached',
    '其所附文件自附上后已变更或缺失',
  ),
  'register-speaks': bilingual(
    'the configuration names it, and an entry of the register for this transfer takes its place: add or mend that entry',
    '该文件仅载于配置，而登记册已有针对本次出境的条目并取而代之：请补登或更正该条目',
  ),
  'not-begun': bilingual('the emergency that it states has not begun', '其所载紧急情况尚未开始'),
  ended: bilingual('the emergency that it states is over', '其所载紧急情况已结束'),
  'not-approved': bilingual(
    'the person who approved it may not approve by the authority matrix of today',
    '按今日的授权矩阵，其批准人无审批权限',
  ),
  'notice-missing': bilingual(
    'the notice that it rests on is not in the register as it was, or not for this transfer',
    '其所依据的告知在登记册中已不存在、已变更，或不适用于本次出境',
  ),
};
