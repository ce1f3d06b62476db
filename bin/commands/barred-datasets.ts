import { openCatalogue } from '../../cloud/composition/open-catalogue.ts';
import type { CloudConfig } from '../../cloud/config/config.ts';
import { contentsOf } from '../../cloud/datasets/contents.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';

/**
 * Datasets of a configuration that `dataset check` would say are never built: one warning for each signal. Those of kind `tracks` are
 * defined in order not to be built, and are none. Puts the operator's rows of the catalogue in force in this process.
 */
export function barredDatasets(loaded: LoadedConfig<CloudConfig>): readonly Fault<'DATASET_BARRED'>[] {
  if (!openCatalogue(loaded).ok) return [];
  return loaded.config.datasets
    .filter(({ kind }) => kind !== 'tracks')
    .flatMap((dataset) => contentsOf(dataset).barred.map((path) => barred(dataset.id, path)));
}

function barred(id: string, path: string): Fault<'DATASET_BARRED'> {
  return {
    code: 'DATASET_BARRED',
    problem: bilingual(
      `dataset \`${id}\` is never built: \`${path}\` may not leave, or no row of the catalogue knows it`,
      `数据集 \`${id}\` 永不构建：\`${path}\` 不得出境，或数据目录中没有对应条目`,
    ),
    remedy: bilingual(
      `correct the path or take it out; \`tongguan dataset explain ${id}\` gives the reason`,
      `请更正或移除该路径；\`tongguan dataset explain ${id}\` 说明原因`,
    ),
    retry: 'after-remedy',
  };
}
