import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { barredDatasets } from '../../../../bin/commands/barred-datasets.ts';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { CloudConfig } from '../../../../cloud/config/config.ts';
import { NOW } from '../../../support/cloud/batches.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const loadedWith = (change: (datasets: { id: string; kind: string; signals?: string[] }[]) => void) => {
  const raw = parse(cloudYaml(layoutOf(scratchDirectory()), 1, NOW));
  change(raw.datasets);
  return { config: CloudConfig.parse(raw), path: (relative: string) => relative };
};

test('what the tour defines is warned of nowhere, a definition that is never built on purpose neither', () => {
  expect(barredDatasets(loadedWith(() => undefined))).toEqual([]);
});

test('a path that no row of the catalogue knows is named, with the dataset that asks for it', () => {
  const loaded = loadedWith((datasets) =>
    datasets.find(({ signals }) => signals)?.signals?.push('Vehicle.No.Such.Path'),
  );
  const warnings = barredDatasets(loaded);
  expect(warnings.map(({ code }) => code)).toEqual(['DATASET_BARRED']);
  expect(warnings[0]?.problem.en).toContain('Vehicle.No.Such.Path');
});
