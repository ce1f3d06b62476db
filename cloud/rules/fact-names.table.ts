import type { CivilDate } from '../../proto/words/time.ts';
import type { FactRow } from '../transfer/rule.ts';

const from = '2000-01-01' as CivilDate;

/** Names of the facts that can be unknown, and how somebody finds them out. */
// biome-ignore format: one fact a line
export const FACT_NAMES: readonly FactRow[] = [
  { id: 'manner',                       from, title: { en: 'how the data reaches the recipient', zh: '数据出境方式' }, remedy: { en: 'establish whether data is sent, read from abroad, processed abroad or sent by vehicles directly', zh: '查明是境内发送、境外访问、境外处理，还是车辆直接传输' } },
  { id: 'legalBasis',                   from, title: { en: 'legal basis of the processing', zh: '个人信息处理的合法性基础' }, remedy: { en: 'have counsel record the basis under PIPL art. 13', zh: '由法务依据个人信息保护法第十三条确认合法性基础' } },
  { id: 'processor.ciio',               from, title: { en: 'whether the data processor is a CIIO', zh: '是否为关键信息基础设施运营者' }, remedy: { en: 'look up the designation notice of the protection department and record the answer in the processor profile', zh: '核对保护工作部门的认定通知，并记入数据处理者档案' } },
  { id: 'recipient.registered',         from, title: { en: 'whether the overseas recipient is registered', zh: '境外接收方是否已登记' }, remedy: { en: 'look the recipient up in the register and check its certificate', zh: '查询接收方登记并核验其证书' } },
  { id: 'dataset.personal',             from, title: { en: 'whether the dataset holds personal information', zh: '数据集是否含个人信息' }, remedy: { en: 'complete the catalogue rows of its fields, then classify the dataset', zh: '补全字段的数据目录条目并完成分类' } },
  { id: 'dataset.sensitive',            from, title: { en: 'whether the dataset holds sensitive personal information', zh: '数据集是否含敏感个人信息' }, remedy: { en: 'complete the catalogue rows of its fields, then classify the dataset', zh: '补全字段的数据目录条目并完成分类' } },
  { id: 'dataset.geographic',           from, title: { en: 'whether the dataset holds geographic information', zh: '数据集是否含测绘地理信息数据' }, remedy: { en: 'complete the catalogue rows of its fields, then classify the dataset', zh: '补全字段的数据目录条目并完成分类' } },
  { id: 'dataset.coordinates',          from, title: { en: 'whether the dataset holds coordinates or tracks', zh: '数据集是否含坐标或轨迹' }, remedy: { en: 'complete the catalogue rows of its fields, then classify the dataset', zh: '补全字段的数据目录条目并完成分类' } },
  { id: 'dataset.classifiedGeographic', from, title: { en: 'whether the dataset holds classified geographic information', zh: '数据集是否含涉密地理信息' }, remedy: { en: 'have the qualified surveying custodian identify it by the scope of state secrets', zh: '由具有测绘资质的单位按国家秘密范围判定' } },
  { id: 'dataset.important',            from, title: { en: 'whether the dataset holds important data', zh: '数据集是否含重要数据' }, remedy: { en: 'evaluate the important-data items and the filed catalogue against the dataset', zh: '对照重要数据判定规则和已备案目录完成判定' } },
  { id: 'dataset.core',                 from, title: { en: 'whether the dataset holds core data', zh: '数据集是否含核心数据' }, remedy: { en: 'evaluate the filed catalogue against the dataset, or ask the competent department', zh: '对照已备案目录判定，或向主管部门咨询' } },
  { id: 'dataset.stateSecret',          from, title: { en: 'whether the dataset holds state secrets', zh: '数据集是否含国家秘密' }, remedy: { en: 'have the secrecy office determine it', zh: '由保密机构作出认定' } },
  { id: 'counts.persons',               from, title: { en: 'distinct persons whose non-sensitive personal information went abroad this year', zh: '当年累计出境个人信息（不含敏感个人信息）的人数' }, remedy: { en: 'rebuild the count from the transfer log, de-duplicated, with this transfer', zh: '依据出境日志去重后重新统计，并计入本次出境' } },
  { id: 'counts.sensitivePersons',      from, title: { en: 'distinct persons whose sensitive personal information went abroad this year', zh: '当年累计出境敏感个人信息的人数' }, remedy: { en: 'rebuild the count from the transfer log, de-duplicated, with this transfer', zh: '依据出境日志去重后重新统计，并计入本次出境' } },
];
