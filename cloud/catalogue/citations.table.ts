import type { Bilingual } from '../../proto/words/fault.ts';

/** What the short citations of rows stand for. */
// biome-ignore format: one citation a line
export const CITATIONS: Readonly<Record<string, Bilingual>> = {
  'T44464-A.2': { en: 'GB/T 44464-2024, annex A.2: classes of personal information in vehicles', zh: 'GB/T 44464-2024 附录A.2 汽车个人信息分类' },
  '45574-A': { en: 'GB/T 45574-2025, annex A: categories of sensitive personal information', zh: 'GB/T 45574-2025 附录A 敏感个人信息类别' },
  M22: { en: 'notice of the Ministry of Natural Resources [2022] No. 1: what a vehicle measures of roads is surveying', zh: '自然资规〔2022〕1号：车辆对道路的感知属测绘活动' },
  M24: { en: 'notice of the Ministry of Natural Resources [2024] No. 139: perception data, topology and maps', zh: '自然资发〔2024〕139号：感知数据、道路拓扑和地图' },
  'SP21-3': { en: 'Several Provisions on Automotive Data Security, article 3', zh: '《汽车数据安全管理若干规定（试行）》第3条' },
  GB20263: { en: 'draft revision of GB 20263 (2024): attributes of roads that may not be shown', zh: 'GB 20263 修订征求意见稿（2024）：不得表示的道路属性' },
  'D25-II': { en: 'consultation draft of the Guidelines (June 2025), part II', zh: '《汽车数据出境安全指引》征求意见稿（2025年6月）第二部分' },
  'G26-N9': { en: 'Guidelines (2026 edition), note 9: tracks and maps only after recognised processing', zh: '《汽车数据出境安全指引（2026版）》注9：轨迹和地图须经国家认定的保密处理' },
  'G26-EX': { en: 'Guidelines (2026 edition), exemptions 7 to 9', zh: '《汽车数据出境安全指引（2026版）》豁免情形（七）至（九）' },
  'G26-LOG': { en: 'Guidelines (2026 edition), IV(3): logs', zh: '《汽车数据出境安全指引（2026版）》四（三）日志要求' },
  'PIPL-4': { en: 'Personal Information Protection Law, article 4', zh: '《个人信息保护法》第4条' },
  'PIPL-28': { en: 'Personal Information Protection Law, article 28', zh: '《个人信息保护法》第28条' },
  TG: { en: 'a decision of this product where no text decides', zh: '无明文规定，由本产品决定' },
};
