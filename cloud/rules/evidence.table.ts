import type { Bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import type { OnFileKind } from '../transfer/facts.ts';
import type { Citation, OnFileCheck, OnFileRule } from '../transfer/rule.ts';

/**
 * The hard checks on the evidence of an exemption. A claim counts only where every row of its kind is met; what is unknown,
 * missing or late does not meet it. Evidence names recipient, dataset and purpose as every document does.
 */
const from = '2026-11-23' as CivilDate;

/** The Guidelines list the exemptions; which evidence to ask for is ours. */
const clause = (number: number): Citation => ({
  instrument: 'G26',
  article: `I(3) para. 3(${number})`,
  articleZh: `一（三）第3款第(${number})项`,
});

type Row = readonly [
  exemption: number,
  id: string,
  kind: OnFileKind,
  requires: OnFileCheck,
  confidence: OnFileRule['confidence'],
];

const states = (key: string, allowed: readonly string[], en: string, zh: string): OnFileCheck => ({
  check: 'states',
  key,
  in: allowed,
  problem: { en, zh } satisfies Bilingual,
});

// biome-ignore format: one check a line
const CHECKS: readonly Row[] = [
  [1, 'EX-1.lineage',    'exemption-1-evidence', states('lineage', ['foreign-only'], 'its lineage does not show that all of it was collected abroad', '其谱系未能证明全部数据采集于境外'), 'seed'],
  [1, 'EX-1.inbound',    'exemption-1-evidence', { check: 'before-transfer', key: 'receivedAt' }, 'own'],
  [1, 'EX-1.outbound',   'exemption-1-evidence', { check: 'same-content', key: 'outboundSha256' }, 'own'],
  [2, 'EX-2.party',      'exemption-2-evidence', states('individualIsParty', ['yes'], 'the individual is not shown to be a party of the contract', '未能证明个人为合同当事人'), 'seed'],
  [2, 'EX-2.necessity',  'exemption-2-evidence', states('necessity', ['every-field'], 'not every field is shown to be needed for the contract', '未能证明每一字段均为合同所必需'), 'seed'],
  [2, 'EX-2.personal',   'exemption-2-evidence', { check: 'personal-only' }, 'seed'],
  [3, 'EX-3.rules',      'exemption-3-evidence', states('labourRules', ['lawful'], 'the labour rules are not on file as lawful', '劳动规章制度未备或合法性不明'), 'seed'],
  [3, 'EX-3.collective', 'exemption-3-evidence', states('collectiveContract', ['signed'], 'a signed collective contract is not on file', '未备已签订的集体合同'), 'seed'],
  [3, 'EX-3.necessity',  'exemption-3-evidence', states('necessity', ['every-field'], 'not every field is shown to be needed for human resources', '未能证明每一字段均为人力资源管理所必需'), 'seed'],
  [3, 'EX-3.personal',   'exemption-3-evidence', { check: 'personal-only' }, 'seed'],
  [4, 'EX-4.term',       'exemption-4-evidence', { check: 'days', daysMax: 7 }, 'own'],
  [4, 'EX-4.necessity',  'exemption-4-evidence', states('necessity', ['every-field'], 'not every field is shown to be needed in the emergency', '未能证明每一字段均为紧急情况所必需'), 'seed'],
  [4, 'EX-4.protects',   'exemption-4-evidence', states('protects', ['life', 'health', 'property'], 'it does not say what it protects', '未说明所保护的是生命、健康还是财产'), 'seed'],
  [4, 'EX-4.personal',   'exemption-4-evidence', { check: 'personal-only' }, 'seed'],
  [4, 'EX-4.follows',    'exemption-4-evidence', states('follows', ['nothing', 'confirmed'], 'it may go on with an earlier emergency, and no second person who may approve has confirmed it', '其可能延续先前的紧急情况，且未经另一名具审批权限的人员确认'), 'own'],
  [6, 'EX-6.registered', 'exemption-6-evidence', states('registered', ['yes'], 'the exporter is not shown to be registered in the zone', '未能证明数据处理者在该自贸区登记'), 'seed'],
  [6, 'EX-6.fields',     'exemption-6-evidence', states('fields', ['all-outside'], 'not every field is shown to lie outside of the list', '未能证明每一字段均在负面清单之外'), 'seed'],
  [6, 'EX-6.list',       'exemption-6-evidence', { check: 'zone-list' }, 'own'],
  [6, 'EX-6.procedure',  'exemption-6-evidence', { check: 'before-transfer', key: 'filedAt' }, 'seed'],
  [7, 'EX-7.receipt',    'exemption-7-evidence', { check: 'before-transfer', key: 'reportedAt' }, 'seed'],
  [7, 'EX-7.platform',   'exemption-7-evidence', states('platform', ['NVDB', 'NVDB-CAVD'], 'it was not reported to a platform of the ministry', '未报送至工信部漏洞平台'), 'seed'],
  [7, 'EX-7.dataset',    'exemption-7-evidence', { check: 'among-reported', key: 'reportedSha256' }, 'own'],
  [7, 'EX-7.fix',        'exemption-7-evidence', states('recipientFixes', ['yes'], 'the recipient is not shown to take part in the fix', '未能证明接收方参与修补'), 'seed'],
  [8, 'EX-8.level',      'exemption-8-evidence', states('level', ['general', 'larger', 'major', 'especially-major'], 'the incident has not been graded', '事件尚未定级'), 'own'],
  [8, 'EX-8.miit',       'exemption-8-evidence', { check: 'before-transfer', key: 'miitReceiptAt' }, 'seed'],
  [8, 'EX-8.sector',     'exemption-8-evidence', { check: 'before-transfer', key: 'sectorReceiptAt' }, 'seed'],
  [8, 'EX-8.dataset',    'exemption-8-evidence', { check: 'among-reported', key: 'reportedSha256' }, 'own'],
  [8, 'EX-8.handles',    'exemption-8-evidence', states('recipientHandles', ['yes'], 'the recipient is not shown to handle the incident', '未能证明接收方参与处置'), 'seed'],
  [9, 'EX-9.state',      'exemption-9-evidence', states('state', ['filed'], 'the source code is not on file with SAMR, or no longer', '源代码未在市场监管总局备案或备案已失效'), 'seed'],
  [9, 'EX-9.filed',      'exemption-9-evidence', { check: 'before-transfer', key: 'filedAt' }, 'seed'],
  [9, 'EX-9.hash',       'exemption-9-evidence', { check: 'same-content', key: 'filedSha256' }, 'own'],
  [9, 'EX-9.tree',       'exemption-9-evidence', { check: 'same-content', key: 'sourceTreeSha256' }, 'own'],
  [9, 'EX-9.purpose',    'exemption-9-evidence', states('reason', ['defect', 'recall'], 'it is not for removing a defect or carrying out a recall', '并非为消除缺陷或实施召回'), 'seed'],
  [9, 'EX-9.code',       'exemption-9-evidence', { check: 'kinds-only', kinds: ['SRC'] }, 'own'],
];

const SCOPES = ['recipient', 'dataset', 'purpose'] as const;
const COVERED = [1, 2, 3, 4, 6, 7, 8, 9] as const;

const COVERAGE: readonly OnFileRule[] = COVERED.flatMap((number) =>
  SCOPES.map((scope) => ({
    id: `exemption-${number}-evidence.${scope}`,
    from,
    kind: `exemption-${number}-evidence`,
    requires: { check: 'covers', scope },
    citation: clause(number),
    confidence: 'own',
    status: 'product',
  })),
);

export const EVIDENCE_RULES: readonly OnFileRule[] = [
  ...COVERAGE,
  ...CHECKS.map(([number, id, kind, requires, confidence]): OnFileRule => {
    const status = confidence === 'own' ? 'product' : 'final-2026';
    return { id, from, kind, requires, citation: clause(number), confidence, status };
  }),
];
