import { type Command, Option } from 'commander';
import { FILE_KIND_NAMES } from '../../cloud/datasets/file-kinds.table.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

interface Flags {
  readonly config?: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

interface ImportFlags extends Required<Pick<Flags, 'config'>> {
  readonly kind: string;
  readonly entry: string;
  readonly id: string;
  readonly title?: string;
  readonly purpose: readonly string[];
  readonly json?: boolean;
  readonly lang?: string;
}

const languageOf = (lang: string | undefined): 'en' | 'zh' => (lang === 'zh' ? 'zh' : 'en');

export function addDatasetCommands(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('what may be asked for: what it would contain, and why (docs/datasets.md)');
  const withFlags = (command: Command): Command =>
    command
      .option('--config <file>', 'cloud.yaml')
      .option('--json', 'JSON on standard output')
      .addOption(languageFlag());
  withFlags(dataset.command('list').description('datasets of the configuration, and imported files')).action(
    (flags: Flags) =>
      run(async () => {
        const { datasetListCommand } = await import('../../cloud/cli/dataset.command.ts');
        return datasetListCommand(argsOf(flags), await datasetIo('dataset list'));
      }),
  );
  for (const [name, about] of [
    ['check', 'whether it may be built at all, before anything is read; exit 3 when something is barred'],
    ['explain', 'the same, with the reason of every part'],
  ] as const) {
    withFlags(
      dataset.command(name).description(about).argument('[id]', 'a dataset of the configuration (default: all)'),
    )
      .option('--dataset <file>', 'a definition in a file of its own')
      .action((id: string | undefined, flags: Flags) =>
        run(async () => {
          const { datasetCheckCommand } = await import('../../cloud/cli/dataset.command.ts');
          return datasetCheckCommand({ ...argsOf(flags), id }, await datasetIo(`dataset ${name}`), name === 'explain');
        }),
      );
  }
  addImport(dataset);
}

function addImport(dataset: Command): void {
  dataset
    .command('import')
    .description('files for an exemption into the store: looked through, hashed, held against what was filed')
    .argument('<path>', 'a file or a directory')
    .requiredOption('--config <file>', 'cloud.yaml')
    .addOption(new Option('--kind <kind>', 'what the files are').choices(FILE_KIND_NAMES).makeOptionMandatory())
    .requiredOption('--entry <id>', 'entry of `fileEntries`, or of the register, that covers them')
    .requiredOption('--id <id>', 'what requests will name them by')
    .requiredOption('--purpose <id...>', 'what they may be asked for')
    .option('--title <text>', 'what they are, for the reader of a verdict')
    .option('--json', 'one JSON object on standard output')
    .addOption(languageFlag())
    .action((path: string, flags: ImportFlags) =>
      run(async () => {
        const { datasetImportCommand } = await import('../../cloud/cli/dataset-import.command.ts');
        const { importFiles } = await import('../../cloud/building/import-files.ts');
        const { config, kind, entry, id, title = id, purpose: purposes, json = false, lang } = flags;
        const args = { config, path, kind, entry, id, title, purposes, json, language: languageOf(lang) };
        const { findRegisterEntry } = await import('../../cloud/find-register-entry.ts');
        const around = processSurroundings('dataset');
        const { note, end } = await progressBar({ json });
        try {
          return await datasetImportCommand(args, {
            ...{ ...around, importFiles, note, access: await asks('dataset import', around) },
            findEntry: (loaded, register, entry) => findRegisterEntry(loaded, around.clock, register, entry),
          });
        } finally {
          end();
        }
      }),
    );
}

const argsOf = ({ config, dataset, json = false, lang }: Flags) => ({
  config,
  file: dataset,
  json,
  language: languageOf(lang),
});

async function datasetIo(command: 'dataset list' | 'dataset check' | 'dataset explain') {
  const { importedFiles } = await import('../../cloud/composition/open-stores.ts');
  const { openCatalogue } = await import('../../cloud/composition/open-catalogue.ts');
  const around = processSurroundings('dataset');
  return { ...around, imports: importedFiles, openCatalogue, access: await asks(command, around) };
}
