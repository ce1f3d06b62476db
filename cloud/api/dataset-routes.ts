import type { ExportGateParts } from '../transfer/export-gate.ts';
import { type ApiRoute, answered, apiRoute } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** A dataset of the configuration or an import, as a request can name it. */
export interface ListedDataset {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly purposes: readonly string[];
}

export interface DatasetRoutesParts {
  readonly datasets: () => readonly ListedDataset[];
  readonly recipients: readonly (ExportGateParts['recipients'][number] & { readonly name: string })[];
}

/** `/datasets` and `/recipients`: what a transfer can be asked for with. */
export function datasetRoutes({ datasets, recipients }: DatasetRoutesParts): readonly ApiRoute[] {
  const invalid = noQuestion;
  return [
    apiRoute({
      ...{ method: 'GET', path: '/datasets', summary: 'datasets of the configuration, and imported files', invalid },
      answer: () => answered({ datasets: datasets() }),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/recipients', summary: 'recipients that are configured, and their purposes', invalid },
      answer: () =>
        answered({
          recipients: recipients.map(({ id, name, country, endpoint, purposes }) => ({
            id,
            name,
            country,
            endpoint,
            purposes,
          })),
        }),
    }),
  ];
}
