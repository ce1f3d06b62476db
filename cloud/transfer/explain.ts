import type { Bilingual } from '../../proto/words/fault.ts';
import { INSTRUMENTS } from '../rules/instruments.table.ts';
import type { Citation, Instrument } from './rule.ts';
import type { DecidingRule, JoinedFinding, Missing, Note, Permit, Route, Verdict, WithholdCause } from './verdict.ts';

export type Language = keyof Bilingual;

/**
 * A verdict as lines for a person: what was decided, under which articles, what is missing and how to mend it.
 *
 * It adds nothing to the verdict and leaves nothing of weight out, so it can be filed beside the JSON.
 */
export function explain(
  verdict: Verdict,
  language: Language,
  instruments: readonly Instrument[] = INSTRUMENTS,
): readonly string[] {
  const word = WORDS[language];
  return [
    headline(verdict, language),
    ...(verdict.decision === 'permit' ? reliance(verdict, language) : []),
    ...(verdict.joined === undefined ? [] : joinedLines(verdict.joined, language)),
    '',
    verdict.decision === 'permit' ? word.permittedBy : word.withheldBy,
    ...verdict.rules.flatMap((rule) => ruleLines(rule, language)),
    ...(verdict.decision === 'withhold' ? ['', word.missing] : []),
    ...verdict.missing.flatMap((missing, index) => missingLines(missing, index + 1, language)),
    ...(verdict.notes.length > 0 ? ['', word.notes] : []),
    ...verdict.notes.flatMap((note) => noteLines(note, language)),
    '',
    word.texts,
    ...textsCited(
      [...verdict.rules, ...verdict.notes, ...(verdict.joined === undefined ? [] : [verdict.joined])].map(
        ({ citation }) => citation,
      ),
      language,
      instruments,
    ),
    '',
    `${word.factsDigest} ${verdict.factsDigest}`,
    `${word.rulesDigest} ${verdict.rulesDigest}`,
  ];
}

/** `PIPL art. 39`; `textsCited` says what PIPL is. */
export function cite({ instrument, article, articleZh }: Citation, language: Language): string {
  return `${instrument} ${language === 'en' ? article : articleZh}`;
}

/** Title and number of each instrument, in the order of the table. */
export function textsCited(
  citations: readonly Pick<Citation, 'instrument'>[],
  language: Language,
  instruments: readonly Instrument[] = INSTRUMENTS,
): readonly string[] {
  return instruments
    .filter(({ id }) => citations.some(({ instrument }) => instrument === id))
    .map(({ id, title, number }) => `  ${id}  ${title[language]} (${number})`);
}

/** The first of what was joined; `--json` has more. */
function joinedLines({ text, citation, transfers }: JoinedFinding, language: Language): readonly string[] {
  return [`  ${text[language]} (${cite(citation, language)})`, `      ${transfers.slice(-JOINED_TOLD).join(', ')}`];
}

const JOINED_TOLD = 8;

function headline(verdict: Verdict, language: Language): string {
  const word = WORDS[language];
  if (verdict.decision === 'permit') return `${word.permit}: ${UNDER[verdict.under][language]}`;
  return `${word.withhold}: ${CAUSE[verdict.because][language]} (${word.route}: ${ROUTE[verdict.route][language]})`;
}

function reliance({ reliedOn, standsUntil }: Permit, language: Language): readonly string[] {
  const word = WORDS[language];
  return [
    ...reliedOn.flatMap(({ kind, id, until, remark }) => [
      `  ${word.restsOn} \`${id}\` (${kind}), ${word.until} ${until}`,
      ...(remark === undefined ? [] : [`    ${remark[language]}`]),
    ]),
    `  ${word.standsUntil} ${standsUntil}`,
  ];
}

function ruleLines(rule: DecidingRule, language: Language): readonly string[] {
  const unknown = rule.outcome === 'unknown' ? ` [${WORDS[language].cannotBeAnswered}]` : '';
  return [`  ${rule.id}${unknown}  ${cite(rule.citation, language)}`, `      ${rule.reason[language]}`];
}

function missingLines(
  { title, rules, remedy, considered }: Missing,
  number: number,
  language: Language,
): readonly string[] {
  const word = WORDS[language];
  return [
    `  ${number}. ${title[language]} (${rules.join(', ')})`,
    `      ${word.remedy}: ${remedy[language]}`,
    ...considered.map(
      ({ id, problems }) =>
        `      ${word.doesNotCount} \`${id}\`: ${problems.map((problem) => problem[language]).join('; ')}`,
    ),
  ];
}

function noteLines({ id, text, otherReading, signOff, citation }: Note, language: Language): readonly string[] {
  const word = WORDS[language];
  return [
    `  ${id}  ${text[language]} (${cite(citation, language)})`,
    ...(otherReading === undefined ? [] : [`      ${word.otherReading}: ${otherReading[language]}`]),
    ...(signOff === undefined ? [] : [`      ${word.signedOff} \`${signOff}\``]),
  ];
}

const WORDS = {
  en: {
    permit: 'PERMIT',
    withhold: 'WITHHOLD',
    route: 'route',
    restsOn: 'rests on',
    until: 'until',
    standsUntil: 'to be decided anew from',
    permittedBy: 'Rules that were met',
    withheldBy: 'Rules that withhold',
    cannotBeAnswered: 'cannot be answered',
    missing: 'What is missing',
    remedy: 'remedy',
    doesNotCount: 'on file but not counted',
    notes: 'Readings and remarks',
    otherReading: 'other reading',
    signedOff: 'switched by legal sign-off',
    texts: 'Texts cited',
    factsDigest: 'facts sha256',
    rulesDigest: 'rules sha256',
  },
  zh: {
    permit: '准予出境',
    withhold: '暂不出境',
    route: '路径',
    restsOn: '依据',
    until: '有效至（不含）',
    standsUntil: '须重新裁定的日期：',
    permittedBy: '已满足的规则',
    withheldBy: '作出暂不出境裁定的规则',
    cannotBeAnswered: '无法判断',
    missing: '尚缺',
    remedy: '办法',
    doesNotCount: '已备但不计入',
    notes: '解释与说明',
    otherReading: '另一种解释',
    signedOff: '经法务签认切换',
    texts: '引用文件',
    factsDigest: '事实摘要 sha256',
    rulesDigest: '规则摘要 sha256',
  },
} as const;

/** What each way out of the country is called. */
export const ROUTE: Readonly<Record<Route, Bilingual>> = {
  'security-assessment': { en: 'data-export security assessment', zh: '数据出境安全评估' },
  'contract-or-certification': { en: 'standard contract or certification', zh: '个人信息出境标准合同或认证' },
  'exemption-1': { en: 'exemption (1)', zh: '第（1）项豁免' },
  'exemption-2': { en: 'exemption (2)', zh: '第（2）项豁免' },
  'exemption-3': { en: 'exemption (3)', zh: '第（3）项豁免' },
  'exemption-4': { en: 'exemption (4)', zh: '第（4）项豁免' },
  'exemption-5': { en: 'exemption (5)', zh: '第（5）项豁免' },
  'exemption-6': { en: 'exemption (6)', zh: '第（6）项豁免' },
  'exemption-7': { en: 'exemption (7)', zh: '第（7）项豁免' },
  'exemption-8': { en: 'exemption (8)', zh: '第（8）项豁免' },
  'exemption-9': { en: 'exemption (9)', zh: '第（9）项豁免' },
  'free-flow': { en: 'no automotive data, free flow', zh: '非汽车数据，自由流动' },
  'no-rule-in-force': { en: 'none in force', zh: '无现行规则' },
  undetermined: { en: 'cannot be told yet', zh: '尚无法确定' },
};

const UNDER: Readonly<Record<Permit['under'], Bilingual>> = {
  ...ROUTE,
  'standard-contract': { en: 'standard contract', zh: '个人信息出境标准合同' },
  certification: { en: 'certification', zh: '个人信息出境认证' },
};

const CAUSE: Readonly<Record<WithholdCause, Bilingual>> = {
  'never-exportable': {
    en: 'the dataset or the way it is sent can never be cleared; the rest would be missing once that is mended',
    zh: '数据集或出境方式绝对禁止；纠正后仍须补足其余各项',
  },
  'fact-unknown': { en: 'a fact that decides is unknown', zh: '关键事实不明' },
  'no-rule-in-force': { en: 'no rule in force covers it', zh: '没有适用的现行规则' },
  'demand-unmet': { en: 'a demand is not met', zh: '尚有要求未满足' },
};
