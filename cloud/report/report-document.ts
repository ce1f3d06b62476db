import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { groupBy, listOf, missing, permitted, type Section, sizeOf, table, text, UNKNOWN, wordOf } from './blocks.ts';
import type { Block, Cell, ReportDocument, ReportedTransfer, ReportFacts, ReportKind } from './report-facts.ts';
import {
  BASIS_WORDS,
  CLASS_WORDS,
  DOCUMENT_WORDS,
  FIELD_KIND_WORDS,
  FILING_WORDS,
  STATE_WORDS,
} from './report-words.table.ts';

/**
 * Puts a report together. Every figure is one of register or log; what nobody wrote down is a block of its own that says what
 * to do. Pure: the same facts give the same report.
 */
export function reportDocument(facts: ReportFacts): ReportDocument {
  const sections = [
    processor(facts),
    whatWasSent(facts),
    scale(facts),
    recipients(facts),
    channels(facts),
    safeguards(facts),
    documents(facts),
    rights(facts),
    ...(facts.kind === 'annual' ? [incidents(facts)] : []),
    records(facts),
  ];
  const blocks = sections.flatMap(({ title, blocks: own }, index) => [
    {
      block: 'heading' as const,
      text: bilingual(`${index + 1}. ${title.en}`, `${NUMERALS[index] ?? index + 1}、${title.zh}`),
    },
    ...own,
  ]);
  return { title: TITLES[facts.kind], blocks };
}

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

const TITLES: Readonly<Record<ReportKind, Bilingual>> = {
  assessment: bilingual(
    'Draft of a declaration for a security assessment of data transfers abroad',
    '数据出境安全评估申报材料（草稿）',
  ),
  contract: bilingual(
    'Draft of a filing of the standard contract for transfers of personal information',
    '个人信息出境标准合同备案材料（草稿）',
  ),
  annual: bilingual('Draft of the annual report on automotive data security', '汽车数据安全管理情况年度报告（草稿）'),
};

function processor(facts: ReportFacts): Section {
  const { name, id, ciio } = facts.processor;
  const rows = [
    [bilingual('name', '名称'), name],
    [bilingual('id in logs', '日志中的编号'), id],
    [bilingual('operator of critical information infrastructure', '是否关键信息基础设施运营者'), YES_NO[ciio] ?? ciio],
    [bilingual('period of this report', '报告期间'), `${facts.period.from} – ${facts.period.until}`],
    [bilingual('made on', '生成日期'), facts.madeOn],
  ];
  return {
    title: bilingual('Data processor', '数据处理者'),
    blocks: [table(NAME_VALUE, rows), ...missing('processor', facts)],
  };
}

const NAME_VALUE = [bilingual('item', '项目'), bilingual('content', '内容')];
const YES_NO: Readonly<Record<string, Bilingual>> = {
  yes: bilingual('yes', '是'),
  no: bilingual('no', '否'),
  unknown: bilingual('unknown', '未知'),
};

function whatWasSent(facts: ReportFacts): Section {
  const title = bilingual('Purposes, kinds and scope', '出境目的、种类与范围');
  const groups = groupBy(
    permitted(facts),
    ({ datasetId, recipientId, purpose }) => `${datasetId}\0${recipientId}\0${purpose}`,
  );
  if (groups.length === 0)
    return {
      title,
      blocks: [
        text('Register and log hold no permitted transfer of this period.', '登记簿与日志中无本期间获准的出境。'),
      ],
    };
  const rows = groups.map((group) => {
    const [first] = group;
    const named = facts.datasets.find(({ id }) => id === first?.datasetId);
    return [
      named?.title ?? first?.datasetId ?? '',
      named === undefined ? UNKNOWN : listOf(CLASS_WORDS, named.classes),
      kindsOf(group),
      first?.recipientId ?? '',
      first?.purpose ?? '',
      String(group.length),
    ];
  });
  return { title, blocks: [table(SENT_HEAD, rows)] };
}

const SENT_HEAD = [
  bilingual('dataset', '数据集'),
  bilingual('classes', '数据类别'),
  bilingual('kinds of field', '字段种类'),
  bilingual('recipient', '境外接收方'),
  bilingual('purpose', '目的'),
  bilingual('transfers', '出境次数'),
];

/** Kinds of field of all of them; unknown as soon as one has none on record. */
function kindsOf(group: readonly ReportedTransfer[]): Cell {
  const kinds = group.flatMap((one) => one.kinds ?? ['unknown']);
  return kinds.includes('unknown') ? UNKNOWN : listOf(FIELD_KIND_WORDS, [...new Set(kinds)].sort());
}

function scale(facts: ReportFacts): Section {
  const delivered = facts.transfers.filter(({ state }) => state === 'delivered');
  const important = permitted(facts).filter(({ important: is }) => is === 'present' || is === 'own-catalogue-only');
  const unsettled = permitted(facts).filter(({ important: is }) => is === undefined || is === 'unknown');
  const counts = facts.years.map(({ year, plain, sensitive }) => [String(year), String(plain), String(sensitive)]);
  const sizes = [
    [bilingual('delivered in the period', '本期间已送达'), String(delivered.length), sizeOf(delivered)],
    [bilingual('of these, important data', '其中重要数据'), String(important.length), sizeOf(important)],
  ];
  return {
    title: bilingual('Scale', '规模'),
    blocks: [
      text(
        'Distinct persons since 1 January in Asia/Shanghai, transfers under way included; each vehicle counts as one person.',
        '自当年1月1日（北京时间）起去重人数，含在途出境；每辆车按一人计。',
      ),
      table(
        [
          bilingual('year', '年份'),
          bilingual('persons, non-sensitive', '非敏感个人信息人数'),
          bilingual('persons, sensitive', '敏感个人信息人数'),
        ],
        counts,
      ),
      table([bilingual('transfers', '出境'), bilingual('number', '次数'), bilingual('size', '数据量')], sizes),
      ...(unsettled.length === 0 ? [] : [importanceMissing(unsettled.length)]),
      ...missing('scale', facts),
    ],
  };
}

function importanceMissing(transfers: number): Block {
  return {
    block: 'missing',
    what: bilingual(`whether ${transfers} transfer(s) hold important data`, `${transfers} 次出境是否含重要数据`),
    remedy: bilingual('settle it with the classification before this is filed', '请在提交前依据分类结果认定'),
  };
}

function recipients(facts: ReportFacts): Section {
  const rows = facts.recipients.map(({ id, name, country, endpoint, purposes }) => {
    const sent = facts.transfers.filter((one) => one.recipientId === id && one.state === 'delivered');
    return [name, country, endpoint, purposes.join(', '), String(sent.length), sizeOf(sent)];
  });
  const head = [
    bilingual('name', '名称'),
    bilingual('country', '国家/地区'),
    bilingual('endpoint', '接收地址'),
    bilingual('registered purposes', '登记目的'),
    bilingual('delivered', '送达次数'),
    bilingual('size', '数据量'),
  ];
  return {
    title: bilingual('Overseas recipients', '境外接收方'),
    blocks: [table(head, rows), ...missing('recipients', facts)],
  };
}

function channels(facts: ReportFacts): Section {
  const manners = groupBy(permitted(facts), ({ manner }) => manner ?? 'unknown').map((group) => [
    MANNERS[group[0]?.manner ?? ''] ?? UNKNOWN,
    String(group.length),
    sizeOf(group),
  ]);
  const blocks = [
    text(
      'All goes through one process: HTTPS over TLS with certificates on both sides, pinned to the registered recipient.',
      '全部出境经由单一进程：HTTPS/TLS 双向证书认证，并绑定登记的境外接收方。',
    ),
    ...(manners.length === 0
      ? []
      : [table([bilingual('manner', '方式'), bilingual('transfers', '次数'), bilingual('size', '数据量')], manners)]),
  ];
  return { title: bilingual('Channels', '出境链路'), blocks: [...blocks, ...missing('channels', facts)] };
}

const MANNERS: Readonly<Record<string, Bilingual>> = {
  sent: bilingual('transmission', '传输'),
  'read-from-abroad': bilingual('remote access', '远程访问'),
  'processed-abroad': bilingual('processing abroad', '境外处理'),
};

function safeguards(facts: ReportFacts): Section {
  const list = [
    [
      'No coordinate, picture, point cloud or VIN can stand in a parcel; every build is searched for them.',
      '数据包不含坐标、影像、点云与车辆识别代号；每次构建均逐字节检查。',
    ],
    [
      'Each recipient sees vehicles under tags of its own, which no other can join.',
      '各接收方使用互不关联的车辆假名。',
    ],
    [
      'Figures over fewer than 20 vehicles are not given, and none twice over other vehicles.',
      '不提供少于20辆车的统计值，且同一统计口径只发布一次。',
    ],
    [
      'Nothing leaves without a verdict, a signed permit and an entry of the log before it.',
      '无裁定、签名许可与先行日志，任何数据不得出境。',
    ],
    [
      'Zones lie in files of their own; the process that sends can open none of them.',
      '数据分区存放于独立文件；发送进程无法打开任何分区。',
    ],
  ] as const;
  const rows = list.map(([en, zh], index) => [String(index + 1), bilingual(en, zh)]);
  return {
    title: bilingual('Safeguards', '安全保障措施'),
    blocks: [table([bilingual('no.', '序号'), bilingual('measure', '措施')], rows), ...missing('safeguards', facts)],
  };
}

function documents(facts: ReportFacts): Section {
  const rows = facts.onFile.map(({ kind, id, validFrom, validUntil, filed }) => [
    wordOf(DOCUMENT_WORDS, kind),
    id,
    validFrom,
    validUntil,
    filed === undefined ? '–' : wordOf(FILING_WORDS, filed),
  ]);
  const head = [
    bilingual('kind', '种类'),
    bilingual('number', '编号'),
    bilingual('from', '生效'),
    bilingual('until', '失效'),
    bilingual('filing', '备案'),
  ];
  const wanted = WANTED[facts.kind].filter((kind) => !facts.onFile.some((one) => one.kind === kind));
  const absent = wanted.map((kind): Block => {
    const { en, zh } = DOCUMENT_WORDS[kind];
    return {
      block: 'missing',
      what: bilingual(`${en}: not on file`, `未登记：${zh}`),
      remedy: bilingual('enter it once it exists: `tongguan register`', '取得后请用 `tongguan register` 登记'),
    };
  });
  return {
    title: bilingual('Documents on file', '在案文件'),
    blocks: [...(rows.length === 0 ? [] : [table(head, rows)]), ...absent],
  };
}

const WANTED: Readonly<Record<ReportKind, readonly (keyof typeof DOCUMENT_WORDS)[]>> = {
  assessment: ['notice', 'pipia', 'security-assessment'],
  contract: ['notice', 'pipia', 'standard-contract'],
  annual: ['notice'],
};

function rights(facts: ReportFacts): Section {
  const rows = [[bilingual('legal basis', '合法性基础'), wordOf(BASIS_WORDS, facts.legalBasis)]];
  return {
    title: bilingual('Rights of persons', '个人权益保障'),
    blocks: [table(NAME_VALUE, rows), ...missing('rights', facts)],
  };
}

function incidents(facts: ReportFacts): Section {
  return {
    title: bilingual('Incidents and domestic provision', '安全事件与境内提供'),
    blocks: missing('incidents', facts),
  };
}

function records(facts: ReportFacts): Section {
  const states = groupBy(facts.transfers, ({ state }) => state).map((group) => [
    wordOf(STATE_WORDS, group[0]?.state ?? ''),
    String(group.length),
  ]);
  return {
    title: bilingual('Records', '记录'),
    blocks: [
      ...(states.length === 0
        ? []
        : [table([bilingual('state', '状态'), bilingual('transfers of the period', '本期间出境次数')], states)]),
      text(
        `The log of operations was verified for this report: ${facts.log.entries} entries, root ${facts.log.root}.`,
        `生成本报告时已校验操作日志：共 ${facts.log.entries} 条，根哈希 ${facts.log.root}。`,
      ),
    ],
  };
}
