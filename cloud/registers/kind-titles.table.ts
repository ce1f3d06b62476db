import { bilingual } from '../../proto/words/fault.ts';

/** The registers by the word commands use. Apart from their forms, so that a command line is read without them. */
export const REGISTER_TITLES = {
  processor: bilingual('data processor profile', '数据处理者档案'),
  recipient: bilingual('overseas recipients', '境外接收方'),
  purpose: bilingual('purposes of export', '出境目的'),
  'important-catalogue': bilingual('filings of the important-data catalogue', '重要数据目录备案'),
  'ftz-list': bilingual('free-trade-zone lists', '自由贸易试验区清单'),
  'group-count': bilingual('persons counted by other members of the group', '集团其他成员出境人数'),
  notice: bilingual('notices to persons', '个人信息出境告知'),
  'consent-form': bilingual('forms of separate consent', '单独同意文本'),
  pipia: bilingual('personal information protection impact assessments', '个人信息保护影响评估'),
  assessment: bilingual('data-export security assessments', '数据出境安全评估'),
  'assessment-application': bilingual('applications for a security assessment', '数据出境安全评估申报'),
  contract: bilingual('standard contracts', '个人信息出境标准合同'),
  certificate: bilingual('certificates of personal information export', '个人信息出境认证证书'),
  'map-review': bilingual('map reviews', '地图审核'),
  'external-provision': bilingual('approvals of external provision', '对外提供审批'),
  'recognised-processing': bilingual('state-recognised confidentiality processing', '经国家认定的保密处理'),
  'sign-off': bilingual('legal sign-offs on open readings', '法律意见签署'),
  custodian: bilingual('custodians with a surveying qualification', '测绘资质保管单位'),
  'ota-campaign': bilingual('OTA campaigns', 'OTA升级活动'),
  'source-filing': bilingual('filings of OTA source code', 'OTA源代码备案'),
  principal: bilingual('principals: who may read, and where they are', '读取主体：可读取人员及其所在地'),
  incident: bilingual('security incidents', '安全事件'),
  vulnerability: bilingual('vulnerabilities', '安全漏洞'),
  transit: bilingual('foreign data in transit', '过境境外数据'),
  'individual-contract': bilingual('contracts with individuals that need an export', '为订立、履行个人合同所需的出境'),
  'labour-basis': bilingual('labour rules and collective contracts', '劳动规章制度与集体合同'),
  'urgent-need': bilingual('emergencies that need an export', '紧急情况下所需的出境'),
} as const;

export type KindId = keyof typeof REGISTER_TITLES;
