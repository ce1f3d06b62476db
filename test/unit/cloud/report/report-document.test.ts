import { describe, expect, test } from 'vitest';
import { docxOf } from '../../../../cloud/adapters/docx-report.ts';
import { openArchive } from '../../../../cloud/adapters/open-archive.ts';
import { inLanguage, markdownOf } from '../../../../cloud/report/markdown.ts';
import { periodOf } from '../../../../cloud/report/period.ts';
import { reportDocument } from '../../../../cloud/report/report-document.ts';
import type { ReportedTransfer, ReportFacts } from '../../../../cloud/report/report-facts.ts';
import { transfersOfLog } from '../../../../cloud/report/transfers-of-log.ts';
import type { CivilDate, Instant } from '../../../../proto/words/time.ts';

const day = (text: string) => text as CivilDate;

const transfer = (over: Partial<ReportedTransfer> = {}): ReportedTransfer => ({
  transferId: 't1',
  on: day('2026-03-01'),
  datasetId: 'battery',
  recipientId: 'lab',
  purpose: 'warranty',
  state: 'delivered',
  manner: 'sent',
  decision: 'permit',
  kinds: ['CAN'],
  sensitive: 'absent',
  important: 'absent',
  persons: 12,
  rows: 100,
  bytes: 2_500_000,
  ...over,
});

const factsOf = (over: Partial<ReportFacts> = {}): ReportFacts => ({
  kind: 'assessment',
  period: { from: day('2026-01-01'), until: day('2026-12-31') },
  madeOn: day('2026-12-01'),
  processor: { id: 'maker', name: 'Maker', ciio: 'no' },
  legalBasis: 'contract',
  recipients: [
    { id: 'lab', name: 'Laboratory', country: 'DE', endpoint: 'https://lab.example', purposes: ['warranty'] },
  ],
  onFile: [{ kind: 'notice', id: 'n1', validFrom: '2026-01-01', validUntil: '2027-01-01' }],
  datasets: [{ id: 'battery', title: 'Battery', kind: 'aggregates', classes: ['general'] }],
  transfers: [transfer()],
  years: [{ year: 2026, plain: 12, sensitive: 0 }],
  log: { entries: 9, root: 'ab' },
  ...over,
});

describe('a report', () => {
  test.each(['assessment', 'contract', 'annual'] as const)('%s speaks both languages throughout', (kind) => {
    const document = reportDocument(factsOf({ kind }));
    const [en, zh] = [markdownOf(document, 'en'), markdownOf(document, 'zh')];
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(zh).toContain('缺失');
    expect(en.split('\n')).toHaveLength(zh.split('\n').length);
    expect(en).toContain('2.500 MB');
  });

  test('what nobody wrote down is missing or unknown, and never zero', () => {
    const empty = factsOf({
      transfers: [transfer({ bytes: undefined, kinds: undefined, important: undefined })],
      onFile: [],
    });
    const text = markdownOf(reportDocument(empty), 'en');
    expect(text).not.toContain('0.000 MB |\n| 1');
    expect(text).toMatch(/delivered in the period \| 1 \| unknown/);
    expect(text).toContain('**MISSING**: whether 1 transfer(s) hold important data');
    expect(text).toContain('**MISSING**: forecast of persons');
    for (const kind of [
      'notice to persons',
      'personal information protection impact assessment',
      'security assessment',
    ])
      expect(text).toContain(`${kind}: not on file`);
  });

  test('an authority reads words of its language, and no ids of ours', () => {
    const named = factsOf({
      datasets: [{ id: 'battery', title: 'Battery', kind: 'aggregates', classes: ['personal', 'sensitive'] }],
      transfers: [transfer({ kinds: ['DTC', 'CAN'] }), transfer({ kinds: ['CAN'], state: 'awaiting-approval' })],
      onFile: [
        { kind: 'standard-contract', id: 'c1', validFrom: '2026-01-01', validUntil: '2027-01-01', filed: 'not-filed' },
        { kind: 'pipia', id: 'p1', validFrom: '2026-01-01', validUntil: '2027-01-01', filed: 'B2026-7' },
      ],
    });
    const text = markdownOf(reportDocument(named), 'zh');
    expect(text).toContain('| 个人信息、敏感个人信息 | 车辆运行数据、故障诊断码 |');
    expect(text).toContain('| 个人信息出境标准合同 | c1 | 2026-01-01 | 2027-01-01 | 未备案 |');
    expect(text).toContain('| B2026-7 |');
    expect(text).toContain('| 待审批 | 1 |');
    expect(text).not.toMatch(
      /personal|sensitive|CAN|DTC|pipia|standard-contract|not-filed|awaiting|delivered|\| contract/,
    );
  });

  test('a withheld transfer is counted among states and nowhere else', () => {
    const withheld = transfer({
      transferId: 't2',
      decision: 'withhold',
      state: 'withheld',
      bytes: undefined,
      important: 'unknown',
    });
    const text = markdownOf(reportDocument(factsOf({ transfers: [transfer(), withheld] })), 'en');
    expect(text).toMatch(/delivered in the period \| 1 \| 2\.500 MB/);
    expect(text).toMatch(/\| withheld \| 1 \|/);
    expect(text).not.toContain('hold important data');
  });

  test('the annual one asks for incidents and complaints', () => {
    const text = markdownOf(reportDocument(factsOf({ kind: 'annual' })), 'en');
    for (const what of ['security incidents', 'complaints of users', 'third parties within China'])
      expect(text).toContain(what);
  });

  test('Word holds every word that Markdown holds', async () => {
    const document = reportDocument(factsOf());
    const word = await docxOf(document, 'both');
    let xml = '';
    for await (const entry of openArchive(word, 'zip')) {
      if (entry.path === 'word/document.xml') xml = Buffer.from((await entry.read(10_000_000)) ?? []).toString('utf8');
    }
    const text = xml
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&amp;', '&')
      .replaceAll('&apos;', "'")
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"');
    for (const block of document.blocks) {
      if (block.block === 'table')
        for (const cell of block.rows.flat()) expect(text).toContain(inLanguage(cell, 'both'));
      if (block.block === 'missing') expect(text).toContain(inLanguage(block.remedy, 'both'));
    }
  });
});

test('a period is a year or two days, both included', () => {
  expect(periodOf('2026')).toEqual({ from: '2026-01-01', until: '2026-12-31' });
  expect(periodOf('2026-01-01..2026-06-30')).toEqual({ from: '2026-01-01', until: '2026-06-30' });
  for (const wrong of [
    '26',
    '2026-13-01..2026-12-31',
    '2026-06-30..2026-01-01',
    '2000-01-01..2026-01-01',
    '2026-01-01',
  ])
    expect(periodOf(wrong)).toBeUndefined();
});

test('a transfer belongs to the Shanghai day it was asked for on, and what the log lacks stays undefined', () => {
  const row = {
    transferId: 't1',
    datasetId: 'd',
    recipientId: 'r',
    purpose: 'p',
    state: 'delivered' as const,
    persons: 3,
  };
  const at = (iso: string) => ({ ...row, requestedAt: Date.parse(iso) as Instant });
  const period = { from: day('2026-01-01'), until: day('2026-12-31') };
  expect(transfersOfLog([at('2026-12-31T15:59:59Z')], new Map(), period)).toMatchObject([
    { on: '2026-12-31', bytes: undefined, kinds: undefined },
  ]);
  expect(transfersOfLog([at('2026-12-31T16:00:00Z')], new Map(), period)).toEqual([]);
});
