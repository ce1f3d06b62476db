import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

interface Flags {
  readonly json?: boolean;
  readonly lang?: string;
  readonly operator?: string;
}

export function addCatalogueCommands(program: Command): void {
  const catalogue = program
    .command('catalogue')
    .description('what each signal and kind of data is (docs/catalogue.md)');
  const withFlags = (command: Command): Command =>
    command
      .option('--operator <file>', "an operator's own rows, laid over the shipped ones")
      .option('--json', 'as JSON on standard output')
      .addOption(languageFlag());
  withFlags(catalogue.command('list').description('rows, one a line'))
    .option('--class <class>', 'only rows of a class: general, personal, sensitive, geographic, important, core')
    .option('--branch <branch>', 'only rows below a branch, such as Vehicle.Cabin.Seat or gb32960')
    .action(({ class: wanted, branch, ...flags }: Flags & { class?: string; branch?: string }) =>
      run(async () => {
        const { catalogueListCommand } = await import('../../cloud/cli/catalogue.command.ts');
        const filters = {
          ...(wanted === undefined ? {} : { class: wanted }),
          ...(branch === undefined ? {} : { branch }),
        };
        return catalogueListCommand({ ...argsOf(flags), ...filters }, io());
      }),
    );
  withFlags(catalogue.command('explain').description('which rule decided a signal or a kind, and why'))
    .argument('<name>', 'a VSS path or the id of a kind')
    .action((name: string, flags: Flags) =>
      run(async () => {
        const { catalogueExplainCommand } = await import('../../cloud/cli/catalogue.command.ts');
        return catalogueExplainCommand({ ...argsOf(flags), name }, io());
      }),
    );
  withFlags(
    catalogue.command('check').description("is every signal decided? is an operator's file good? exit 0, 2 or 3"),
  )
    .argument('[file]', "an operator's rows, or a VSS overlay")
    .action((file: string | undefined, flags: Flags) =>
      run(async () => {
        const { catalogueCheckCommand } = await import('../../cloud/cli/catalogue-files.command.ts');
        return catalogueCheckCommand({ ...argsOf(flags), ...(file === undefined ? {} : { file }) }, io());
      }),
    );
  withFlags(catalogue.command('export').description('the signals as a VSS overlay'))
    .requiredOption('--overlay <file>', 'where the overlay goes')
    .action(({ overlay, ...flags }: Flags & { overlay: string }) =>
      run(async () => {
        const { writeWhole } = await import('../../proto/config/write-whole.ts');
        const { catalogueExportCommand } = await import('../../cloud/cli/catalogue-files.command.ts');
        return catalogueExportCommand({ ...argsOf(flags), overlay }, { ...io(), write: writeWhole });
      }),
    );
}

const argsOf = ({ json = false, lang, operator }: Flags) => ({
  json,
  language: lang === 'zh' ? ('zh' as const) : ('en' as const),
  ...(operator === undefined ? {} : { operator }),
});

function io() {
  const { out, err } = processSurroundings('catalogue');
  return { out, err, readFile: (path: string) => readFile(path, 'utf8') };
}
