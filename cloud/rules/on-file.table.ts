import type { CivilDate } from '../../proto/words/time.ts';
import type { OnFileKind } from '../transfer/facts.ts';
import type { Citation, OnFileRule } from '../transfer/rule.ts';

/**
 * What a document on file has to satisfy beyond its own dates before it counts. A kind needs all of its rows.
 */
const day = (text: string) => text as CivilDate;

type Scope = 'recipient' | 'dataset' | 'purpose';

/** Which parts of a transfer each kind of document names; it counts only for those it does name. */
// biome-ignore format: one kind a line
const SCOPES: readonly (readonly [OnFileKind, readonly Scope[], Citation])[] = [
  ['notice',                      ['recipient', 'dataset', 'purpose'], { instrument: 'PIPL', article: 'art. 39', articleZh: '第39条' }],
  ['separate-consent',            ['recipient', 'dataset', 'purpose'], { instrument: 'PIPL', article: 'art. 39', articleZh: '第39条' }],
  ['pipia',                       ['recipient', 'dataset', 'purpose'], { instrument: 'PIPL', article: 'art. 56', articleZh: '第56条' }],
  ['standard-contract',           ['recipient', 'dataset', 'purpose'], { instrument: 'G26', article: 'III(3)', articleZh: '三（三）' }],
  ['certification',               ['recipient', 'dataset', 'purpose'], { instrument: 'G26', article: 'III(4)', articleZh: '三（四）' }],
  ['security-assessment',         ['recipient', 'dataset', 'purpose'], { instrument: 'NDR', article: 'art. 38', articleZh: '第38条' }],
  ['external-provision-approval', ['recipient', 'dataset', 'purpose'], { instrument: 'M22', article: 'sending abroad', articleZh: '向境外传输' }],
  ['map-review',                  ['dataset'],                         { instrument: 'M22', article: 'sending abroad', articleZh: '向境外传输' }],
  ['state-recognised-processing', ['dataset'],                         { instrument: 'G26', article: 'Note 9', articleZh: '注9' }],
];

const COVERAGE: readonly OnFileRule[] = SCOPES.flatMap(([kind, scopes, citation]) =>
  scopes.map((scope) => ({
    id: `${kind}.${scope}`,
    from: day('2000-01-01'),
    kind,
    requires: { check: 'covers', scope },
    citation,
    confidence: 'own',
    status: 'product',
  })),
);

// biome-ignore format: one condition a line
const CONDITIONS: readonly OnFileRule[] = [
  { id: 'SA-1',         from: day('2024-03-22'), kind: 'security-assessment', requires: { check: 'term', yearsMax: 3 },                citation: { instrument: 'CAC-16-2024', article: 'art. 9', articleZh: '第9条' },           confidence: 'official',            status: 'official' },
  { id: 'SA-5',         from: day('2025-01-01'), kind: 'security-assessment', requires: { check: 'scale' },                            citation: { instrument: 'NDR', article: 'art. 38', articleZh: '第38条' },                  confidence: 'official',            status: 'official' },
  { id: 'GEO-7.order',  from: day('2026-02-03'), until: day('2026-11-23'), kind: 'security-assessment', requires: { check: 'after-geographic-clearance' },       citation: { instrument: 'G26', article: 'I(3) para. 1(1), Note 3', articleZh: '一（三）第1款第(1)项、注3' }, confidence: 'seed',            status: 'final-2026' },
  { id: 'GEO-7.order',  from: day('2026-11-23'), kind: 'security-assessment', requires: { check: 'after-own-geographic-clearance' },   citation: { instrument: 'G26', article: 'I(3) para. 1(1), Note 3', articleZh: '一（三）第1款第(1)项、注3' }, confidence: 'seed',            status: 'final-2026' },
  { id: 'SCC-1',        from: day('2023-06-01'), kind: 'standard-contract',   requires: { check: 'filed-in-time', workingDays: 10 }, reading: { id: 'D4', position: 'taken' }, citation: { instrument: 'CAC-13-2023', article: 'art. 7', articleZh: '第7条' }, confidence: 'law-firm', status: 'official' },
  { id: 'SCC-1.number', from: day('2023-06-01'), kind: 'standard-contract',   requires: { check: 'filed-first' },                    reading: { id: 'D4', position: 'other' }, citation: { instrument: 'D25', article: 'III.4', articleZh: '三（四）' },     confidence: 'official-draft-2025', status: 'draft-2025' },
  { id: 'CERT-1',       from: day('2026-01-01'), kind: 'certification',       requires: { check: 'term', yearsMax: 3 },                citation: { instrument: 'CERT-2026', article: 'term of the certificate', articleZh: '认证证书有效期' }, confidence: 'law-firm',  status: 'official' },
  { id: 'CERT-2',       from: day('2026-01-01'), kind: 'certification',       requires: { check: 'status', ageDaysMax: 7 },            citation: { instrument: 'TG', article: 'stale certificate status', articleZh: '证书状态过期' }, confidence: 'own',             status: 'product' },
];

/** Who made a document for something that is otherwise by now makes it anew; what was otherwise stands in the facts. */
// biome-ignore format: one kind a line
const RENEWED: readonly (readonly [OnFileKind, Citation])[] = [
  ['notice',                      { instrument: 'PIPL', article: 'arts. 17, 39', articleZh: '第17、39条' }],
  ['separate-consent',            { instrument: 'PIPL', article: 'arts. 14-15, 39', articleZh: '第14、15、39条' }],
  ['pipia',                       { instrument: 'PIPL', article: 'arts. 55-56', articleZh: '第55、56条' }],
  ['standard-contract',           { instrument: 'G26', article: 'III(3)', articleZh: '三（三）' }],
  ['certification',               { instrument: 'G26', article: 'III(4)', articleZh: '三（四）' }],
  ['security-assessment',         { instrument: 'G26', article: 'III(2)', articleZh: '三（二）' }],
  ['external-provision-approval', { instrument: 'M22', article: 'sending abroad', articleZh: '向境外传输' }],
];

/** Examined from this day on; verdicts of earlier days stay as they were. */
const RENEWED_FROM = day('2026-11-23');

const RENEWALS: readonly OnFileRule[] = [
  ...RENEWED.map(
    ([kind, citation]): OnFileRule => ({
      id: `${kind}.unchanged`,
      from: RENEWED_FROM,
      kind,
      requires: { check: 'unchanged' },
      citation,
      confidence: 'own',
      status: 'product',
    }),
  ),
  {
    id: 'pipia.kinds',
    from: RENEWED_FROM,
    kind: 'pipia',
    requires: { check: 'kinds-covered' },
    citation: { instrument: 'PIPL', article: 'art. 56', articleZh: '第56条' },
    confidence: 'own',
    status: 'product',
  },
];

/** Approved is what was declared: with other kinds of field, or in another manner, it goes beyond it (SA-5). */
const APPROVED: readonly (readonly [OnFileKind, Citation])[] = [
  ['standard-contract', { instrument: 'G26', article: 'III(3)', articleZh: '三（三）' }],
  ['certification', { instrument: 'G26', article: 'III(4)', articleZh: '三（四）' }],
  ['security-assessment', { instrument: 'NDR', article: 'art. 38', articleZh: '第38条' }],
];

const EXTENT: readonly OnFileRule[] = APPROVED.flatMap(([kind, citation]) => {
  const row = { from: RENEWED_FROM, kind, citation, confidence: 'official', status: 'official' } as const;
  return [
    { ...row, id: `${kind}.kinds`, requires: { check: 'kinds-covered' } },
    { ...row, id: `${kind}.manner`, requires: { check: 'manner-covered' } },
  ];
});

export const ON_FILE_RULES: readonly OnFileRule[] = [...COVERAGE, ...CONDITIONS, ...RENEWALS, ...EXTENT];
