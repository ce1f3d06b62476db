import { readFileSync } from 'node:fs';
import { runBuild } from '../../cloud/building/build-job.ts';
import { openBuild } from '../../cloud/building/open-build.ts';
import { buildBy } from '../../cloud/building/order-build.ts';
import type { OpenLaw } from '../../cloud/composition/open-law.ts';
import { openSealing } from '../../cloud/composition/open-sealing.ts';
import type { CloudStores } from '../../cloud/composition/open-stores.ts';
import type { CloudConfig } from '../../cloud/config/config.ts';
import { viewOf } from '../../cloud/registers/record-change.ts';
import type { ExportGateParts } from '../../cloud/transfer/export-gate.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { assert } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';

/** Builds parcels as the build thread does, in this thread: a scenario's time stands still meanwhile. */
export function buildHere(
  { config, path }: LoadedConfig<CloudConfig>,
  { stores, law }: { readonly stores: CloudStores; readonly law: OpenLaw },
  clock: Clock,
): { readonly build: ExportGateParts['build']; readonly close: () => void } {
  const { keys, vaults, read } = config.zones;
  const zones = { keys: path(keys), vaults: path(vaults), read };
  const key = readFileSync(path(config.pseudonyms.keyFile));
  let open: ReturnType<typeof openBuild> | undefined;
  const places = { stores: path(config.stores.directory), border: path(config.border.directory), key, zones };
  const builder = {
    build: (job: Parameters<typeof runBuild>[0]) => {
      open ??= openBuild(places, clock);
      return runBuild(job, open.parts);
    },
    progressOf: () => ({ step: 'waiting', share: 0 }),
    abandon: () => undefined,
    stop: () => Promise.resolve(),
  };
  const sealings = openSealing(config, path, viewOf(stores.registers));
  const judged = { aggregates: stores.aggregates, stated: config.classification };
  const withoutConsent = (purpose: string) => {
    assert(config.legalBasis !== 'consent', `no scenario rests on consent: ${purpose}`);
    return [];
  };
  const build = buildBy(builder, config, sealings, { rules: law.law.verdicts, judged, withoutConsent });
  return { build, close: () => open?.close() };
}
