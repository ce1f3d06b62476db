import { expect, test } from 'vitest';
import { chooseOnFile } from '../../../../cloud/transfer/choose-on-file.ts';
import type { FactsInput } from '../../../../cloud/transfer/facts.ts';
import { ON_FILE_MAX } from '../../../../cloud/transfer/facts-entries.ts';
import { definedDataset, recipient } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';
import { DOCUMENTS } from '../../../support/transfer-facts.ts';

const request = { dataset: definedDataset(STATISTICS), recipient, purpose: 'warranty' };
type Entry = FactsInput['onFile'][number];
const named = (id: string, over: Partial<Entry>) => ({ ...DOCUMENTS.notice, id, ...over }) as Entry;
const strangers = Array.from({ length: ON_FILE_MAX }, (_, at) => named(`s-${at}`, {}));

test('as many as facts take are left as they are', () => {
  expect(chooseOnFile(strangers, request)).toBe(strangers);
});

test('of more, those stay that name the transfer, wherever they stand', () => {
  const ours = named('ours', { datasets: [request.dataset.id], recipients: ['lab'], purposes: ['warranty'] });
  const review = named('review', { datasets: [request.dataset.id], recipients: [], purposes: [] });
  const lasting = named('lasting', { validUntil: '2190-01-01' });
  const chosen = chooseOnFile([...strangers, lasting, review, ours], request).map(({ id }) => id);
  expect(chosen).toHaveLength(ON_FILE_MAX);
  expect(chosen.slice(0, 3)).toEqual(['ours', 'review', 'lasting']);
});
