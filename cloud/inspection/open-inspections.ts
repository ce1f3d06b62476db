import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Clock } from '../../proto/words/time.ts';
import { logsOf } from '../composition/http-routes.ts';
import type { CloudConfig } from '../config/config.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import { inspectionThread } from './inspection-thread.ts';
import { type InspectionParts, type MakeInspection, type OpenInspections, openInspections } from './inspections.ts';

export interface InspectionInputs {
  readonly operations: AppendOnly;
  readonly clock: Clock;
  readonly draw: (bytes: number) => string;
}

/** Bundles as they are configured; undefined where no directory is named for them. @param make - in a thread; tests make them here */
export function configuredInspections(
  loaded: LoadedConfig<CloudConfig>,
  inputs: InspectionInputs,
  make: MakeInspection = inspectionThread(),
): OpenInspections | undefined {
  const { config, path } = loaded;
  const directory = config.console?.inspections;
  if (directory === undefined) return undefined;
  const { operations, clock, draw } = inputs;
  return openInspections({
    ...{ directory: path(directory), make, jobOf: inspectionJobs(loaded), operations, clock, draw },
  });
}

/** What a thread is told of this installation. */
export function inspectionJobs(loaded: LoadedConfig<CloudConfig>): InspectionParts['jobOf'] {
  const { config, path } = loaded;
  const captures = config.console?.captures;
  return (period, madeAt, out) => ({
    ...{ period, madeAt, out, logDirectory: path(config.log.directory) },
    processor: { id: config.processor.id, name: config.processor.name },
    // A border that has sent nothing has no log yet.
    logs: logsOf(loaded)
      .filter(({ name, directory: own }) => name !== 'traffic' || existsSync(own))
      .map(({ publicKey, ...log }) => ({
        ...log,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      })),
    captures: captures !== undefined && existsSync(path(captures)) ? path(captures) : undefined,
  });
}
