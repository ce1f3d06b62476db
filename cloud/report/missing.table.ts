import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { ReportKind } from './report-facts.ts';

/** What a report has to say and no register holds yet. It is shown as missing, with what to do, and never as nothing. */
export interface MissingRow {
  readonly section: 'processor' | 'scale' | 'recipients' | 'channels' | 'safeguards' | 'rights' | 'incidents';
  readonly reports: readonly ReportKind[];
  readonly what: Bilingual;
  readonly remedy: Bilingual;
  readonly cite: string;
}

const all: readonly ReportKind[] = ['assessment', 'contract', 'annual'];
const filings: readonly ReportKind[] = ['assessment', 'contract'];

// biome-ignore format: one fact a line
export const MISSING: readonly MissingRow[] = [
  { section: 'processor', reports: all, cite: 'G26-IV.1, SP21-13', what: bilingual('officer and department in charge of data security, with contact', '数据安全负责人、管理机构及联系方式'), remedy: bilingual('name them; the annual report also wants the contact for users', '请填写；年度报告还须提供用户权益事务联系人') },
  { section: 'processor', reports: filings, cite: 'G26-III.2a', what: bilingual('registered address, unified social credit code, legal representative', '注册地址、统一社会信用代码、法定代表人'), remedy: bilingual('take them from the business licence', '请按营业执照填写') },
  { section: 'scale', reports: filings, cite: 'CNT-9', what: bilingual('forecast of persons for the next three years', '未来三年预计出境个人信息人数'), remedy: bilingual('estimate it from the counts above and the sales plan; give each year', '请依据上述人数与销售计划逐年估算') },
  { section: 'recipients', reports: filings, cite: 'PIPIA-2', what: bilingual('duties and capability of the recipient, further recipients, law of its country', '境外接收方的责任义务与安全能力、再转移情况、所在国法律影响'), remedy: bilingual('take them from contract and impact assessment', '请依据合同与个人信息保护影响评估填写') },
  { section: 'recipients', reports: all, cite: 'SP21-14', what: bilingual('place, period and scope of keeping abroad', '境外保存地点、期限与范围'), remedy: bilingual('ask each recipient, and write it into the contract', '请向各境外接收方核实并写入合同') },
  { section: 'channels', reports: filings, cite: 'CNT-9', what: bilingual('whether each channel is the public internet or a dedicated line', '各出境链路属公共互联网还是专线'), remedy: bilingual('ask whoever runs the network of the exporter', '请向出境网关的网络管理方核实') },
  { section: 'safeguards', reports: filings, cite: 'G26-IV.1', what: bilingual('written system of management, and grade of protection of the network', '数据安全管理制度与网络安全等级保护定级'), remedy: bilingual('attach both', '请作为附件提供') },
  { section: 'rights', reports: all, cite: 'SP21-13', what: bilingual('complaints of users, and how they were dealt with', '用户投诉及处理情况'), remedy: bilingual('ask customer service; write that there were none only if it says so', '请向客服部门核实；经其确认无投诉方可填写“无”') },
  { section: 'incidents', reports: ['annual'], cite: 'SP21-13', what: bilingual('security incidents, and how they were dealt with', '数据安全事件及处置情况'), remedy: bilingual('ask the security department; the log of alerts alone does not settle it', '请向安全部门核实；仅凭告警日志不能认定') },
  { section: 'incidents', reports: ['annual'], cite: 'SP21-13', what: bilingual('what was given to third parties within China', '向境内第三方提供汽车数据的情况'), remedy: bilingual('ask the departments that pass data on; this product sends abroad only', '请向对外提供数据的部门核实；本产品仅管理出境') },
];
