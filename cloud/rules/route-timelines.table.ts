import { bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { RouteTimeline } from '../transfer/plan-routes.ts';

const from = '2026-05-01' as CivilDate;
// A practitioners' guide of May 2026; what an authority takes is not in any text.
const citation = { instrument: 'GLE-2026', article: 'table of routes', articleZh: '路径对照表' } as const;

/** How long each route takes from nothing to the first transfer, and where it goes wrong. */
export const ROUTE_TIMELINES: readonly RouteTimeline[] = [
  {
    id: 'TIME.standard-contract',
    from,
    route: 'standard-contract',
    months: { least: 1, most: 3 },
    pitfalls: bilingual(
      'a changed template cannot be filed; a contract where an assessment is mandatory is void; material changes need a new filing',
      '修改标准合同范本将无法备案；应当申报安全评估的不得以合同代替；重大变更须重新备案',
    ),
    citation,
    confidence: 'law-firm',
    status: 'product',
  },
  {
    id: 'TIME.certification',
    from,
    route: 'certification',
    months: { least: 2, most: 6 },
    pitfalls: bilingual(
      'incomplete impact assessment; no audit clauses with vendors; no evidence of de-identification; conformity not kept up after the certificate',
      '个人信息保护影响评估不完整；与供应方缺少审计条款；去标识化证据不足；获证后未持续符合',
    ),
    citation,
    confidence: 'law-firm',
    status: 'product',
  },
  {
    id: 'TIME.security-assessment',
    from,
    route: 'security-assessment',
    months: { least: 3, most: 9 },
    pitfalls: bilingual(
      'important data not recognised as such; too little evidence of engineering measures; delays after an incomplete self-assessment',
      '未识别出重要数据；技术措施证据不足；自评估报告不完整导致补正',
    ),
    citation,
    confidence: 'law-firm',
    status: 'product',
  },
];
