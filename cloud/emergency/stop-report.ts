import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { toIso } from '../../proto/words/time.ts';
import type { StopRecord } from '../ports/emergency.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import type { AgendaItem } from '../registers/agenda.ts';
import { table, text } from '../report/blocks.ts';
import type { Block, Cell, ReportDocument } from '../report/report-facts.ts';

/** What the draft is made of; nothing of any content. */
export interface StopReportFacts {
  readonly record: StopRecord;
  readonly processor: { readonly id: string; readonly name: string; readonly ciio: string };
  readonly madeAt: string;
  /** Transfers whose permit the stop withdrew, or that were under way. */
  readonly transfers: readonly TransferRow[];
  /** Clocks that run from the incident. */
  readonly clocks: readonly AgendaItem[];
}

/**
 * Draft of the report to the local industry regulator (G26-IV.4; contents as INC-5 lists them). What nobody has established
 * stands in it as missing, with what to do. Pure.
 */
export function stopReport(facts: StopReportFacts): ReportDocument {
  const blocks: readonly Block[] = [
    heading('1. Who reports, and what happened', '一、报告单位与基本情况'),
    whoAndWhat(facts),
    missing(
      'type and level of the incident',
      '事件类型与级别',
      'grade it at once (INC-3, INC-4); until then every clock runs',
      '请立即定级（INC-3、INC-4）；定级前各项时限均按较重级别计算',
    ),
    heading('2. Scope', '二、涉及范围'),
    ...scopeOf(facts.transfers),
    missing(
      'persons concerned, and whether sensitive or important data',
      '涉及人数，是否含敏感个人信息或重要数据',
      'establish it from verdicts and receipts (`tongguan report`)',
      '请依据裁定与回执查明（`tongguan report`）',
    ),
    missing('place, impact and harm, trend', '发生地点、影响与危害、发展态势', 'establish it', '请查明'),
    heading('3. Measures taken', '三、已采取的措施'),
    text(
      'All exports are stopped: running transfers are cut, permits withdrawn, requests withheld. Vehicles are received as before.',
      '已停止全部出境：在途传输已中断，放行凭证已撤销，新申请一律暂不出境。车辆数据接入照常。',
    ),
    text('Exports go on only when two different persons have resumed them.', '须经两名不同人员确认后方可恢复出境。'),
    heading('4. Cause, traces, next steps', '四、原因、线索与下一步工作'),
    missing(
      'cause, and traces that lead to it',
      '事件原因与溯源线索',
      'keep logs and captures; nothing in them can be deleted',
      '请保全日志与流量留存；其内容不可删除',
    ),
    missing('next steps', '下一步工作', 'write them down', '请填写'),
    heading('5. Clocks', '五、报告时限'),
    ...clocksOf(facts.clocks),
  ];
  return {
    title: bilingual('Draft of a report on an emergency stop of exports', '数据出境紧急停止情况报告（草稿）'),
    blocks,
  };
}

function whoAndWhat({ record, processor, madeAt }: StopReportFacts): Block {
  const { note, logIndex } = record;
  const row = (en: string, zh: string, value: Cell): readonly Cell[] => [bilingual(en, zh), value];
  return table(HEAD, [
    row('data processor', '数据处理者', `${processor.name} (${processor.id})`),
    row('operator of critical information infrastructure', '是否关键信息基础设施运营者', processor.ciio),
    row('incident id', '事件编号', note.id),
    row('stopped at (UTC)', '停止时间（UTC）', toIso(note.at)),
    row('stopped by', '操作人', note.by),
    row('reason given', '停止理由', note.reason),
    row(
      'system',
      '涉事系统',
      bilingual('exporter: the only process with a way out of the country', '出境端（唯一出境进程）'),
    ),
    row(
      'place in the log of operations',
      '操作日志序号',
      logIndex === undefined ? bilingual('not logged yet', '尚未入日志') : String(logIndex),
    ),
    row('draft made at (UTC)', '草稿生成时间（UTC）', madeAt),
  ]);
}

const HEAD: readonly Bilingual[] = [bilingual('item', '项目'), bilingual('content', '内容')];

const heading = (en: string, zh: string): Block => ({ block: 'heading', text: bilingual(en, zh) });

const missing = (en: string, zh: string, remedyEn: string, remedyZh: string): Block => ({
  block: 'missing',
  what: bilingual(en, zh),
  remedy: bilingual(remedyEn, remedyZh),
});

function scopeOf(transfers: readonly TransferRow[]): readonly Block[] {
  if (transfers.length === 0) return [text('No permit was in force.', '停止时没有有效的放行凭证。')];
  const head = [
    bilingual('transfer', '出境编号'),
    bilingual('dataset', '数据集'),
    bilingual('recipient', '境外接收方'),
    bilingual('state', '状态'),
    bilingual('persons', '人数'),
  ];
  const rows = transfers.map(({ transferId, datasetId, recipientId, state, persons }) => [
    transferId,
    datasetId,
    recipientId,
    state,
    String(persons),
  ]);
  return [
    text(
      'Permits withdrawn by the stop; of those that were being sent a part may have left.',
      '因停止而撤销的放行凭证；其中正在传输的可能已部分送出。',
    ),
    table(head, rows),
  ];
}

function clocksOf(clocks: readonly AgendaItem[]): readonly Block[] {
  if (clocks.length === 0)
    return [
      missing(
        'the clocks of the incident',
        '事件报告时限',
        'see `tongguan register due`',
        '参见 `tongguan register due`',
      ),
    ];
  const head = [bilingual('until (UTC)', '截止（UTC）'), bilingual('what', '事项'), bilingual('rule', '规则')];
  const rows = clocks.map(({ dueAt, title, rule }) => [
    dueAt === undefined ? bilingual('cannot be counted', '无法计算') : toIso(dueAt),
    title,
    rule,
  ]);
  return [table(head, rows)];
}
