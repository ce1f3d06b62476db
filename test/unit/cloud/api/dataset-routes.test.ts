import { expect, test } from 'vitest';
import { datasetRoutes } from '../../../../cloud/api/dataset-routes.ts';

const PURPOSE = { id: 'battery-warranty-analysis', description: 'find out why cells of some packs age early' };
const DATASET = { id: 'battery', title: 'Battery by vehicle and day', kind: 'table', purposes: [PURPOSE.id] };

test('datasets come with their titles, and with what the purposes on file mean', async () => {
  const routes = datasetRoutes({ datasets: () => [DATASET], purposes: () => [PURPOSE], recipients: [] });
  const route = routes.find(({ method, path }) => method === 'GET' && path === '/datasets');
  const answer = await route?.respond({ params: {}, query: {}, body: undefined, by: 'li.na' });
  expect(answer).toMatchObject({ status: 200, body: { datasets: [DATASET], purposes: [PURPOSE] } });
});
