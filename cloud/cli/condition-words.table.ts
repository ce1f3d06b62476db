import type { LegalBasis, Manner, OnFileKind } from '../transfer/facts.ts';
import type { AmountFact, LegalFact } from '../transfer/rule.ts';

// What conditions of rules are called in Chinese. In English they stand as a file of rows writes them.

/** Facts that a dataset has or has not: said as 含 or 不含. */
export const CONTENT_ZH = {
  core: '核心数据',
  stateSecret: '国家秘密',
  classifiedGeographic: '涉密地理信息',
  personal: '个人信息',
  sensitive: '敏感个人信息',
  geographic: '地理信息数据',
  coordinates: '坐标',
  importantData: '重要数据',
} as const satisfies Partial<Record<LegalFact, string>>;

/** Facts that hold or do not. */
export const TRUTH_ZH = {
  ciio: ['数据处理者为关键信息基础设施运营者', '数据处理者非关键信息基础设施运营者'],
  recipientRegistered: ['境外接收方已登记', '境外接收方未登记'],
  importantByOwnCatalogueOnly: ['仅因本企业目录而为重要数据', '并非仅因本企业目录而为重要数据'],
} as const satisfies Partial<Record<LegalFact, readonly [string, string]>>;

/** Numbers of distinct persons, the transfer in hand included. */
export const AMOUNT_ZH: Readonly<Record<AmountFact, string>> = {
  persons: '当年累计个人信息人数',
  sensitivePersons: '当年累计敏感个人信息人数（按解读 D2）',
  sensitivePersonsOfYear: '当年累计敏感个人信息人数',
  personsOfEitherKind: '当年累计个人信息与敏感个人信息人数之和',
};

export const MANNER_ZH: Readonly<Record<Manner, string>> = {
  sent: '传输出境',
  'read-from-abroad': '境外访问',
  'processed-abroad': '境外处理',
  'vehicle-direct': '车辆直接传输',
};

export const BASIS_ZH: Readonly<Record<LegalBasis, string>> = {
  consent: '个人同意',
  contract: '订立、履行合同所必需',
  'human-resources': '人力资源管理所必需',
  'statutory-duty': '履行法定职责或义务所必需',
  emergency: '应对突发公共卫生事件或紧急情况所必需',
  'news-reporting': '新闻报道、舆论监督',
  'published-information': '已合法公开的个人信息',
  'other-law': '法律、行政法规规定的其他情形',
  'not-applicable': '不适用',
};

export const DOCUMENT_ZH: Readonly<Record<OnFileKind, string>> = {
  notice: '告知',
  'separate-consent': '单独同意',
  pipia: '个人信息保护影响评估',
  'standard-contract': '个人信息出境标准合同',
  certification: '个人信息出境认证',
  'security-assessment': '数据出境安全评估',
  'map-review': '地图审核',
  'external-provision-approval': '对外提供审批',
  'state-recognised-processing': '国家认定的地理信息保密处理',
  'exemption-1-evidence': '第（1）项豁免的证据',
  'exemption-2-evidence': '第（2）项豁免的证据',
  'exemption-3-evidence': '第（3）项豁免的证据',
  'exemption-4-evidence': '第（4）项豁免的证据',
  'exemption-6-evidence': '第（6）项豁免的证据',
  'exemption-7-evidence': '第（7）项豁免的证据',
  'exemption-8-evidence': '第（8）项豁免的证据',
  'exemption-9-evidence': '第（9）项豁免的证据',
};

export const COUNTRY_ZH: Readonly<Record<string, string>> = { HK: '香港', MO: '澳门', TW: '台湾' };
