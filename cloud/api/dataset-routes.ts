import type { Title } from '../../proto/words/title.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import { type ApiRoute, answered, apiRoute } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** A dataset of the configuration or an import, as a request can name it. */
export interface ListedDataset {
  readonly id: string;
  readonly title: Title;
  readonly kind: string;
  readonly purposes: readonly string[];
}

/** A purpose of the register, as people know it. */
export interface StatedPurpose {
  readonly id: string;
  readonly description: Title;
}

export interface DatasetRoutesParts {
  readonly datasets: () => readonly ListedDataset[];
  readonly purposes: () => readonly StatedPurpose[];
  readonly recipients: readonly (ExportGateParts['recipients'][number] & { readonly name: Title })[];
}

/** `/datasets` and `/recipients`: what a transfer can be asked for with. */
export function datasetRoutes({ datasets, purposes, recipients }: DatasetRoutesParts): readonly ApiRoute[] {
  const invalid = noQuestion;
  return [
    apiRoute({
      ...{ method: 'GET', path: '/datasets', invalid },
      summary: 'datasets of the configuration, imported files, and what the purposes on file mean',
      answer: () => answered({ datasets: datasets(), purposes: purposes() }),
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
