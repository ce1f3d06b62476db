import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { BundledFile } from '../ports/bundle.ts';
import type { ReportPeriod } from './report-facts.ts';

/** One log in the bundle. */
export interface InspectedLog {
  readonly name: string;
  readonly size: number;
  readonly root: string;
  /** Entries of the period, by index: `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
}

/** A transfer of the period, as the log has it. */
export interface InspectedTransfer {
  readonly transferId: string;
  readonly verdicts: number;
  readonly decision: string;
  readonly approvals: number;
  readonly permits: number;
  readonly outcome: string;
}

export interface InspectionFacts {
  readonly processor: { readonly id: string; readonly name: string };
  readonly period: ReportPeriod;
  readonly madeAt: string;
  readonly logs: readonly InspectedLog[];
  readonly transfers: readonly InspectedTransfer[];
  readonly captures: number;
  /** Every file beside the index, with what it is. */
  readonly files: readonly { readonly file: BundledFile; readonly title: Bilingual }[];
}

/** The page that opens a bundle from disk: no script, no style or picture from elsewhere, both languages side by side. Pure. */
export function inspectionIndex(facts: InspectionFacts): readonly string[] {
  const { processor, period, madeAt } = facts;
  return [
    '<!doctype html>',
    '<html lang="zh-CN">',
    '<head><meta charset="utf-8"><title>检查材料 / Inspection bundle</title>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<style>body{font-family:sans-serif;margin:2rem;max-width:80rem}table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top}code{word-break:break-all}</style></head>',
    '<body>',
    `<h1>${both('Inspection bundle', '检查材料')}</h1>`,
    table(
      [HEAD_ITEM, HEAD_CONTENT],
      [
        [both('data processor', '数据处理者'), `${escaped(processor.name)} (${escaped(processor.id)})`],
        [both('days, Asia/Shanghai, both included', '期间（北京时间，含首尾）'), `${period.from} – ${period.until}`],
        [both('made at (UTC)', '生成时间（UTC）'), escaped(madeAt)],
        [
          both('captured connections', '流量留存连接数'),
          facts.captures === 0 ? both('none given', '未提供') : String(facts.captures),
        ],
      ],
    ),
    ...logsOf(facts.logs),
    `<h2>${both('Transfers', '出境')}</h2>`,
    transfersOf(facts.transfers),
    `<h2>${both('Files', '文件')}</h2>`,
    `<p>${both('Check all of them:', '校验全部文件：')} <code>sha256sum -c SHA256SUMS</code></p>`,
    table(
      [both('file', '文件'), both('what it is', '内容'), both('bytes', '字节'), 'SHA-256'],
      facts.files.map(({ file, title }) => [
        link(file.name, file.name),
        both(title.en, title.zh),
        String(file.bytes),
        `<code>${file.sha256}</code>`,
      ]),
    ),
    `<p>${link('SHA256SUMS', 'SHA256SUMS')}</p>`,
    '</body>',
    '</html>',
  ];
}

function logsOf(logs: readonly InspectedLog[]): readonly string[] {
  return [
    `<h2>${both('Logs', '日志')}</h2>`,
    `<p>${both('Each log comes as tiles (C2SP tlog-tiles) under its signed checkpoint: entries of the period are without a gap by index, hash to their tile, and tiles to the root, so none was left out, changed or added. Check it offline with', '各日志以分块（C2SP tlog-tiles）形式附于已签名 checkpoint 之下：期间内条目序号连续，逐条哈希至分块，分块哈希至根，故无遗漏、修改或增加。离线校验命令：')} <code>tongguan log verify --bundle .</code></p>`,
    table(
      ['log 日志', both('entries in all', '总条数'), both('of the period', '期间条数'), both('root', '根哈希')],
      logs.map(({ name, size, root, first, end }) => [
        end > first ? link(`logs/${name}/entries-${first}.ndjson`, name) : escaped(name),
        String(size),
        String(end - first),
        `<code>${root}</code>`,
      ]),
    ),
  ];
}

function transfersOf(transfers: readonly InspectedTransfer[]): string {
  if (transfers.length === 0) return `<p>${both('none in the period', '期间内无出境')}</p>`;
  const head = [
    both('transfer', '出境编号'),
    both('verdicts', '裁定'),
    both('last decision', '最近结论'),
    both('approvals', '审批'),
    both('permits', '凭证'),
    both('outcome', '结果'),
  ];
  return table(
    head,
    transfers.map((one) =>
      [one.transferId, String(one.verdicts), one.decision, String(one.approvals), String(one.permits), one.outcome].map(
        escape,
      ),
    ),
  );
}

const both = (en: string, zh: string): string => `${escaped(zh)}<br><small>${escaped(en)}</small>`;
const HEAD_ITEM = both('item', '项目');
const HEAD_CONTENT = both('content', '内容');

const link = (to: string, text: string): string =>
  `<a href="${escaped(to.split('/').map(encodeURIComponent).join('/'))}">${escaped(text)}</a>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], of: 'td' | 'th'): string =>
    `<tr>${cells.map((cell) => `<${of}>${cell}</${of}>`).join('')}</tr>`;
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('\n')}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Title of a file by where it lies. */
export function titleOfFile(name: string): Bilingual {
  return TITLES.find(([begin]) => name.startsWith(begin))?.[1] ?? bilingual('evidence', '证据');
}

const TITLES: readonly (readonly [begin: string, title: Bilingual])[] = [
  [
    'logs/',
    bilingual('log: signed checkpoint, public key, tiles, entries', '日志：已签名 checkpoint、公钥、分块、条目'),
  ],
  ['registers/', bilingual('register as it stood at the end of the period', '期末登记状态')],
  ['rules/', bilingual('rules that verdicts rest on', '裁定所依据的规则')],
  ['captures/connections.ndjson', bilingual('list of captured connections', '流量留存清单')],
  ['captures/', bilingual('capture of traffic, sealed', '流量留存（加密）')],
];
