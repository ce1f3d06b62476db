import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { isNonEmpty, type NonEmpty } from '../../proto/words/result.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { addDays, addYears, earliestDay, workingDayAfter } from './civil-days.ts';
import { examineEvidence } from './evidence.ts';
import type { OnFileEntry, TransferFacts } from './facts.ts';
import { type Positions, personsInHand } from './legal-facts.ts';
import type { OnFileCheck } from './rule.ts';
import type { RulesInForce } from './rule-book.ts';
import { standsUnder } from './weigh.ts';

/** Does a document count for this transfer, until which day (not included), or why not? */
export type Standing =
  | { readonly counts: true; readonly until: CivilDate; readonly remark?: Bilingual }
  | { readonly counts: false; readonly problems: NonEmpty<Bilingual> };

/** A condition met for good (`null`), met until a day, or not met. */
type Finding = { readonly until: CivilDate | null } | { readonly problem: Bilingual };

/**
 * Examines one document on file against its own dates and every condition that the rules in force set for its kind.
 * All that is wrong with it is reported. A condition that cannot be examined is not met.
 */
export function standingOf(
  entry: OnFileEntry,
  facts: TransferFacts,
  law: RulesInForce,
  positions: Positions,
): Standing {
  const conditions = law.onFile.filter((row) => row.kind === entry.kind && standsUnder(row.reading, positions));
  const findings = [withinDates(entry, facts), ...conditions.map((row) => examine(row.requires, entry, facts, law))];
  const problems = findings.flatMap((finding) => ('problem' in finding ? [finding.problem] : []));
  const remark = countedOtherwise(entry);
  if (isNonEmpty(problems)) {
    const [first, ...others] = problems;
    return { counts: false, problems: [first, ...others, ...(remark === undefined ? [] : [remark])] };
  }
  const ends = findings.flatMap((finding) => ('until' in finding && finding.until !== null ? [finding.until] : []));
  const until = earliestDay(entry.validUntil, ends);
  return { counts: true, until, ...(remark === undefined ? {} : { remark }) };
}

function examine(check: OnFileCheck, entry: OnFileEntry, facts: TransferFacts, law: RulesInForce): Finding {
  switch (check.check) {
    case 'covers':
      return covers(check.scope, entry, facts);
    case 'term':
      return withinTerm(check.yearsMax, entry, facts);
    case 'scale':
      return withinScale(entry, facts);
    case 'after-geographic-clearance':
      return afterClearance(entry, facts, () => true);
    case 'after-own-geographic-clearance':
      return afterClearance(entry, facts, isForTransfer);
    case 'filed-in-time':
      return filedInTime(check.workingDays, entry, facts, law);
    case 'filed-first':
      return filedFirst(entry, facts);
    case 'status':
      return statusIsFresh(check.ageDaysMax, entry, facts);
    case 'unchanged':
      return isUnchanged(entry);
    case 'kinds-covered':
      return coversKinds(entry, facts);
    case 'manner-covered':
      return coversManner(entry, facts);
    default: {
      const problem = examineEvidence(check, entry, facts, law);
      return problem === undefined ? { until: null } : { problem };
    }
  }
}

function withinDates(entry: OnFileEntry, { on }: TransferFacts): Finding {
  if (on < entry.validFrom) return notMet(`not in effect before ${entry.validFrom}`, `${entry.validFrom} 起方生效`);
  if (on >= entry.validUntil) return notMet(`lapsed on ${entry.validUntil}`, `已于 ${entry.validUntil} 失效`);
  return { until: entry.validUntil };
}

function covers(scope: 'recipient' | 'dataset' | 'purpose', entry: OnFileEntry, facts: TransferFacts): Finding {
  const [listed, wanted] = {
    recipient: [entry.recipients, facts.recipient.id] as const,
    dataset: [entry.datasets, facts.dataset.id] as const,
    purpose: [entry.purposes, facts.purpose] as const,
  }[scope];
  if (listed.includes(wanted)) return { until: null };
  return notMet(`does not cover the ${scope} \`${wanted}\``, `未涵盖${SCOPE_ZH[scope]} \`${wanted}\``);
}

function withinTerm(yearsMax: number, entry: OnFileEntry, { on }: TransferFacts): Finding {
  const end = addYears(entry.validFrom, yearsMax);
  if (on < end) return { until: end };
  return notMet(`its legal term of ${yearsMax} years ended on ${end}`, `法定有效期 ${yearsMax} 年，已于 ${end} 届满`);
}

function withinScale(entry: OnFileEntry, facts: TransferFacts): Finding {
  if (entry.kind !== 'security-assessment') return CANNOT_EXAMINE;
  const inHand = personsInHand(facts);
  if (!inHand.known) return notMet('its scale cannot be compared: persons unknown', '人数不明，无法核对其规模');
  const { personsBefore, personsMax, counted } = entry.scale;
  // Of what a person states and what is counted the greater: neither is a reason to send more.
  const persons = Math.max(personsBefore + inHand.value, counted?.projected ?? 0);
  if (persons <= personsMax) return withinVolume(entry, facts);
  return notMet(
    `this transfer would bring it to ${persons} persons, over its ${personsMax}`,
    `本次出境将使其达到 ${persons} 人，超过批准的 ${personsMax} 人`,
  );
}

/** What a person states of an assessment is held against what was counted in its scope. */
function countedOtherwise(entry: OnFileEntry): Bilingual | undefined {
  if (entry.kind !== 'security-assessment') return undefined;
  const { scale, volume } = entry;
  const persons = scale.counted?.before ?? 0;
  const bytes = volume?.bytesCounted ?? 0;
  if (persons <= scale.personsBefore && bytes <= (volume?.bytesBefore ?? bytes)) return undefined;
  const [stated, counted] = [
    `${scale.personsBefore} / ${volume?.bytesBefore ?? '-'}`,
    `${persons} / ${volume?.bytesCounted ?? '-'}`,
  ];
  return bilingual(
    `it states ${stated} persons and bytes sent before, and ${counted} are counted: the greater were taken`,
    `其载明此前已出境（人数/字节）${stated}，而累计统计为 ${counted}：按较大者计`,
  );
}

/** NDR art. 38 speaks of scale: persons, and how much. */
function withinVolume(
  { volume }: Extract<OnFileEntry, { kind: 'security-assessment' }>,
  { dataset }: TransferFacts,
): Finding {
  if (volume === undefined) return { until: null };
  if (dataset.bytes === undefined)
    return notMet('its volume cannot be compared: bytes unknown', '数据量不明，无法核对其规模');
  const bytes = Math.max(volume.bytesBefore, volume.bytesCounted ?? 0) + dataset.bytes;
  if (bytes <= volume.bytesMax) return { until: null };
  return notMet(
    `this transfer would bring it to ${bytes} bytes, over its ${volume.bytesMax}`,
    `本次出境将使其达到 ${bytes} 字节，超过批准的 ${volume.bytesMax} 字节`,
  );
}

/** G26 Note 3: geographic clearance comes before the application for assessment. An entry since lapsed shows it too. */
function afterClearance(
  entry: OnFileEntry,
  facts: TransferFacts,
  isOurs: (clearance: OnFileEntry, facts: TransferFacts) => boolean,
): Finding {
  if (entry.kind !== 'security-assessment') return CANNOT_EXAMINE;
  if (facts.dataset.geographic === 'absent') return { until: null };
  const cleared = facts.onFile.some(
    (other) =>
      (other.kind === 'map-review' || other.kind === 'external-provision-approval') &&
      other.datasets.includes(facts.dataset.id) &&
      isOurs(other, facts) &&
      other.validFrom <= entry.appliedOn &&
      entry.appliedOn < other.validUntil,
  );
  if (cleared) return { until: null };
  return notMet(
    'applied for before the geographic data had been cleared',
    '申报评估时，地理信息数据尚未完成地图审核或对外提供审批',
  );
}

/** A map review is of the data, whoever receives it; an approval is given for a recipient and a purpose. */
function isForTransfer({ kind, recipients, purposes }: OnFileEntry, { recipient, purpose }: TransferFacts): boolean {
  return kind === 'map-review' || (recipients.includes(recipient.id) && purposes.includes(purpose));
}

/**
 * D4 as taken: the contract serves from its effect, and its filing has to follow within the term.
 * Each working day is a day, so the n-th calendar day is in time under any calendar, known or not.
 */
function filedInTime(
  workingDays: number,
  entry: OnFileEntry,
  { on }: TransferFacts,
  { calendars }: RulesInForce,
): Finding {
  if (entry.kind !== 'standard-contract') return CANNOT_EXAMINE;
  const { filing } = entry;
  if (filing.state === 'refused') return notMet('its filing was refused', '备案未获通过');
  if (filing.state === 'unknown') return notMet('whether it has been filed is unknown', '是否备案不明');
  const due = workingDayAfter(entry.validFrom, workingDays, calendars);
  const lastSureDay = due === 'unknown' ? addDays(entry.validFrom, workingDays) : due;
  if (filing.state === 'filed' && filing.on <= lastSureDay) return { until: null };
  if (filing.state === 'not-filed' && on <= lastSureDay) return { until: addDays(lastSureDay, 1) };
  if (due === 'unknown') {
    return notMet(
      'when its filing was due cannot be counted: a year without a calendar of working days',
      '缺少该年度工作日历，无法计算备案期限',
    );
  }
  return filing.state === 'filed'
    ? notMet(`filed on ${filing.on}, after the last day ${due}`, `备案日 ${filing.on} 晚于期限 ${due}`)
    : notMet(`its filing was due by ${due}`, `应于 ${due} 前备案，已逾期`);
}

/** D4 by the other reading: no transfer before the filing number. */
function filedFirst(entry: OnFileEntry, { on }: TransferFacts): Finding {
  if (entry.kind !== 'standard-contract') return CANNOT_EXAMINE;
  if (entry.filing.state === 'filed' && entry.filing.on <= on) return { until: null };
  return notMet('it has no filing number yet', '尚无备案编号');
}

function statusIsFresh(ageDaysMax: number, entry: OnFileEntry, { on }: TransferFacts): Finding {
  if (entry.kind !== 'certification') return CANNOT_EXAMINE;
  const { state, checkedOn } = entry.status;
  if (state !== 'valid') return notMet(`its status is \`${state}\``, `证书状态为 \`${state}\``);
  const end = addDays(checkedOn, ageDaysMax + 1);
  if (on < end) return { until: end };
  return notMet(
    `its status was last checked on ${checkedOn}, more than ${ageDaysMax} days ago`,
    `证书状态上次核验于 ${checkedOn}，已超过 ${ageDaysMax} 天`,
  );
}

/** Whatever was otherwise is named, so that the new document is made about that. */
function isUnchanged({ changed = [] }: OnFileEntry): Finding {
  if (changed.length === 0) return { until: null };
  const [en, zh] = [
    changed.map(({ what, id }) => `${what} \`${id}\``),
    changed.map(({ what, id }) => `${CHANGE_ZH[what]} \`${id}\``),
  ];
  return notMet(`changed since it was made: ${en.join(', ')}`, `作出后已发生变更：${zh.join('、')}`);
}

function coversKinds(entry: OnFileEntry, { dataset }: TransferFacts): Finding {
  const listed = 'kinds' in entry ? entry.kinds : undefined;
  const beyond = dataset.kinds.filter((kind) => listed?.includes(kind) === false).toSorted();
  if (beyond.length === 0) return { until: null };
  return entry.kind === 'pipia'
    ? notMet(`does not assess the kinds ${beyond.join(', ')}`, `未评估的数据种类：${beyond.join('、')}`)
    : notMet(`does not cover the kinds ${beyond.join(', ')}`, `未涵盖的数据种类：${beyond.join('、')}`);
}

function coversManner(entry: OnFileEntry, { manner }: TransferFacts): Finding {
  const listed: readonly string[] | undefined = 'manners' in entry ? entry.manners : undefined;
  if (listed?.includes(manner) !== false) return { until: null };
  return notMet(`does not cover the manner \`${manner}\``, `未涵盖出境方式 \`${manner}\``);
}

function notMet(en: string, zh: string): Finding {
  return { problem: bilingual(en, zh) };
}

/** A table row that sets a condition for a kind that cannot have it; it withholds. */
const CANNOT_EXAMINE: Finding = notMet(
  'a condition is set for it that its kind cannot meet',
  '所设条件不适用于该类文件',
);

const CHANGE_ZH = { purpose: '目的', recipient: '接收方', kinds: '数据种类', rules: '规则', consent: '同意' } as const;

const SCOPE_ZH = { recipient: '接收方', dataset: '数据集', purpose: '目的' } as const;
