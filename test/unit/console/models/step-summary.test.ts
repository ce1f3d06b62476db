import { expect, test } from 'vitest';
import { summaryOf } from '../../../../console/models/step-summary.ts';

const entry = (document: Readonly<Record<string, unknown>>) => ({
  ...{ index: 0, recordedAt: '2026-11-23T00:00:00Z', kind: 'any', transferId: '', actor: 'tour', document },
});

test.each([
  [{ route: 'GET /devices', path: '/devices', holds: 'personal' }, { about: '/devices' }],
  [
    { after: { kind: 'notice', id: 'notice-2' }, act: 'add' },
    { register: 'notice', about: 'notice-2' },
  ],
  [{ verdict: { decision: 'withhold' } }, { ended: 'withhold' }],
  [
    { account: 'li.na', outcome: 'refused' },
    { about: 'li.na', ended: 'refused' },
  ],
  [{ after: null, device: 7, verdict: 'text' }, {}],
  [{}, {}],
])('a document says what it is about and how it ended, or nothing', (document, summary) => {
  expect(summaryOf(entry(document))).toEqual(summary);
});

test('a long text is cut', () => {
  expect(summaryOf(entry({ path: '/'.repeat(5_000) })).about).toHaveLength(120);
});
