import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { unreachable } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, parseInstant } from '../../proto/words/time.ts';
import { addDays } from './civil-days.ts';
import type { OnFileEntry, TransferFacts } from './facts.ts';
import type { OnFileCheck } from './rule.ts';
import type { RulesInForce } from './rule-book.ts';

/** Checks that only evidence of an exemption has to pass. */
export type EvidenceCheck = Extract<
  OnFileCheck,
  {
    readonly check:
      | 'states'
      | 'before-transfer'
      | 'same-content'
      | 'among-reported'
      | 'personal-only'
      | 'kinds-only'
      | 'days'
      | 'zone-list';
  }
>;

/** Undefined where the check is passed; else why not. What a record lacks, or does not know, it does not pass. */
export function examineEvidence(
  check: EvidenceCheck,
  entry: OnFileEntry,
  facts: TransferFacts,
  law: RulesInForce,
): Bilingual | undefined {
  switch (check.check) {
    case 'states':
      return check.in.some((value) => value === valueUnder(entry, check.key)) ? undefined : check.problem;
    case 'before-transfer':
      return isBefore(valueUnder(entry, check.key), facts) ? undefined : NOT_BEFORE;
    case 'same-content':
      return isContent(facts, [valueUnder(entry, check.key)]) ? undefined : OTHER_CONTENT;
    case 'among-reported': {
      const reported = valueUnder(entry, check.key);
      return Array.isArray(reported) && isContent(facts, reported) ? undefined : NOT_REPORTED;
    }
    case 'personal-only':
      return facts.dataset.personal === 'present' ? undefined : NOT_PERSONAL;
    case 'kinds-only':
      return facts.dataset.kinds.every((kind) => check.kinds.includes(kind)) ? undefined : OTHER_KINDS;
    case 'days':
      return entry.validUntil <= addDays(entry.validFrom, check.daysMax)
        ? undefined
        : bilingual(`it runs for more than ${check.daysMax} days`, `有效期超过 ${check.daysMax} 天`);
    case 'zone-list':
      return zoneListProblem(entry, facts, law);
    default:
      return unreachable(check);
  }
}

function valueUnder(entry: OnFileEntry, key: string): unknown {
  return Object.entries(entry).find(([name]) => name === key)?.[1];
}

/**
 * Strictly before. Where the facts have no instant of the transfer, an earlier day is asked for: on the day itself nobody
 * could tell which came first.
 */
function isBefore(value: unknown, { on, at }: TransferFacts): boolean {
  const reported = typeof value === 'string' ? parseInstant(value) : undefined;
  if (reported?.ok !== true) return false;
  const transfer = at === undefined ? undefined : parseInstant(at);
  if (transfer?.ok === true) return reported.value < transfer.value;
  const day: CivilDate = civilDateOf(reported.value);
  return day < on;
}

function isContent({ dataset }: TransferFacts, hashes: readonly unknown[]): boolean {
  return dataset.sha256 !== undefined && hashes.includes(dataset.sha256);
}

function zoneListProblem(entry: OnFileEntry, { processor }: TransferFacts, law: RulesInForce): Bilingual | undefined {
  if (entry.kind !== 'exemption-6-evidence') return NO_LIST;
  const list = law.zoneLists.find(({ id }) => id === entry.list);
  if (list?.version !== entry.listVersion || list.automotive !== 'yes') return NO_LIST;
  return processor.ciio === 'no' || list.opensToCiio === 'yes' ? undefined : SHUT_TO_CIIO;
}

const NOT_BEFORE = bilingual(
  'what had to come first did not come before the transfer',
  '应先行完成的事项未早于本次出境',
);
const OTHER_CONTENT = bilingual(
  'its hash is not that of the content in hand (`dataset.sha256`)',
  '其摘要与本次出境内容（`dataset.sha256`）不一致',
);
const NOT_REPORTED = bilingual(
  'the content in hand (`dataset.sha256`) is not among what was reported',
  '本次出境内容（`dataset.sha256`）不在已报告的范围内',
);
const NOT_PERSONAL = bilingual('the dataset is not shown to hold personal information', '未能证明数据集为个人信息');
const OTHER_KINDS = bilingual(
  'the dataset holds kinds that the exemption does not cover',
  '数据集含有豁免未涵盖的种类',
);
const NO_LIST = bilingual(
  'no row of a zone list in force has this id and version and speaks of vehicles; an operator adds it',
  '没有现行的、涉及汽车的同名同版本自贸区清单行；须由运营者补充',
);
const SHUT_TO_CIIO = bilingual(
  'the list is not shown to be open to this processor',
  '未能证明该清单适用于该数据处理者',
);
