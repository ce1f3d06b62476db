import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Clock } from '../proto/words/time.ts';
import { calendarOf } from './adapters/icalendar.ts';
import { countRoutes } from './api/count-routes.ts';
import { datasetRoutes, type ListedDataset } from './api/dataset-routes.ts';
import { fleetRoutes } from './api/fleet-routes.ts';
import { lawRoutes } from './api/law-routes.ts';
import { registerFileRoutes } from './api/register-forms.ts';
import type { RegisterApiParts } from './api/register-routes.ts';
import type { ApiRoute } from './api/route.ts';
import { installedCatalogue } from './catalogue/catalogue.ts';
import type { CloudConfig } from './config.ts';
import type { OpenLaw } from './open-law.ts';
import { type CloudStores, importedFiles } from './open-stores.ts';
import { agendaOf } from './registers/agenda.ts';
import { REGISTER_KINDS } from './registers/kinds.table.ts';
import type { ExportGateParts } from './transfer/export-gate.ts';

export interface HttpRoutesInputs {
  readonly stores: CloudStores;
  readonly law: OpenLaw;
  readonly gate: ExportGateParts;
  readonly registers: RegisterApiParts;
  readonly status: () => object;
}

/** What can be asked for over HTTP alone: what commands read from files, the console has to ask for. */
export function httpRoutes(
  { config, path }: LoadedConfig<CloudConfig>,
  { stores, law, gate, registers, status }: HttpRoutesInputs,
  { clock }: { readonly clock: Clock },
): readonly ApiRoute[] {
  const { ledger, register: devices, quarantine } = stores;
  const directory = path(config.stores.directory);
  const agenda = () => {
    const entries = REGISTER_KINDS.flatMap(({ id }) => stores.registers.list(id));
    return agendaOf(entries, registers.agenda, clock.now());
  };
  const files = {
    ...{ store: stores.registers, documents: stores.documents, agenda, clock },
    calendarOf: (items: ReturnType<typeof agenda>, language: 'en' | 'zh') => calendarOf(items, language, clock.now()),
  };
  return [
    ...fleetRoutes({ devices, ledger, quarantine, status, clock }),
    ...lawRoutes({ law: law.law, catalogue: installedCatalogue, clock }),
    ...datasetRoutes({ datasets: () => datasetsOf(config, directory), recipients: gate.recipients }),
    ...countRoutes({ transfers: stores.transfers, rules: law.law.verdicts, scope: gate.countScope, clock }),
    ...registerFileRoutes(files),
  ];
}

function datasetsOf({ datasets }: CloudConfig, directory: string): readonly ListedDataset[] {
  const imported = importedFiles(directory).map(({ id, title, purposes }) => ({ id, title, purposes, kind: 'files' }));
  return [...datasets.map(({ id, title, purposes, kind }) => ({ id, title, purposes, kind })), ...imported];
}
