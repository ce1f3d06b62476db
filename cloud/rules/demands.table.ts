import type { CivilDate } from '../../proto/words/time.ts';
import type { DemandRow } from '../transfer/rule.ts';

const from = '2000-01-01' as CivilDate;
const evidence = '2026-11-23' as CivilDate;

// A passed assessment also meets the lighter demand; without this, more data could mean less duty.
// What has an empty `metBy` cannot be met by a document: something else has to change.
// biome-ignore format: one demand a line
export const DEMANDS: readonly DemandRow[] = [
  { id: 'never',                       from, metBy: [], title: { en: 'nothing can clear this', zh: '任何文件均不能使其出境' } },
  { id: 'registered-recipient',        from, metBy: [], title: { en: 'registration of the overseas recipient', zh: '境外接收方登记' } },
  { id: 'exemption-evidence',          from, metBy: [], title: { en: 'examined evidence of the claimed exemption', zh: '经核验的豁免证据' } },
  { id: 'exemption-1-evidence',        from: evidence, strictness: 0, metBy: ['exemption-1-evidence'], title: { en: 'evidence that foreign data goes back as it came, with none of the mainland', zh: '境外数据入境处理后再出境且未引入境内数据的证据' } },
  { id: 'exemption-2-evidence',        from: evidence, strictness: 0, metBy: ['exemption-2-evidence'], title: { en: 'evidence that a contract with the individual needs every field', zh: '个人作为当事人的合同必需每一字段的证据' } },
  { id: 'exemption-3-evidence',        from: evidence, strictness: 0, metBy: ['exemption-3-evidence'], title: { en: 'evidence of lawful labour rules and a collective contract', zh: '依法制定的劳动规章制度和集体合同的证据' } },
  { id: 'exemption-4-evidence',        from: evidence, strictness: 0, metBy: ['exemption-4-evidence'], title: { en: 'evidence of an emergency that is going on', zh: '紧急情况的证据' } },
  { id: 'exemption-6-evidence',        from: evidence, strictness: 0, metBy: ['exemption-6-evidence'], title: { en: 'evidence that the data lies outside of the negative list of a free trade zone', zh: '数据在自贸区负面清单之外的证据' } },
  { id: 'exemption-7-evidence',        from: evidence, strictness: 0, metBy: ['exemption-7-evidence'], title: { en: 'evidence of a vulnerability report made before', zh: '已先行报告漏洞的证据' } },
  { id: 'exemption-8-evidence',        from: evidence, strictness: 0, metBy: ['exemption-8-evidence'], title: { en: 'evidence of incident reports made before, to the ministry and the sector regulator', zh: '已先行向工信部和行业主管部门报告事件的证据' } },
  { id: 'exemption-9-evidence',        from: evidence, strictness: 0, metBy: ['exemption-9-evidence'], title: { en: 'evidence that the same source code was filed with SAMR', zh: '同一源代码已向市场监管总局备案的证据' } },
  { id: 'geographic-clearance',        from, metBy: ['external-provision-approval', 'map-review'], title: { en: 'external-provision approval or map review', zh: '对外提供审批或地图审核' } },
  { id: 'state-recognised-processing', from, metBy: ['state-recognised-processing'], title: { en: 'processing by state-recognised geographic confidentiality technology', zh: '经国家认定的地理信息保密处理技术处理' } },
  { id: 'rule-in-force',               from, metBy: [], strictness: 3, title: { en: 'a rule in force that covers this transfer', zh: '适用于本次出境的现行规则' } },
  { id: 'security-assessment',         from, metBy: ['security-assessment'], strictness: 2, title: { en: 'data-export security assessment', zh: '数据出境安全评估' } },
  { id: 'contract-or-certification',   from, metBy: ['standard-contract', 'certification', 'security-assessment'], strictness: 1, title: { en: 'standard contract or certification', zh: '个人信息出境标准合同或个人信息出境认证' } },
  { id: 'nothing',                     from, metBy: [], strictness: 0, title: { en: 'no mechanism', zh: '无需出境路径' } },
  { id: 'notice',                      from, metBy: ['notice'], title: { en: 'notice to every person', zh: '向每一个人告知' } },
  { id: 'separate-consent',            from, metBy: ['separate-consent'], title: { en: 'separate consent of every person', zh: '每一个人的单独同意' } },
  { id: 'pipia',                       from, metBy: ['pipia'], title: { en: 'personal information protection impact assessment', zh: '个人信息保护影响评估' } },
];
