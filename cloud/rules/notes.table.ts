import type { CivilDate } from '../../proto/words/time.ts';
import type { NoteRow, Test } from '../transfer/rule.ts';

/**
 * Open readings of the law and remarks that a verdict shows where they touch it. A reading with a switch stands as
 * `taken` unless the facts carry a legal sign-off; `stricter` says which of the two lets less out.
 */
const day = (text: string) => text as CivilDate;

const personal: Test = { fact: 'personal', is: 'present' };
const onAnotherBasis: Test = {
  fact: 'legalBasis',
  in: [
    'contract',
    'human-resources',
    'statutory-duty',
    'emergency',
    'news-reporting',
    'published-information',
    'other-law',
  ],
};

const SWITCHED: readonly NoteRow[] = [
  {
    id: 'D1',
    reading: 'D1',
    from: day('2026-02-03'),
    when: [{ fact: 'importantByOwnCatalogueOnly', is: 'yes' }],
    taken: {
      en: "an entry in the processor's own catalogue makes important data by itself",
      zh: '数据处理者自行列入目录即视为重要数据',
    },
    other: {
      en: 'data so identified is important only once regulators have notified or published it',
      zh: '自行识别申报的数据，经主管部门告知或公布后方为重要数据',
    },
    stricter: 'taken',
    citation: {
      instrument: 'G26',
      article: 'II(6); NDR art. 37',
      articleZh: '二（六）；《网络数据安全管理条例》第37条',
    },
    confidence: 'seed',
  },
  {
    id: 'D2',
    reading: 'D2',
    from: day('2026-02-03'),
    when: [personal, { fact: 'sensitive', is: 'absent' }, { fact: 'sensitivePersonsOfYear', atLeast: 1 }],
    taken: {
      en: "the year's counter of sensitive persons decides, even for a transfer without sensitive personal information",
      zh: '即使本次不含敏感个人信息，仍以当年累计敏感个人信息人数为准',
    },
    other: {
      en: 'each transfer is judged by the kinds it holds itself',
      zh: '按本次出境数据自身的种类判断',
    },
    stricter: 'taken',
    citation: {
      instrument: 'G26',
      article: 'I(3) para. 2(2), para. 3(5)',
      articleZh: '一（三）第2款第(2)项、第3款第(5)项',
    },
    confidence: 'seed',
  },
  {
    id: 'D4',
    reading: 'D4',
    from: day('2026-02-03'),
    until: day('2026-11-23'),
    when: [{ fact: 'onFile', is: 'standard-contract' }],
    taken: {
      en: 'a transfer may start once the contract is in effect; a filing that is missed, late or refused withholds',
      zh: '标准合同生效后即可出境；逾期未备案、迟延备案或备案被拒则暂不出境',
    },
    other: { en: 'no transfer before the filing number is issued', zh: '取得备案编号后方可出境' },
    stricter: 'other',
    citation: { instrument: 'G26', article: 'III(3); D25 III.4', articleZh: '三（三）；2025年征求意见稿三（四）' },
    confidence: 'seed',
  },
  {
    id: 'D9',
    reading: 'D9',
    from: day('2026-02-03'),
    until: day('2026-11-23'),
    when: [personal, { fact: 'personsOfEitherKind', over: 100_000 }],
    taken: {
      en: 'the contract band of the 2026 Guidelines applies, although the 2021 Provisions call personal information of more than 100,000 subjects important data',
      zh: '适用2026版指引的标准合同或认证区间，尽管2021年若干规定将超过10万人的个人信息列为重要数据',
    },
    other: {
      en: 'personal information of more than 100,000 subjects is important data and needs an assessment',
      zh: '超过10万人的个人信息属于重要数据，应申报数据出境安全评估',
    },
    stricter: 'other',
    citation: { instrument: 'SP21', article: 'art. 3(5)', articleZh: '第3条第(5)项' },
    confidence: 'official',
  },
  {
    id: 'GEO-7',
    reading: 'GEO-7',
    from: day('2026-02-03'),
    until: day('2026-11-23'),
    when: [{ fact: 'geographic', is: 'present' }],
    taken: {
      en: 'geographic data that is not important data follows the route of its other classes once it is cleared',
      zh: '不属于重要数据的地理信息数据，完成审批或审核后按其他类别确定路径',
    },
    other: {
      en: 'the 2024 notice asks for a security assessment of any geographic data provided abroad',
      zh: '2024年通知要求向境外提供地理信息数据一律进行数据出境安全评估',
    },
    stricter: 'other',
    citation: { instrument: 'M24', article: 'storage and export', articleZh: '地理信息数据存储和出境' },
    confidence: 'official',
  },
  {
    id: 'D4',
    reading: 'D4',
    from: day('2026-11-23'),
    when: [{ fact: 'onFile', is: 'standard-contract' }],
    taken: {
      en: 'a transfer may start once the contract is in effect; a filing that is missed, late or refused withholds',
      zh: '标准合同生效后即可出境；逾期未备案、迟延备案或备案被拒则暂不出境',
    },
    other: { en: 'no transfer before the filing number is issued', zh: '取得备案编号后方可出境' },
    stricter: 'other',
    defaultBecause: {
      en: 'the text lets the transfer start with the contract in effect; the number stands in the draft only, and a filing overdue withholds',
      zh: '正式文本以合同生效为准；备案编号仅见于征求意见稿，且逾期未备案即暂不出境',
    },
    citation: { instrument: 'G26', article: 'III(3); D25 III.4', articleZh: '三（三）；2025年征求意见稿三（四）' },
    confidence: 'seed',
  },
  {
    id: 'D9',
    reading: 'D9',
    from: day('2026-11-23'),
    when: [personal, { fact: 'personsOfEitherKind', over: 100_000 }],
    taken: {
      en: 'the contract band of the 2026 Guidelines applies, although the 2021 Provisions call personal information of more than 100,000 subjects important data',
      zh: '适用2026版指引的标准合同或认证区间，尽管2021年若干规定将超过10万人的个人信息列为重要数据',
    },
    other: {
      en: 'personal information of more than 100,000 subjects is important data and needs an assessment',
      zh: '超过10万人的个人信息属于重要数据，应申报数据出境安全评估',
    },
    stricter: 'other',
    defaultBecause: {
      en: 'the Guidelines are later and more special, and their band would be empty by the other reading; the verdict names the conflict',
      zh: '指引时间在后且更为具体，按另一解释其区间将落空；裁定中列明该冲突',
    },
    citation: { instrument: 'SP21', article: 'art. 3(5)', articleZh: '第3条第(5)项' },
    confidence: 'official',
  },
  {
    id: 'GEO-7',
    reading: 'GEO-7.classes',
    from: day('2026-11-23'),
    when: [{ fact: 'geographic', is: 'present' }],
    taken: {
      en: 'the 2024 notice asks for a security assessment of any geographic data provided abroad',
      zh: '2024年通知要求向境外提供地理信息数据一律进行数据出境安全评估',
    },
    other: {
      en: 'geographic data that is not important data follows the route of its other classes once it is cleared',
      zh: '不属于重要数据的地理信息数据，完成审批或审核后按其他类别确定路径',
    },
    stricter: 'taken',
    citation: { instrument: 'M24', article: 'storage and export', articleZh: '地理信息数据存储和出境' },
    confidence: 'official',
  },
  {
    id: 'C3',
    reading: 'C3',
    from: day('2026-11-23'),
    when: [{ fact: 'claimedExemption', in: [7, 8, 9] }],
    taken: {
      en: 'exemptions (7) to (9) do not cover important data: it needs an assessment',
      zh: '第（7）至（9）项豁免不涵盖重要数据，重要数据应申报评估',
    },
    other: {
      en: 'they cover the important data they speak of, as commentary from the regulator has it; a law firm reads them narrower',
      zh: '据监管部门解读，其涵盖所述重要数据；有律师事务所作较窄解读',
    },
    stricter: 'taken',
    citation: { instrument: 'G26', article: 'I(3) para. 3(7)-(9)', articleZh: '一（三）第3款第(7)至(9)项' },
    confidence: 'law-firm',
  },
  {
    id: 'C4',
    reading: 'C4',
    from: day('2026-11-23'),
    when: [{ fact: 'claimedExemption', is: 6 }],
    taken: {
      en: 'data outside of a zone list that is important under the Guidelines still needs an assessment',
      zh: '清单外但依指引属于重要数据的，仍应申报评估',
    },
    other: {
      en: 'the list of the zone alone says what is important there',
      zh: '区内重要数据仅以清单为准',
    },
    stricter: 'taken',
    citation: { instrument: 'G26', article: 'I(3) para. 3(6)', articleZh: '一（三）第3款第(6)项' },
    confidence: 'own',
  },
  {
    id: 'PIPL-29',
    reading: 'PIPL-29',
    from: day('2026-11-23'),
    when: [personal, { fact: 'sensitive', is: 'present' }],
    taken: {
      en: 'separate consent is asked for whatever the legal basis, as the article on sensitive personal information has no exception',
      zh: '不论合法性基础为何均须取得单独同意：敏感个人信息条款未设例外',
    },
    other: {
      en: 'where the basis is not consent, none is asked for, as the regulator is reported to have answered for contracts and employment',
      zh: '合法性基础并非同意的，不要求单独同意：据报道监管部门就合同、人力资源情形作此答复',
    },
    stricter: 'taken',
    citation: { instrument: 'PIPL', article: 'arts. 13, 29, 39', articleZh: '第13、29、39条' },
    confidence: 'law-firm',
  },
];

const REMARKS: readonly NoteRow[] = [
  {
    id: 'C5',
    from: day('2026-02-03'),
    until: day('2026-07-01'),
    when: [],
    taken: {
      en: 'the Guidelines apply from their publication on 2026-02-03',
      zh: '指引自2026年2月3日公布起适用',
    },
    other: { en: 'one source gives 2026-07-01 as their first day', zh: '有资料称自2026年7月1日起施行' },
    citation: { instrument: 'G26', article: 'notice of issue', articleZh: '印发通知' },
    confidence: 'law-firm',
  },
  {
    id: 'CNT-8',
    from: day('2026-02-03'),
    when: [personal],
    taken: {
      en: 'persons whose data went out under an exemption are counted',
      zh: '豁免情形下出境的人数计入累计',
    },
    other: {
      en: 'persons under the contract, employment, emergency and free-trade-zone exemptions are left out',
      zh: '合同、人力资源、紧急情况、自贸区豁免的人数不计入',
    },
    stricter: 'taken',
    citation: { instrument: 'TG', article: 'exempt persons', articleZh: '豁免人数' },
    confidence: 'own',
  },
  {
    id: 'D10',
    from: day('2026-02-03'),
    when: [personal],
    taken: {
      en: 'GB/T 44464 words it that personal information sent abroad "shall pass" an assessment; the Guidelines came later and prevail here',
      zh: 'GB/T 44464 表述为个人信息出境“应通过”评估；以其后的指引为准',
    },
    citation: { instrument: 'GBT44464', article: 'cl. 4.1.7', articleZh: '4.1.7' },
    confidence: 'official',
  },
  {
    id: 'D12.both-kinds',
    from: day('2026-02-03'),
    when: [personal, { fact: 'sensitivePersonsOfYear', atLeast: 1 }],
    taken: {
      en: 'a person whose ordinary and sensitive personal information went out counts in both totals',
      zh: '同一人的一般和敏感个人信息均出境的，两项累计均计入',
    },
    citation: { instrument: 'TG', article: 'one person with both kinds', articleZh: '两类信息并存的人数' },
    confidence: 'own',
  },
  {
    id: 'EX-5.claim',
    from: day('2026-02-03'),
    when: [{ fact: 'claimedExemption', is: 5 }],
    taken: {
      en: 'exemption (5) is claimed; rule EX-5 examines it whether it is claimed or not',
      zh: '主张第（5）项豁免；无论是否主张，均由规则 EX-5 审查',
    },
    citation: { instrument: 'G26', article: 'I(3) para. 3(5)', articleZh: '一（三）第3款第(5)项' },
    confidence: 'seed',
  },
  {
    id: 'G26-I.2d',
    from: day('2026-02-03'),
    when: [{ fact: 'recipientCountry', in: ['HK', 'MO', 'TW'] }],
    taken: {
      en: 'Hong Kong, Macao and Taiwan are outside the territory; no Greater Bay Area contract is taken into account',
      zh: '港澳台按境外处理；未考虑粤港澳大湾区标准合同',
    },
    citation: { instrument: 'TG', article: 'Hong Kong, Macao and Taiwan', articleZh: '港澳台' },
    confidence: 'own',
  },
  {
    id: 'GEO-4',
    from: day('2024-07-26'),
    when: [{ fact: 'geographic', is: 'present' }],
    taken: {
      en: 'rounding, grids, noise and GCJ-02 never lower the class of geographic data; only state-recognised processing can',
      zh: '取整、网格化、加噪和 GCJ-02 均不降低地理信息数据的密级；仅国家认定的保密处理技术可以',
    },
    citation: {
      instrument: 'M24',
      article: 'classified and sensitive geographic information',
      articleZh: '涉密、敏感地理信息数据管理',
    },
    confidence: 'official',
  },
  {
    id: 'PIPL-13.other-basis',
    from: day('2021-11-01'),
    until: day('2026-11-23'),
    when: [personal, onAnotherBasis],
    taken: {
      en: 'no separate consent is asked for, since consent is not the basis; counsel must be able to show the basis for every field',
      zh: '合法性基础并非同意，故不要求单独同意；法务须能逐字段说明该基础',
    },
    citation: { instrument: 'PIPL', article: 'art. 13', articleZh: '第13条' },
    confidence: 'law-firm',
  },
  {
    id: 'PIPL-13.other-basis',
    from: day('2026-11-23'),
    when: [personal, onAnotherBasis],
    taken: {
      en: 'no separate consent is asked for but by reading PIPL-29, since consent is not the basis; counsel must be able to show the basis for every field',
      zh: '合法性基础并非同意，除 PIPL-29 的解释外不要求单独同意；法务须能逐字段说明该基础',
    },
    citation: { instrument: 'PIPL', article: 'art. 13', articleZh: '第13条' },
    confidence: 'law-firm',
  },
  {
    id: 'SA-5.size',
    from: day('2025-01-01'),
    until: day('2026-11-23'),
    when: [{ fact: 'onFile', is: 'security-assessment' }],
    taken: {
      en: 'persons are compared with the approved scale; method, kinds of field and megabytes are not, and have to be checked by hand',
      zh: '仅核对批准的人数规模；方式、种类和数据量须人工核对',
    },
    citation: { instrument: 'NDR', article: 'art. 38', articleZh: '第38条' },
    confidence: 'official',
  },
  {
    id: 'SA-5.size',
    from: day('2026-11-23'),
    when: [{ fact: 'onFile', is: 'security-assessment' }],
    taken: {
      en: 'persons are compared with the approved scale; bytes, kinds of field and manner are too where the entry names them, and have to be checked by hand where it does not',
      zh: '核对批准的人数规模；登记了数据量、种类和方式的一并核对，未登记的须人工核对',
    },
    citation: { instrument: 'NDR', article: 'art. 38', articleZh: '第38条' },
    confidence: 'official',
  },
];

export const NOTES: readonly NoteRow[] = [...SWITCHED, ...REMARKS];
