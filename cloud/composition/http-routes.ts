import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { CivilDate, Clock } from '../../proto/words/time.ts';
import type { Title } from '../../proto/words/title.ts';
import { calendarOf } from '../adapters/icalendar.ts';
import { type CaptureIndex, sqliteCaptureIndex } from '../adapters/sqlite-capture-index.ts';
import { backupRoutes } from '../api/backup-routes.ts';
import { type BundleShelves, bundleRoutes } from '../api/bundle-routes.ts';
import { type CaptureList, captureRoutes } from '../api/capture-routes.ts';
import { classifyRoutes } from '../api/classify-routes.ts';
import { tallyRoutes } from '../api/count-routes.ts';
import { datasetRoutes, type ListedDataset, type StatedPurpose } from '../api/dataset-routes.ts';
import { fileImportRoutes } from '../api/file-import-routes.ts';
import { fleetRoutes } from '../api/fleet-routes.ts';
import { historyRoutes } from '../api/history-routes.ts';
import { lawRoutes } from '../api/law-routes.ts';
import { type LogPlace, logRoutes } from '../api/log-routes.ts';
import { registerFileRoutes } from '../api/register-forms.ts';
import type { RegisterApiParts } from '../api/register-routes.ts';
import { reportRoutes } from '../api/report-routes.ts';
import type { ApiRoute } from '../api/route.ts';
import { verdictRoutes } from '../api/transfer-routes.ts';
import { listBackups } from '../backup/list-backups.ts';
import { captureFault } from '../capture/capture-fault.ts';
import { installedCatalogue } from '../catalogue/catalogue.ts';
import { classificationRules } from '../classification/classification-rules.ts';
import { createRecordsClassifier } from '../classification/classify-records.ts';
import { parseRecordLine } from '../cli/classify-lines.ts';
import { ClassificationConfig, statedFigures } from '../config/classification-config.ts';
import type { CloudConfig } from '../config/config.ts';
import { keepLog, type ReadLogOptions } from '../log/read-log.ts';
import type { FileImports } from '../ports/file-import.ts';
import type { JobDesk } from '../ports/job-desk.ts';
import type { ReportDrafts } from '../ports/report-drafts.ts';
import { agendaOf } from '../registers/agenda.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { REGISTER_KINDS } from '../registers/kinds.table.ts';
import type { BuildsInHand } from '../transfer/asked-transfer.ts';
import type { ExportGateParts } from '../transfer/export-gate.ts';
import type { OpenLaw } from './open-law.ts';
import { CLOUD_LOGS, type CloudLogs } from './open-logs.ts';
import { type CloudStores, importedFiles } from './open-stores.ts';

export interface HttpRoutesInputs {
  readonly stores: CloudStores;
  readonly logs: CloudLogs;
  readonly law: OpenLaw;
  readonly gate: ExportGateParts;
  readonly registers: RegisterApiParts;
  readonly status: () => object;
  readonly bundles: BundleShelves;
  readonly builds: BuildsInHand;
  readonly jobs: JobDesk;
  readonly fileImports: FileImports;
  readonly drafts: ReportDrafts;
}

type Loaded = LoadedConfig<CloudConfig>;

/** What can be asked for over HTTP alone: what commands read from files, the console has to ask for. */
export function httpRoutes(
  loaded: Loaded,
  { stores, logs: written, law, gate, registers, status, bundles, builds, jobs, fileImports, drafts }: HttpRoutesInputs,
  { clock }: { readonly clock: Clock },
): readonly ApiRoute[] {
  const { ledger, register: devices, quarantine, transfers } = stores;
  const { config, path } = loaded;
  const directory = path(config.stores.directory);
  const { timelines } = law.law.duties;
  const logs = placesOf(loaded, written);
  return [
    ...fleetRoutes({ devices, ledger, quarantine, status, clock }),
    ...lawRoutes({ law: law.law, catalogue: installedCatalogue, clock }),
    ...classifyRoutes({ classify: classifierOf(law, config.classification), clock }),
    ...datasetRoutes({
      datasets: () => datasetsOf(config, directory),
      purposes: () => purposesOf(stores.registers.list('purpose')),
      recipients: namedRecipients(config, gate),
    }),
    ...fileImportRoutes(fileImports, jobs),
    ...tallyRoutes(transfers),
    ...verdictRoutes({ gate, timelines, builds, jobs }),
    ...registerFileRoutes(filesOf(registers, stores, clock)),
    ...logRoutes({ logs, transfer: transfers.find }),
    ...historyRoutes({ log: logs.find(({ name }) => name === 'operations'), changesOf: stores.registers.changesOf }),
    ...captureRoutes({ open: capturesOf(loaded), clock }),
    ...bundleRoutes(bundles),
    ...reportRoutes(drafts, jobs),
    ...backupRoutes(backupsOf(loaded)),
  ];
}

function filesOf({ agenda: parts }: RegisterApiParts, { registers: store, documents }: CloudStores, clock: Clock) {
  const agenda = () => {
    const entries = REGISTER_KINDS.flatMap(({ id }) => store.list(id));
    return agendaOf(entries, parts, clock.now());
  };
  const calendar = (items: ReturnType<typeof agenda>, language: 'en' | 'zh') =>
    calendarOf(items, language, clock.now());
  return { store, documents, agenda, calendarOf: calendar };
}

const namedRecipients = ({ recipients }: CloudConfig, gate: ExportGateParts) =>
  gate.recipients.map((one) => ({ ...one, name: recipients.find(({ id }) => id === one.id)?.name ?? one.id }));

function datasetsOf({ datasets }: CloudConfig, directory: string): readonly ListedDataset[] {
  const imported = importedFiles(directory).map(({ id, title, purposes }) => ({ id, title, purposes, kind: 'files' }));
  return [...datasets.map(({ id, title, purposes, kind }) => ({ id, title, purposes, kind })), ...imported];
}

const purposesOf = (entries: readonly RegisterEntry[]): readonly StatedPurpose[] =>
  entries
    .filter(({ isWithdrawn }) => !isWithdrawn)
    .map(({ id, body }) => ({
      id,
      description: (body as Stated).title ?? (body as Stated).description ?? id,
    }));

interface Stated {
  readonly title?: Title;
  readonly description?: string;
}

/** A record is provided now, whenever it was observed, and alone. */
function classifierOf({ law }: OpenLaw, stated: ClassificationConfig | undefined) {
  const rules = classificationRules(law);
  const { areas, findings, figures } = stated ?? ClassificationConfig.parse({});
  return (record: object, on: CivilDate): Result<object, string> => {
    const line = parseRecordLine(JSON.stringify(record), true);
    if (!line.ok) return line;
    if (line.value === undefined) return fail('it is no observation');
    const classifier = createRecordsClassifier(rules, areas);
    const { content, area } = line.value;
    classifier.take(0, content, area);
    const question = { year: 'all', stated: findings, figures: statedFigures(figures) } as const;
    return ok({ on, record: classifier.record(content), ...classifier.result(on, question) });
  };
}

/** Where the logs lie that the cloud writes, and the exporter's where it is followed. */
export function logsOf({ config: { log, monitoring }, path }: Loaded): readonly (ReadLogOptions & { name: string })[] {
  const publicKey = createPublicKey(createPrivateKey(readFileSync(path(log.signingKeyFile))));
  const own = CLOUD_LOGS.map((name) => ({
    ...{ name, publicKey, origin: `${log.origin}/${name}` },
    directory: join(path(log.directory), name),
  }));
  const traffic = monitoring?.trafficLog;
  if (traffic === undefined) return own;
  const key = createPublicKey(readFileSync(path(traffic.publicKeyFile)));
  const origin = `${log.origin}/traffic`;
  return [...own, { name: 'traffic', directory: path(traffic.directory), origin, publicKey: key }];
}

/** Opened at once, so that nobody who asks waits for it; what is wrong with a log is told to who asks. */
function placesOf(loaded: Loaded, written: CloudLogs): readonly LogPlace[] {
  return logsOf(loaded).map((log) => {
    const own = CLOUD_LOGS.find((name) => name === log.name);
    const { read } = keepLog(log, own && written[own].terms);
    read();
    return { ...log, read };
  });
}

/** The index lies in memory: the captures are the exporter's, and nothing of ours is written beside them. */
function capturesOf({ config, path }: Loaded): (() => Result<CaptureList, Fault>) | undefined {
  const captures = config.console?.captures;
  if (captures === undefined) return undefined;
  let index: CaptureIndex | undefined;
  return () => {
    try {
      index ??= sqliteCaptureIndex(':memory:');
      const followed = index.follow(path(captures));
      return followed.ok ? ok({ find: index.find }) : followed;
    } catch (cause) {
      return fail(captureFault('CAPTURE_FILES_UNREADABLE', causeText(cause)));
    }
  };
}

function backupsOf({ config, path }: Loaded) {
  const backups = config.console?.backups;
  if (backups === undefined) return undefined;
  const key = createPrivateKey(readFileSync(path(config.log.signingKeyFile)));
  return () => listBackups(path(backups), key);
}
