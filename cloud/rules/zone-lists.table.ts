import type { CivilDate } from '../../proto/words/time.ts';
import type { ZoneListRow } from './law-row.ts';

/**
 * Lists of pilot free trade zones, as far as we know of them. None ships with its fields, so none carries exemption (6) by
 * itself: the operator adds a row with the version he read, and the claim names it. Where only the year of a list is known, it
 * begins on the last day of that year.
 */
const day = (text: string) => text as CivilDate;

// biome-ignore format: one list a paragraph
export const ZONE_LISTS: readonly ZoneListRow[] = [
  { id: 'beijing-2024', from: day('2024-12-31'), until: day('2025-12-31'), list: 'negative', automotive: 'yes', opensToCiio: 'unknown', confidence: 'law-firm', status: 'official',
    title: { en: 'Beijing pilot free trade zone, negative list 2024', zh: '北京自贸试验区数据出境负面清单（2024版）' }, area: { en: 'Beijing pilot free trade zone', zh: '北京自贸试验区' },
    facts: { en: '5 sectors with automotive, 23 scenarios, 198 fields; companies of driving automation were left out', zh: '5个领域（含汽车）、23个场景、198个字段；不含自动驾驶企业' },
    citation: { instrument: 'FTZ-BEIJING', article: 'list of 2024', articleZh: '2024版清单' } },
  { id: 'beijing-2025', from: day('2025-12-31'), list: 'negative', automotive: 'yes', opensToCiio: 'unknown', confidence: 'official', status: 'official',
    title: { en: 'Beijing "Two Zones", negative list 2025', zh: '北京“两区”数据出境负面清单（2025版）' }, area: { en: 'the whole municipality of Beijing', zh: '北京市全域' },
    facts: { en: '9 sectors with driving automation and connected vehicles, 67 scenarios, 612 fields; its personal information thresholds in automotive scenarios were not found', zh: '9个领域（含自动驾驶、智能网联汽车）、67个场景、612个字段；汽车场景的个人信息阈值未查到' },
    citation: { instrument: 'FTZ-BEIJING', article: 'list of 2025', articleZh: '2025版清单' } },
  { id: 'tianjin-2024', from: day('2024-12-31'), list: 'negative', automotive: 'yes', opensToCiio: 'unknown', confidence: 'official', status: 'official',
    title: { en: 'Tianjin pilot free trade zone, negative list 2024', zh: '天津自贸试验区数据出境负面清单（2024版）' }, area: { en: 'Tianjin pilot free trade zone', zh: '天津自贸试验区' },
    facts: { en: 'item 19: position and operation data of sensitive areas, and sensitive personal information of 100,000 or more consumers; names upgrade data as an example', zh: '第19项：敏感区域位置和运行数据、10万人以上消费者敏感个人信息；举例含升级数据' },
    citation: { instrument: 'FTZ-TIANJIN', article: 'item 19', articleZh: '第19项' } },
  { id: 'shanghai-2024', from: day('2024-12-31'), list: 'negative', automotive: 'no', opensToCiio: 'no', confidence: 'official', status: 'official',
    title: { en: 'Shanghai pilot free trade zone, negative list 2024', zh: '上海自贸试验区数据出境负面清单（2024版）' }, area: { en: 'Shanghai pilot free trade zone', zh: '上海自贸试验区' },
    facts: { en: 'reinsurance, shipping and commerce; note 2 shuts CIIOs out, note 3 leaves other sectors to national rules', zh: '再保险、航运、商贸；注2排除关键信息基础设施运营者，注3未列领域适用全国规则' },
    citation: { instrument: 'FTZ-SHANGHAI', article: 'notes 2 and 3', articleZh: '注2、注3' } },
  { id: 'lingang-2024', from: day('2024-05-31'), until: day('2025-05-01'), list: 'positive', automotive: 'yes', opensToCiio: 'unknown', confidence: 'law-firm', status: 'official',
    title: { en: 'Lingang new area, list of general data 2024', zh: '临港新片区一般数据清单（2024）' }, area: { en: 'Lingang new area of Shanghai', zh: '上海临港新片区' },
    facts: { en: 'connected vehicles: 4 scenarios, 23 classes, 158 fields; a trial of one year from May 2024', zh: '智能网联汽车：4个场景、23类、158个字段；2024年5月起试行一年' },
    citation: { instrument: 'FTZ-SHANGHAI', article: 'Lingang list', articleZh: '临港清单' } },
  { id: 'zhejiang-2024', from: day('2024-12-31'), list: 'negative', automotive: 'no', opensToCiio: 'unknown', confidence: 'official', status: 'official',
    title: { en: 'Zhejiang pilot free trade zone, negative list 2024', zh: '浙江自贸试验区数据出境负面清单（2024版）' }, area: { en: 'Zhejiang pilot free trade zone', zh: '浙江自贸试验区' },
    facts: { en: 'electronic commerce and clearing', zh: '电子商务、清算' },
    citation: { instrument: 'FTZ-OTHER', article: 'Zhejiang', articleZh: '浙江' } },
  { id: 'chongqing-2025', from: day('2025-09-12'), list: 'negative', automotive: 'unread', opensToCiio: 'unknown', confidence: 'official', status: 'official',
    title: { en: 'Chongqing pilot free trade zone, negative list 2025', zh: '重庆自贸试验区数据出境负面清单（2025版）' }, area: { en: 'Chongqing pilot free trade zone', zh: '重庆自贸试验区' },
    facts: { en: 'begins with intelligent connected vehicles (official answers of 2025-09-12); its fields were not read', zh: '首批领域为智能网联汽车（2025年9月12日官方答问）；字段未读到' },
    citation: { instrument: 'FTZ-OTHER', article: 'Chongqing', articleZh: '重庆' } },
  { id: 'other-zones', from: day('2025-12-31'), list: 'negative', automotive: 'unread', opensToCiio: 'unknown', confidence: 'law-firm', status: 'official',
    title: { en: 'Hainan, Fujian, Guangxi, Jiangsu and others', zh: '海南、福建、广西、江苏等' }, area: { en: 'their zones', zh: '各自贸试验区' },
    facts: { en: 'lists exist; what they say of vehicles was not read, nor was a primary text of the Shanghai pilot of April 2026 found', zh: '清单存在，汽车内容未读到；上海2026年4月试点亦未查到原文' },
    citation: { instrument: 'FTZ-OTHER', article: 'other zones', articleZh: '其他自贸试验区' } },
];
