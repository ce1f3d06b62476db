import type { CivilDate } from '../../proto/words/time.ts';
import type { Instrument } from '../transfer/rule.ts';

const day = (text: string) => text as CivilDate;

/** Every text that a row cites. Numbers as their issuers write them. */
// biome-ignore format: one instrument a line
export const INSTRUMENTS: readonly Instrument[] = [
  { id: 'G26',          number: '工信部网安〔2026〕27号', title: { en: 'Guidelines on the Security of Cross-Border Transfers of Automotive Data (2026 Edition)', zh: '汽车数据出境安全指引（2026版）' }, inForceSince: day('2026-02-03'), status: 'in-force', confidence: 'law-firm' },
  { id: 'D25',          number: '2025年6月征求意见稿',    title: { en: 'consultation draft of the Guidelines, June 2025', zh: '汽车数据出境安全指引（2025版，征求意见稿）' }, status: 'draft', confidence: 'official' },
  { id: 'PIPL',         number: '主席令第91号',           title: { en: 'Personal Information Protection Law', zh: '个人信息保护法' }, inForceSince: day('2021-11-01'), status: 'in-force', confidence: 'official' },
  { id: 'DSL',          number: '主席令第84号',           title: { en: 'Data Security Law', zh: '数据安全法' }, inForceSince: day('2021-09-01'), status: 'in-force', confidence: 'official' },
  { id: 'SECRETS',      number: '2024年修订',             title: { en: 'Law on Guarding State Secrets', zh: '保守国家秘密法' }, inForceSince: day('2024-05-01'), status: 'in-force', confidence: 'own' },
  { id: 'NDR',          number: '国务院令第790号',        title: { en: 'Regulations on Network Data Security Management', zh: '网络数据安全管理条例' }, inForceSince: day('2025-01-01'), status: 'in-force', confidence: 'official' },
  { id: 'CAC-16-2024',  number: '国家网信办令第16号',     title: { en: 'Provisions to Standardise and Promote Cross-border Data Flows', zh: '促进和规范数据跨境流动规定' }, inForceSince: day('2024-03-22'), status: 'in-force', confidence: 'official' },
  { id: 'CAC-13-2023',  number: '国家网信办令第13号',     title: { en: 'Measures for the Standard Contract for Cross-border Transfer of Personal Information', zh: '个人信息出境标准合同办法' }, inForceSince: day('2023-06-01'), status: 'in-force', confidence: 'law-firm' },
  { id: 'CAC-11-2022',  number: '国家网信办令第11号',     title: { en: 'Measures for the Security Assessment of Data Export', zh: '数据出境安全评估办法' }, inForceSince: day('2022-09-01'), status: 'in-force', confidence: 'official' },
  { id: 'AG3',          number: '2025年6月27日发布',      title: { en: 'Guide to applications for the security assessment of data export, 3rd edition', zh: '数据出境安全评估申报指南（第三版）' }, inForceSince: day('2025-06-27'), status: 'in-force', confidence: 'official' },
  { id: 'CERT-2026',    number: '国家网信办、市场监管总局令第20号', title: { en: 'Measures for Certification of Cross-border Transfer of Personal Information', zh: '个人信息出境认证办法' }, inForceSince: day('2026-01-01'), status: 'in-force', confidence: 'law-firm' },
  { id: 'SP21',         number: '2021年10月1日起施行',    title: { en: 'Several Provisions on Automotive Data Security Management (Trial)', zh: '汽车数据安全管理若干规定（试行）' }, inForceSince: day('2021-10-01'), status: 'in-force', confidence: 'official' },
  { id: 'M22',          number: '自然资规〔2022〕1号',    title: { en: 'Natural Resources notice on surveying and mapping by intelligent connected vehicles, 2022', zh: '自然资源部关于促进智能网联汽车发展维护测绘地理信息安全的通知' }, inForceSince: day('2022-08-30'), status: 'in-force', confidence: 'official' },
  { id: 'M24',          number: '自然资发〔2024〕139号',  title: { en: 'Natural Resources notice on surveying and mapping by intelligent connected vehicles, 2024', zh: '自然资源部关于加强智能网联汽车有关测绘地理信息安全管理的通知' }, inForceSince: day('2024-07-26'), status: 'in-force', confidence: 'official' },
  { id: 'MNR-95-2020',  number: '自然资发〔2020〕95号',   title: { en: 'Provisions on the Scope of State Secrets in Surveying and Mapping', zh: '测绘地理信息管理工作国家秘密范围的规定' }, status: 'in-force', confidence: 'official' },
  { id: 'GB44495',      number: 'GB 44495-2024',          title: { en: 'Technical requirements for vehicle cybersecurity', zh: '汽车整车信息安全技术要求' }, inForceSince: day('2026-01-01'), status: 'in-force', confidence: 'official' },
  { id: 'GBT44464',     number: 'GB/T 44464-2024',        title: { en: 'General requirements for automotive data', zh: '汽车数据通用要求' }, status: 'recommended', confidence: 'official' },
  { id: 'HOLIDAYS-2026', number: '2025年11月4日通知',     title: { en: 'State Council General Office notice on public holidays in 2026', zh: '国务院办公厅关于2026年部分节假日安排的通知' }, inForceSince: day('2025-11-04'), status: 'in-force', confidence: 'official' },
  { id: 'GBT45574',     number: 'GB/T 45574-2025',        title: { en: 'Security requirements for processing of sensitive personal information', zh: '数据安全技术 敏感个人信息处理安全要求' }, status: 'recommended', confidence: 'official' },
  { id: 'FTZ-BEIJING',  number: '2024版、2025版',         title: { en: 'Beijing negative lists for data export', zh: '北京数据出境负面清单' }, status: 'in-force', confidence: 'official' },
  { id: 'FTZ-TIANJIN',  number: '2024版',                 title: { en: 'Tianjin negative list for data export', zh: '天津自贸试验区数据出境负面清单' }, status: 'in-force', confidence: 'official' },
  { id: 'FTZ-SHANGHAI', number: '2024版',                 title: { en: 'Shanghai and Lingang lists for data export', zh: '上海自贸试验区及临港新片区数据出境清单' }, status: 'in-force', confidence: 'official' },
  { id: 'FTZ-OTHER',    number: '各地清单',               title: { en: 'lists of other pilot free trade zones', zh: '其他自贸试验区数据出境清单' }, status: 'in-force', confidence: 'law-firm' },
  { id: 'SAMR-OTA-2021', number: '2021年6月',            title: { en: 'SAMR supplementary notice on filing of OTA updates, June 2021', zh: '市场监管总局关于汽车远程升级（OTA）技术召回备案的补充通知' }, status: 'in-force', confidence: 'official' },
  { id: 'VULN-2021',    number: '工信部联网安〔2021〕66号', title: { en: 'Provisions on the Management of Network Product Security Vulnerabilities', zh: '网络产品安全漏洞管理规定' }, inForceSince: day('2021-09-01'), status: 'in-force', confidence: 'law-firm' },
  { id: 'CAC-INC-2025', number: '2025年11月1日起施行',    title: { en: 'Measures for the Reporting of National Cybersecurity Incidents', zh: '国家网络安全事件报告管理办法' }, inForceSince: day('2025-11-01'), status: 'in-force', confidence: 'official' },
  { id: 'MIIT-DATA-2024', number: '工信部网安〔2024〕214号', title: { en: 'Emergency Plan for Data Security Incidents in Industry and Information Technology', zh: '工业和信息化领域数据安全事件应急预案（试行）' }, status: 'in-force', confidence: 'official' },
  { id: 'GLE-2026',     number: '2026-05',               title: { en: "practitioners' guide to the certification route, May 2026", zh: '从业者关于个人信息出境认证路径的指南（2026年5月）' }, status: 'commentary', confidence: 'seed' },
  { id: 'TG',           number: 'docs/transfer-facts.md', title: { en: 'decision of this product, where no text settles the matter', zh: '本产品自定规则（无明文规定时）' }, status: 'product', confidence: 'own' },
];
