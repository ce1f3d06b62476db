import type { CivilDate } from '../../proto/words/time.ts';
import type { ReadingRow } from './law-row.ts';

/**
 * Open readings, gaps and corrections that bear on classes, counts and lists. The stricter reading is the default; a row
 * whose default is not the stricter one says what fixed it. Those that a verdict weighs stand in notes.table.ts.
 */
const day = (text: string) => text as CivilDate;

const product = { from: day('2026-02-03'), confidence: 'own', status: 'product' } as const;
const draft = { from: day('2026-02-03'), confidence: 'official-draft-2025', status: 'draft-2025' } as const;

const ours = (article: string, articleZh: string) => ({ citation: { instrument: 'TG', article, articleZh } }) as const;
const d25 = (article: string, articleZh: string) => ({ citation: { instrument: 'D25', article, articleZh } }) as const;

// biome-ignore format: one reading a paragraph
const SWITCHED: readonly ReadingRow[] = [
  { ...draft, ...d25('II(3)', '二（三）'), id: 'C7', switch: 'operator-file', stricter: 'taken',
    title: { en: 'the unit in which raw videos are counted', zh: '原始影像的计数单位' },
    taken: { en: 'each frame is one', zh: '一帧计为一个' }, other: { en: 'each clip is one', zh: '一段计为一个' } },
  { ...product, ...ours('vehicles as persons', '车辆折算人数'), id: 'CNT-1', switch: 'none', stricter: 'taken',
    title: { en: 'persons behind a vehicle who are not known', zh: '车辆对应自然人不明的计数' },
    taken: { en: 'each VIN counts as at least one person; re-keying a person never lowers a count', zh: '每个车辆识别代号至少计为一人；更换假名密钥不得减少计数' },
    other: { en: 'only persons that are known count', zh: '仅计入已知的自然人' } },
  { ...product, ...ours('exempt persons', '豁免人数'), id: 'CNT-8', switch: 'operator-file', stricter: 'taken',
    title: { en: 'persons whose data went out under an exemption', zh: '豁免情形下出境的人数' },
    taken: { en: 'they are counted', zh: '计入累计' },
    other: { en: 'those under the contract, employment, emergency and free-trade-zone exemptions are not', zh: '合同、人力资源、紧急情况、自贸区豁免的人数不计入' } },
  { ...product, ...d25('II', '二'), id: 'CNT-10', switch: 'operator-file', stricter: 'taken',
    title: { en: 'the window of figures that name none: vehicles, km, hours, pictures, days', zh: '未写明统计期间的数量（车辆、里程、时长、图片、天数）' },
    taken: { en: 'counted without end, by item and scenario', zh: '按判定项和场景持续累计，不清零' }, other: { en: 'counted since 1 January of the year', zh: '自当年1月1日起累计' } },
  { ...draft, ...d25('II, faces and plates', '二、人脸和号牌'), id: 'D5', switch: 'operator-file', stricter: 'taken',
    title: { en: 'faces and plates: size alone, or also visible and readable as GB/T 44464 cl. 5.6.2 has it', zh: '人脸、号牌：仅看尺寸，还是同时满足 GB/T 44464 第5.6.2条的可见、可读条件' },
    taken: { en: 'the size of the box alone decides', zh: '仅以目标框尺寸判定' }, other: { en: 'it has to be visible and readable as well', zh: '还须满足可见、可读条件' } },
  { ...draft, ...d25('II(3)', '二（三）'), id: 'D6.fused', switch: 'operator-file', stricter: 'taken',
    title: { en: 'fused with exterior imagery and radar: the text joins them with an enumeration comma', zh: '与车外影像、雷达数据融合：顿号的含义' },
    taken: { en: 'imagery or radar is enough', zh: '与其中之一融合即属之' }, other: { en: 'it has to be both', zh: '须与二者均融合' } },
  { ...draft, ...d25('II(5), keys and certificates', '二（五）密钥、证书'), id: 'D6.keys', switch: 'operator-file', stricter: 'taken',
    title: { en: 'keys and certificates: of vehicles at large, or of the communication between vehicle and cloud', zh: '密钥、证书：泛指车辆所用，还是限于车云通信' },
    taken: { en: 'whatever they are used for', zh: '不限用途' }, other: { en: 'only those for communication between vehicle and cloud', zh: '限于车云通信' } },
  { ...draft, ...d25('II(5), charging operation', '二（五）充电运营'), id: 'D6.site', switch: 'operator-file', stricter: 'taken',
    title: { en: 'places of chargers: the clause on sensitive areas stands there without "can infer"', zh: '充电桩位置：敏感区域条款未写“可推断”' },
    taken: { en: 'what can be inferred counts as well', zh: '可推断的也计入' }, other: { en: 'only what relates to such an area directly', zh: '仅限直接涉及' } },
  { ...product, confidence: 'official', ...ours('free-trade-zone lists and CIIO', '自贸区清单与关键信息基础设施运营者'), id: 'D7', switch: 'none', stricter: 'taken',
    title: { en: 'whether exemption (6) is open to a CIIO', zh: '关键信息基础设施运营者能否适用第（6）项豁免' },
    taken: { en: 'only where the list itself says so; the Shanghai list of 2024 shuts CIIOs out, and sectors not on a list follow national rules', zh: '仅在清单明确允许时适用；上海2024年清单排除关键信息基础设施运营者，清单未列领域适用全国规则' },
    other: { en: 'everywhere', zh: '一律适用' } },
  { ...product, confidence: 'official', citation: { instrument: 'GBT45574', article: 'annex A, note e', articleZh: '附录A 注e' }, id: 'D11.body', switch: 'none', stricter: 'taken',
    title: { en: 'basic body data such as heart rate', zh: '基本身体数据（如心率）' },
    taken: { en: 'sensitive', zh: '按敏感个人信息处理' }, other: { en: 'may be ordinary personal information', zh: '可为一般个人信息' } },
  { ...product, confidence: 'official', citation: { instrument: 'GBT44464', article: 'annex A, note 1', articleZh: '附录A 注1' }, id: 'D11.v2x', switch: 'none', stricter: 'taken',
    title: { en: 'positions that a vehicle broadcasts to others (V2X)', zh: '车辆对外广播的位置（V2X）' },
    taken: { en: 'sensitive', zh: '按敏感个人信息处理' }, other: { en: 'not sensitive', zh: '不属于敏感个人信息' } },
];

// biome-ignore format: one gap a paragraph
const GAPS: readonly ReadingRow[] = [
  { ...draft, ...d25('II', '二'), id: 'C1', switch: 'none',
    title: { en: 'the section of the final text on important data has not been read', zh: '未读到最终文本的重要数据部分' },
    taken: { en: 'items and figures are those of the draft of June 2025; whether the figures survived is unknown; one category and two items are holes', zh: '判定项和数值取自2025年6月征求意见稿，数值是否保留不明；缺一个类别、两项' } },
  { ...draft, ...d25('II, merged cells', '二、合并单元格'), id: 'C16', switch: 'none',
    title: { en: 'which items share a condition', zh: '哪些判定项共用判定条件' },
    taken: { en: 'items of one merged cell share it: 1-3, 4-12, 13-15, 16-18, 20-22, 26-27, 32-40, 41-43, 45-46', zh: '同一合并单元格内的各项共用：1-3、4-12、13-15、16-18、20-22、26-27、32-40、41-43、45-46' } },
  { ...draft, ...d25('II(5), traffic indicators', '二（五）交通指标'), id: 'C18', switch: 'none',
    title: { en: 'what a month is at a junction', zh: '路口时间跨度“1个月”的算法' },
    taken: { en: 'a calendar month of Asia/Shanghai to the same time of day; where the next month is shorter, to its last day', zh: '按北京时间的日历月计算至同一时刻；次月较短的，至其末日' } },
  { ...product, ...ours('retention of captures', '流量留存'), id: 'C15', switch: 'none',
    title: { en: 'one week in full; a sample for a month without a rate', zh: '全量1周；抽样1个月但未规定抽样比例' },
    taken: { en: 'at least 7 times 24 hours, and at least 31 days', zh: '全量至少7×24小时，抽样至少31天' } },
  { ...product, confidence: 'seed', citation: { instrument: 'G26', article: 'I(3) para. 3', articleZh: '一（三）第3款' }, id: 'D3', switch: 'none',
    title: { en: 'the sentence that leaves important data out', zh: '“不含重要数据”一句的位置' },
    taken: { en: 'it stands in the paragraph on exemptions only', zh: '仅见于豁免条款' } },
  { ...product, confidence: 'official', ...ours('lists of zones that were not read', '未读到的自贸区清单'), id: 'D8', switch: 'none',
    title: { en: 'lists of zones whose fields were not read', zh: '未读到字段的自贸区清单' },
    taken: { en: 'such a list carries no exemption', zh: '此类清单不支持豁免' } },
  { ...product, ...ours('lapsed custodian', '保管单位资质失效'), id: 'D12.custodian', switch: 'none',
    title: { en: 'the qualification of the surveying custodian lapses', zh: '测绘资质单位资质失效' },
    taken: { en: 'the geographic zone is closed to reads, and ingest goes on', zh: '测绘地理信息区停止读取，接收照常' } },
  { ...product, ...ours('region labels', '地区标注'), id: 'D12.region', switch: 'none',
    title: { en: 'labels of administrative regions', zh: '行政区划标注' },
    taken: { en: 'geographic unless it is set otherwise', zh: '除另行设定外，按地理信息处理' } },
  { ...product, ...ours('ungraded incident', '未定级事件'), id: 'D12.incident', switch: 'none',
    title: { en: 'an incident that has not been graded', zh: '尚未定级的安全事件' },
    taken: { en: 'exemption (8) is withheld', zh: '不适用第（8）项豁免' } },
  { ...product, ...ours('staff abroad', '人员境外访问'), id: 'D12.staff', switch: 'none',
    title: { en: 'staff who read from abroad while travelling', zh: '人员出差期间从境外访问' },
    taken: { en: 'a transfer', zh: '属于数据出境' } },
];

export const READINGS: readonly ReadingRow[] = [...SWITCHED, ...GAPS];
