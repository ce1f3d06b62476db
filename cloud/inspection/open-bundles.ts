import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import { type Clock, civilDateOf, type Instant, parseInstant } from '../../proto/words/time.ts';
import { logsOf } from '../composition/http-routes.ts';
import type { CloudConfig } from '../config/config.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { CapturesWish, DaysWish } from '../ports/bundle-wish.ts';
import { type BundleShelfParts, type MakeBundle, type OpenBundleShelf, openBundleShelf } from './bundle-shelf.ts';
import { bundleThread } from './bundle-thread.ts';
import type { InspectionJob, ToldLog } from './make-inspection.ts';

export interface BundleInputs {
  readonly operations: AppendOnly;
  readonly clock: Clock;
  readonly draw: (bytes: number) => string;
}

/** Bundles of every kind, in one directory. */
export interface OpenBundles {
  readonly inspections: OpenBundleShelf<DaysWish>;
  readonly logs: OpenBundleShelf<DaysWish>;
  /** Undefined where the configuration does not say where captures lie. */
  readonly captures: OpenBundleShelf<CapturesWish> | undefined;
  readonly stop: () => Promise<void>;
}

/** Bundles as they are configured; undefined where no directory is named for them. @param make - in a thread; tests make them here */
export function configuredBundles(
  loaded: LoadedConfig<CloudConfig>,
  inputs: BundleInputs,
  make: MakeBundle = bundleThread(),
): OpenBundles | undefined {
  const { config, path } = loaded;
  const { inspections: own, captures: from } = config.console ?? {};
  if (own === undefined) return undefined;
  const around = { directory: path(own), make, ...inputs };
  const inspections = openBundleShelf({ ...inspectionShelf(loaded), ...around });
  const logs = openBundleShelf({ ...logShelf(loaded), ...around });
  const captures = from === undefined ? undefined : openBundleShelf({ ...captureShelf(path(from)), ...around });
  return {
    ...{ inspections, logs, captures },
    stop: async () => {
      for (const shelf of [inspections, logs, captures]) await shelf?.stop();
    },
  };
}

/** What makes one kind of bundle another than the next. */
type ShelfOf<A extends object> = Pick<BundleShelfParts<A>, 'prefix' | 'taskOf' | 'readingOf' | 'nameOf'>;

function inspectionShelf(loaded: LoadedConfig<CloudConfig>): ShelfOf<DaysWish> {
  const jobOf = inspectionJobs(loaded);
  return {
    prefix: '',
    taskOf: (period, madeAt, out) => ({ kind: 'inspection', job: jobOf(period, madeAt, out) }),
    readingOf: (period) => ({
      ...{ reading: 'reports', command: 'report inspection', reason: '' },
      detail: { kind: 'inspection', ...period },
    }),
    nameOf: ({ from, until }) => `inspection-${from}-${until}.zip`,
  };
}

function logShelf(loaded: LoadedConfig<CloudConfig>): ShelfOf<DaysWish> {
  return {
    prefix: 'logs-',
    taskOf: (period, _, out) => ({ kind: 'logs', job: { period, logs: toldLogs(loaded), out } }),
    readingOf: ({ from, until }) => ({
      ...{ reading: 'logs', command: 'log bundle', reason: '', detail: { from, to: until } },
    }),
    nameOf: ({ from, until }) => `logs-${from}-${until}.zip`,
  };
}

function captureShelf(captures: string): ShelfOf<CapturesWish> {
  return {
    prefix: 'captures-',
    taskOf: ({ from, to, cidr }, _, out) => {
      const wish = { from: momentOf(from), to: momentOf(to), ...(cidr !== undefined && { cidr }) };
      return { kind: 'captures', job: { wish, captures, out } };
    },
    readingOf: ({ from, to, cidr, reason }) => ({
      ...{ reading: 'traffic', command: 'traffic export', reason },
      detail: { form: 'sealed', from, to, cidr: cidr ?? null },
    }),
    nameOf: ({ from, to }) => `captures-${civilDateOf(momentOf(from))}-${civilDateOf(momentOf(to))}.zip`,
  };
}

function momentOf(text: string): Instant {
  const parsed = parseInstant(text);
  assert(parsed.ok, 'a moment is parsed where it is asked for');
  return parsed.value;
}

/** What a thread is told of an inspection of this installation. */
export function inspectionJobs(
  loaded: LoadedConfig<CloudConfig>,
): (period: DaysWish, madeAt: InspectionJob['madeAt'], out: string) => InspectionJob {
  const { config, path } = loaded;
  const captures = config.console?.captures;
  return (period, madeAt, out) => ({
    ...{ period, madeAt, out, logDirectory: path(config.log.directory), logs: toldLogs(loaded) },
    processor: { id: config.processor.id, name: config.processor.name },
    captures: captures !== undefined && existsSync(path(captures)) ? path(captures) : undefined,
  });
}

/** A border that has sent nothing has no log yet. */
const toldLogs = (loaded: LoadedConfig<CloudConfig>): readonly ToldLog[] =>
  logsOf(loaded)
    .filter(({ name, directory }) => name !== 'traffic' || existsSync(directory))
    .map(({ publicKey, ...log }) => ({
      ...log,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }));
