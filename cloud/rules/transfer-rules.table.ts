import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { Exemption } from '../transfer/facts.ts';
import type { Rule, Test } from '../transfer/rule.ts';

/**
 * The rules of an outbound transfer, one row for each. Ids are those of the regulatory fact base. To amend a rule, close
 * its row with `until` and add a new row below it; rows change in no other way (a test pins them).
 *
 * 以上 takes its number in, 不满 and 超过 leave it out: `atLeast`, `below` and `over` follow the text word for word.
 * Persons are distinct natural persons since 1 January, Asia/Shanghai, with the transfer in hand (CNT-1, CNT-2, CNT-4).
 */
const day = (text: string) => text as CivilDate;

/** The Guidelines were published on this day; see note C5 for the later date that one source gives. */
const g26 = day('2026-02-03');

const seed = { from: g26, confidence: 'seed', status: 'final-2026' } as const;

const personal: Test = { fact: 'personal', is: 'present' };
const notCiio: Test = { fact: 'ciio', is: 'no' };

const PASS_ASSESSMENT: Bilingual = {
  en: 'apply to the CAC through the provincial office for a data-export security assessment, and register the result',
  zh: '通过省级网信部门向国家网信部门申报数据出境安全评估，取得结果后登记',
};
const CONTRACT_OR_CERTIFY: Bilingual = {
  en: 'conclude the standard contract with this recipient and file it, or obtain certification, and register either',
  zh: '与该接收方订立个人信息出境标准合同并备案，或通过个人信息出境认证，并登记其一',
};
const CLEAR_GEOGRAPHIC: Bilingual = {
  en: 'obtain external-provision approval or map review for this dataset before anything else, or send it without geographic data',
  zh: '先行取得该数据集的对外提供审批或地图审核，或剔除地理信息数据后出境',
};
const TAKE_OUT: Bilingual = {
  en: 'take this data out of the dataset; no approval, contract or exemption clears it',
  zh: '从数据集中剔除该数据；任何审批、合同或豁免均不能使其出境',
};

const PROHIBITIONS: readonly Rule[] = [
  {
    id: 'A4-0.core',
    from: day('2021-09-01'),
    concern: 'prohibition',
    when: [{ fact: 'core', is: 'present' }],
    demands: 'never',
    citation: { instrument: 'DSL', article: 'art. 21', articleZh: '第21条' },
    confidence: 'own',
    status: 'product',
    reason: {
      en: 'the dataset holds core data, which this product never sends abroad',
      zh: '数据集含核心数据，本产品一律不予出境',
    },
    remedy: TAKE_OUT,
  },
  {
    id: 'A4-0.state-secret',
    from: day('2024-05-01'),
    concern: 'prohibition',
    when: [{ fact: 'stateSecret', is: 'present' }],
    demands: 'never',
    citation: { instrument: 'SECRETS', article: 'art. 28', articleZh: '第28条' },
    confidence: 'own',
    status: 'official',
    reason: { en: 'the dataset holds state secrets', zh: '数据集含国家秘密' },
    remedy: TAKE_OUT,
  },
  {
    id: 'A4-0.classified-geographic',
    from: day('2024-05-01'),
    concern: 'prohibition',
    when: [{ fact: 'classifiedGeographic', is: 'present' }],
    demands: 'never',
    citation: {
      instrument: 'MNR-95-2020',
      article: 'annex, with SECRETS art. 28',
      articleZh: '附件；《保守国家秘密法》第28条',
    },
    confidence: 'own',
    status: 'official',
    reason: { en: 'the dataset holds classified geographic information', zh: '数据集含涉密地理信息' },
    remedy: TAKE_OUT,
  },
  {
    id: 'GB44495-7.4.7',
    from: day('2026-01-01'),
    concern: 'prohibition',
    when: [{ fact: 'manner', is: 'vehicle-direct' }],
    demands: 'never',
    citation: { instrument: 'GB44495', article: 'cl. 7.4.7', articleZh: '7.4.7' },
    confidence: 'official',
    status: 'official',
    reason: { en: 'a vehicle may not send data abroad directly', zh: '车辆不得直接向境外传输数据' },
    remedy: {
      en: 'bring the data to the mainland cloud first and transfer it from there',
      zh: '先将数据传回境内平台，再由境内平台办理出境',
    },
  },
];

const RECIPIENT: readonly Rule[] = [
  {
    ...seed,
    id: 'G26-IV.2.1',
    concern: 'recipient',
    when: [{ fact: 'recipientRegistered', is: 'no' }],
    demands: 'registered-recipient',
    citation: { instrument: 'G26', article: 'IV(2), transmission (2)', articleZh: '四（二）传输安全第(2)项' },
    reason: {
      en: 'the identity of the overseas recipient cannot be authenticated: it is not registered',
      zh: '境外接收方未登记，无法鉴别其身份',
    },
    remedy: {
      en: 'register the recipient with its identity, certificate and purposes',
      zh: '登记接收方的身份、证书和处理目的',
    },
  },
];

/** Exemptions that rest on evidence: a claim without evidence that counts withholds, it is never passed over. */
const BY_EVIDENCE: readonly (readonly [Exclude<Exemption, 5>, Bilingual])[] = [
  [1, { en: 'foreign data processed in China and returned', zh: '境外数据入境处理后再出境' }],
  [2, { en: 'a contract to which the individual is a party', zh: '订立、履行个人作为一方当事人的合同' }],
  [3, { en: 'cross-border human resources management', zh: '跨境人力资源管理' }],
  [4, { en: 'an emergency to protect life, health or property', zh: '紧急情况下保护自然人生命健康和财产安全' }],
  [6, { en: 'data outside the negative list of a pilot free trade zone', zh: '自由贸易试验区负面清单外数据' }],
  [7, { en: 'reported vulnerability data, to patch it', zh: '为修补漏洞而提供已报告的安全漏洞数据' }],
  [8, { en: 'reported security-incident data, to handle the incident', zh: '为处置安全事件而提供已报告的事件数据' }],
  [
    9,
    {
      en: 'filed OTA source code, to remove a defect or carry out a recall',
      zh: '为消除缺陷或实施召回而提供已备案的升级包源代码',
    },
  ],
];

/** From this day on evidence is examined, and the stricter of the two readings of GEO-7 is the default. */
const examined = day('2026-11-23');

const UNEXAMINED: readonly Rule[] = BY_EVIDENCE.map(([exemption, name]) => ({
  ...seed,
  until: examined,
  id: `EX-${exemption}`,
  concern: 'exemption-claim',
  when: [{ fact: 'claimedExemption', is: exemption }],
  demands: 'exemption-evidence',
  citation: { instrument: 'G26', article: `I(3) para. 3(${exemption})`, articleZh: `一（三）第3款第(${exemption})项` },
  reason: {
    en: `exemption (${exemption}) is claimed (${name.en}), and its evidence has not been examined`,
    zh: `主张第（${exemption}）项豁免（${name.zh}），但其证据未经核验`,
  },
  remedy: {
    en: `withdraw the claim and clear the transfer on its own route; this version examines no evidence for exemption (${exemption})`,
    zh: `撤回该主张，按相应路径办理；本版本不核验第（${exemption}）项豁免的证据`,
  },
}));

const clause = (exemption: Exemption) =>
  ({ instrument: 'G26', article: `I(3) para. 3(${exemption})`, articleZh: `一（三）第3款第(${exemption})项` }) as const;

const PROVE: Bilingual = {
  en: 'complete the evidence record of the exemption (docs/transfer-facts.md), or withdraw the claim and clear the transfer on its own route',
  zh: '补全该项豁免的证据记录（见 docs/transfer-facts.md），或撤回主张并按相应路径办理',
};

const EXAMINED: readonly Rule[] = BY_EVIDENCE.map(([exemption, name]) => ({
  ...seed,
  from: examined,
  id: `EX-${exemption}`,
  concern: 'exemption-claim',
  when: [{ fact: 'claimedExemption', is: exemption }],
  demands: `exemption-${exemption}-evidence`,
  citation: clause(exemption),
  reason: {
    en: `exemption (${exemption}) is claimed (${name.en}); its evidence has to pass every check`,
    zh: `主张第（${exemption}）项豁免（${name.zh}），其证据须通过全部核验`,
  },
  remedy: PROVE,
}));

/** What an exemption lifts: the thresholds and the CIIO rule. Important data stays with its assessment. */
const LIFTED = ['G26-I.3.A2', 'G26-I.3.A3', 'G26-I.3.A4', 'G26-I.3.B1', 'G26-I.3.B2', 'EX-5'] as const;

const EXEMPT: readonly Rule[] = BY_EVIDENCE.map(([exemption, name]) => ({
  ...seed,
  from: examined,
  id: `EX-${exemption}.route`,
  concern: 'route',
  when: [{ fact: 'claimedExemption', is: exemption }],
  demands: `exemption-${exemption}-evidence`,
  grants: `exemption-${exemption}`,
  displaces: LIFTED,
  citation: clause(exemption),
  reason: {
    en: `exemption (${exemption}), with evidence that counts: ${name.en}`,
    zh: `第（${exemption}）项豁免且证据有效：${name.zh}`,
  },
  remedy: PROVE,
}));

/** Readings C3 and C4: by the reading that is not the default these exemptions cover important data as well. */
const EXEMPT_IMPORTANT: readonly Rule[] = ([6, 7, 8, 9] as const).map((exemption) => ({
  ...seed,
  from: examined,
  id: `EX-${exemption}.important`,
  concern: 'route',
  reading: { id: exemption === 6 ? 'C4' : 'C3', position: 'other' },
  when: [{ fact: 'claimedExemption', is: exemption }],
  demands: `exemption-${exemption}-evidence`,
  grants: `exemption-${exemption}`,
  displaces: ['G26-I.3.A1'],
  citation: clause(exemption),
  reason: {
    en: `exemption (${exemption}) covers important data by the reading that counsel signed for`,
    zh: `依法务签认的解释，第（${exemption}）项豁免涵盖重要数据`,
  },
  remedy: PROVE,
}));

const GEOGRAPHY: readonly Rule[] = [
  {
    ...seed,
    id: 'GEO-7',
    concern: 'geography',
    when: [{ fact: 'geographic', is: 'present' }],
    demands: 'geographic-clearance',
    citation: { instrument: 'G26', article: 'I(3) para. 1(1), Note 3', articleZh: '一（三）第1款第(1)项、注3' },
    reason: {
      en: 'the dataset holds surveying and mapping geographic data: approval or map review comes before any assessment',
      zh: '数据集含测绘地理信息数据，申报评估前应依法履行对外提供审批或地图审核程序',
    },
    remedy: CLEAR_GEOGRAPHIC,
  },
  {
    id: 'GEO-8',
    from: day('2022-08-30'),
    concern: 'geography',
    when: [{ fact: 'geographic', is: 'present' }],
    demands: 'geographic-clearance',
    citation: { instrument: 'M22', article: 'sending abroad', articleZh: '向境外传输' },
    confidence: 'official',
    status: 'official',
    reason: {
      en: 'until approval or map review is done, geographic data may not be sent abroad',
      zh: '履行对外提供审批或地图审核程序之前，应停止向境外传输测绘地理信息数据',
    },
    remedy: CLEAR_GEOGRAPHIC,
  },
  {
    ...seed,
    id: 'GEO-9',
    concern: 'geography',
    when: [{ fact: 'coordinates', is: 'present' }],
    demands: 'state-recognised-processing',
    citation: { instrument: 'G26', article: 'Note 9', articleZh: '注9' },
    reason: {
      en: 'coordinates, tracks and map data have to be processed by state-recognised confidentiality technology; coarsening of our own does not count',
      zh: '含空间位置坐标的数据应经国家认定的地理信息保密处理技术处理；自行降精度不算',
    },
    remedy: {
      en: 'have the attested adapter process the dataset and register its attestation, or send it without coordinates',
      zh: '由经认定的保密处理插件处理并登记证明，或剔除坐标后出境',
    },
  },
];

// No route begins before the Guidelines, though SP21 and M24 are older: a lone demand would open a route on days on which
// the rules beside it are silent, and met it would permit.
// biome-ignore format: one rule a line, so that one amendment is one line of diff
const ASSESSMENT: readonly Rule[] = [
  { ...seed, id: 'G26-I.3.A1', concern: 'route', demands: 'security-assessment', when: [{ fact: 'importantData', is: 'present' }],
    citation: { instrument: 'G26', article: 'I(3) para. 1(1)', articleZh: '一（三）第1款第(1)项' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'important data is provided abroad; no quantity is too small', zh: '向境外提供重要数据，不论数量' } },
  { ...seed, id: 'G26-I.3.A2', concern: 'route', demands: 'security-assessment', when: [personal, { fact: 'persons', atLeast: 1_000_000 }],
    citation: { instrument: 'G26', article: 'I(3) para. 1(2), Note 4', articleZh: '一（三）第1款第(2)项、注4' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'personal information (without sensitive) of 1,000,000 persons or more since 1 January', zh: '自当年1月1日起累计向境外提供100万人以上个人信息（不含敏感个人信息）' } },
  { ...seed, id: 'G26-I.3.A3', concern: 'route', demands: 'security-assessment', when: [personal, { fact: 'sensitivePersons', atLeast: 10_000 }],
    citation: { instrument: 'G26', article: 'I(3) para. 1(3), Note 4', articleZh: '一（三）第1款第(3)项、注4' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'sensitive personal information of 10,000 persons or more since 1 January', zh: '自当年1月1日起累计向境外提供1万人以上敏感个人信息' } },
  { ...seed, id: 'G26-I.3.A4', concern: 'route', demands: 'security-assessment', when: [personal, { fact: 'ciio', is: 'yes' }],
    citation: { instrument: 'G26', article: 'I(3) para. 1(4)', articleZh: '一（三）第1款第(4)项' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'a critical information infrastructure operator provides personal information abroad', zh: '关键信息基础设施运营者向境外提供个人信息' } },
  { id: 'SP21-3.5', from: g26, confidence: 'official', status: 'official', reading: { id: 'D9', position: 'other' },
    concern: 'route', demands: 'security-assessment', when: [personal, { fact: 'personsOfEitherKind', over: 100_000 }],
    citation: { instrument: 'SP21', article: 'art. 3(5)', articleZh: '第3条第(5)项' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'personal information of more than 100,000 subjects is important data', zh: '涉及个人信息主体超过10万人的个人信息属于重要数据' } },
  { id: 'GEO-7.assessment', from: g26, until: examined, confidence: 'official', status: 'official', reading: { id: 'GEO-7', position: 'other' },
    concern: 'route', demands: 'security-assessment', when: [{ fact: 'geographic', is: 'present' }],
    citation: { instrument: 'M24', article: 'storage and export', articleZh: '地理信息数据存储和出境' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'geographic data provided abroad undergoes a security assessment', zh: '地理信息数据向境外提供应进行数据出境安全评估' } },
  { id: 'GEO-7.assessment', from: examined, confidence: 'official', status: 'official', reading: { id: 'GEO-7.classes', position: 'taken' },
    concern: 'route', demands: 'security-assessment', when: [{ fact: 'geographic', is: 'present' }],
    citation: { instrument: 'M24', article: 'storage and export', articleZh: '地理信息数据存储和出境' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'geographic data provided abroad undergoes a security assessment', zh: '地理信息数据向境外提供应进行数据出境安全评估' } },
];

// biome-ignore format: one rule a line, so that one amendment is one line of diff
const LIGHTER_ROUTES: readonly Rule[] = [
  { ...seed, id: 'G26-I.3.B1', concern: 'route', demands: 'contract-or-certification', when: [notCiio, personal, { fact: 'persons', atLeast: 100_000, below: 1_000_000 }],
    citation: { instrument: 'G26', article: 'I(3) para. 2(1), Notes 4-5', articleZh: '一（三）第2款第(1)项、注4、注5' }, remedy: CONTRACT_OR_CERTIFY,
    reason: { en: 'personal information (without sensitive) of 100,000 persons or more but fewer than 1,000,000 since 1 January', zh: '自当年1月1日起累计向境外提供10万人以上、不满100万人个人信息（不含敏感个人信息）' } },
  { ...seed, id: 'G26-I.3.B2', concern: 'route', demands: 'contract-or-certification', when: [notCiio, personal, { fact: 'sensitivePersons', atLeast: 1, below: 10_000 }],
    citation: { instrument: 'G26', article: 'I(3) para. 2(2), Notes 4-5', articleZh: '一（三）第2款第(2)项、注4、注5' }, remedy: CONTRACT_OR_CERTIFY,
    reason: { en: 'sensitive personal information of fewer than 10,000 persons since 1 January; one is enough', zh: '自当年1月1日起累计向境外提供不满1万人敏感个人信息；一人即适用' } },
  { ...seed, id: 'EX-5', concern: 'route', demands: 'nothing', grants: 'exemption-5',
    when: [notCiio, personal, { fact: 'importantData', is: 'absent' }, { fact: 'sensitive', is: 'absent' }, { fact: 'persons', below: 100_000 }, { fact: 'sensitivePersons', below: 1 }],
    citation: { instrument: 'G26', article: 'I(3) para. 3(5), Note 5', articleZh: '一（三）第3款第(5)项、注5' }, remedy: CONTRACT_OR_CERTIFY,
    reason: { en: 'not a CIIO, and personal information (without sensitive) of fewer than 100,000 persons since 1 January', zh: '非关键信息基础设施运营者，自当年1月1日起累计向境外提供不满10万人个人信息（不含敏感个人信息）' } },
  { ...seed, id: 'A4-9', confidence: 'own', concern: 'route', demands: 'nothing', grants: 'free-flow',
    when: [{ fact: 'personal', is: 'absent' }, { fact: 'importantData', is: 'absent' }],
    citation: { instrument: 'G26', article: 'I(1)', articleZh: '一（一）' }, remedy: PASS_ASSESSMENT,
    reason: { en: 'neither personal information nor important data, so no automotive data in the sense of the Guidelines', zh: '既非个人信息也非重要数据，不属于指引所称汽车数据' } },
  { id: 'TG-SILENCE', from: day('2000-01-01'), confidence: 'own', status: 'product', concern: 'route', demands: 'rule-in-force', when: [], otherwise: true,
    citation: { instrument: 'TG', article: 'silence withholds', articleZh: '无规则则不予出境' },
    reason: { en: 'no rule in force on this day provides a route for this transfer', zh: '当日没有适用于本次出境的现行规则' },
    remedy: { en: 'check the date of the transfer against `tongguan rules list --on DATE`', zh: '用 `tongguan rules list --on DATE` 核对出境日期' } },
];

// biome-ignore format: one rule a line, so that one amendment is one line of diff
const PERSONAL_INFORMATION: readonly Rule[] = [
  { id: 'PIPL-39.notice', from: day('2021-11-01'), confidence: 'official', status: 'official', concern: 'personal-information', demands: 'notice', when: [personal],
    citation: { instrument: 'PIPL', article: 'art. 39', articleZh: '第39条' },
    reason: { en: 'every person is told who receives what abroad, for which purpose, and how to exercise their rights; no legal basis does away with it', zh: '应向个人告知境外接收方、目的、方式、种类及行权方式；任何合法性基础均不免除告知' },
    remedy: { en: 'give the notice for this recipient, dataset and purpose, and register it', zh: '就该接收方、数据集和目的完成告知并登记' } },
  { id: 'PIPL-39.consent', from: day('2021-11-01'), confidence: 'official', status: 'official', concern: 'personal-information', demands: 'separate-consent', when: [personal, { fact: 'legalBasis', is: 'consent' }],
    citation: { instrument: 'PIPL', article: 'art. 39', articleZh: '第39条' },
    reason: { en: 'where consent is the basis, every person consents separately to the provision abroad', zh: '以同意为合法性基础的，应取得个人对出境的单独同意' },
    remedy: { en: 'obtain separate consent for this recipient, dataset and purpose, not bundled and not open-ended, and register it', zh: '就该接收方、数据集和目的取得单独同意（不得捆绑、不得永久），并登记' } },
  { id: 'PIPL-29.consent', from: examined, confidence: 'own', status: 'product', reading: { id: 'PIPL-29', position: 'taken' },
    concern: 'personal-information', demands: 'separate-consent', when: [personal, { fact: 'sensitive', is: 'present' }],
    citation: { instrument: 'PIPL', article: 'art. 29', articleZh: '第29条' },
    reason: { en: 'sensitive personal information is processed on separate consent, whatever the basis', zh: '处理敏感个人信息应取得个人的单独同意，不论合法性基础为何' },
    remedy: { en: 'obtain separate consent for this recipient, dataset and purpose, leave the sensitive fields out, or have counsel sign for reading PIPL-29', zh: '就该接收方、数据集和目的取得单独同意，或剔除敏感字段，或由法务签认 PIPL-29 的另一解释' } },
  { id: 'PIPIA-1', from: day('2021-11-01'), confidence: 'official', status: 'official', concern: 'personal-information', demands: 'pipia', when: [personal],
    citation: { instrument: 'PIPL', article: 'art. 55(4), 56', articleZh: '第55条第(4)项、第56条' },
    reason: { en: 'an impact assessment precedes every provision of personal information abroad', zh: '向境外提供个人信息前应进行个人信息保护影响评估' },
    remedy: { en: 'carry out the PIPIA for this recipient, dataset and purpose, and register the report', zh: '就该接收方、数据集和目的开展影响评估，并登记报告' } },
];

export const TRANSFER_RULES: readonly Rule[] = [
  ...PROHIBITIONS,
  ...RECIPIENT,
  ...UNEXAMINED,
  ...EXAMINED,
  ...GEOGRAPHY,
  ...ASSESSMENT,
  ...LIGHTER_ROUTES,
  ...EXEMPT,
  ...EXEMPT_IMPORTANT,
  ...PERSONAL_INFORMATION,
];
