import type { Command } from 'commander';
import { processSurroundings, readerOf } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

export function addMigrateCommand(program: Command): void {
  const migrate = program.command('migrate').description('another home for stores (docs/postgres.md)');
  migrate
    .command('sqlite-to-postgres')
    .description(
      'move stores from files into the configured database; stop the cloud before, start it again afterwards',
    )
    .requiredOption('--config <file>', 'cloud.yaml, with `stores.database.kind: postgres`')
    .option('--check', 'look at both sides and write nothing')
    .option('--json', 'one JSON object on standard output')
    .action(({ config, check = false, json = false }: Flags) =>
      run(async () => {
        const { migrateCommand } = await import('../../cloud/cli/migrate.command.ts');
        const { checkMove } = await import('../../cloud/database/check-move.ts');
        const { moveStores } = await import('../../cloud/database/move-stores.ts');
        const around = { ...processSurroundings('migrate') };
        const { uid } = readerOf(around);
        return migrateCommand(
          { config, check, json },
          {
            ...around,
            look: (loaded) => checkMove(loaded, around),
            move: (loaded) => moveStores(loaded, { ...around, uid }),
          },
        );
      }),
    );
  migrate
    .command('files')
    .description('have the database go on with the files that are here, where those it went with are lost for good')
    .requiredOption('--config <file>', 'cloud.yaml, with `stores.database.kind: postgres`')
    .option('--json', 'one JSON object on standard output')
    .action(({ config, json = false }: Flags) =>
      run(async () => {
        const { adoptCommand } = await import('../../cloud/cli/migrate.command.ts');
        const { adoptFiles } = await import('../../cloud/database/adopt-files.ts');
        const around = { ...processSurroundings('migrate') };
        const { uid } = readerOf(around);
        return adoptCommand({ config, json }, { ...around, adopt: (loaded) => adoptFiles(loaded, { ...around, uid }) });
      }),
    );
}
