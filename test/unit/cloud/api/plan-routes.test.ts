import { expect, test } from 'vitest';
import { readingOf } from '../../../../cloud/access/readings.table.ts';
import { planRoutesOf } from '../../../../cloud/api/plan-routes.ts';
import { definedDataset, scratchGate } from '../../../support/cloud/gate.ts';
import { STATISTICS } from '../../../support/datasets/parcels.ts';

test('a plan is read, so whoever may not read transfers gets none; what is not named well is told', async () => {
  const { parts } = scratchGate({ dataset: (id) => (id === 'one' ? definedDataset(STATISTICS) : undefined) });
  const [route] = planRoutesOf(parts);
  const ask = async (query: string) => {
    const asked = Object.fromEntries(new URLSearchParams(query));
    const answer = await route?.respond({ params: {}, query: asked, body: undefined, by: '' });
    return answer?.body as Readonly<Record<'routes', readonly object[]>>;
  };
  const named = 'dataset=one&recipient=lab&purpose=warranty';
  expect(await ask(named)).toMatchObject({ routes: [{ route: 'as-it-stands', clears: true }, {}, {}, {}] });
  expect((await ask(`${named}&claims=2`)).routes[0]).toMatchObject({ clears: false });
  expect(await ask('dataset=one&recipient=lab')).toMatchObject({ fault: { code: 'REQUEST_INVALID' } });
  expect(await ask(`${named}&claims=0`)).toMatchObject({ fault: { code: 'REQUEST_INVALID' } });
  expect(await ask(named.replace('one', 'two'))).toMatchObject({ fault: { code: 'NAME_UNKNOWN' } });
  expect(await ask(named.replace('lab', 'stranger'))).toMatchObject({ fault: { code: 'NAME_UNKNOWN' } });
  expect(await ask(named.replace('warranty', 'other'))).toMatchObject({ fault: { code: 'DATASET_PURPOSE' } });
  expect(readingOf(`/v1/plans?${named}`)).toBe('transfers');
});
