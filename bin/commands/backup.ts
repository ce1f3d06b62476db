import type { Command } from 'commander';
import type { BackupCreateIo } from '../../cloud/cli/backup.command.ts';
import { whileMaking } from '../interruption.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings, readerOf } from '../role-process.ts';
import { asks } from './asks.ts';
import { COMMAND_READS } from './reads.table.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly json?: boolean;
}

export function addBackupCommands(program: Command): void {
  const group = program.command('backup').description('copies of stores and logs, and back (docs/zones.md)');
  const withConfig = (command: Command): Command =>
    command.requiredOption('--config <file>', 'cloud.yaml').option('--json', 'one JSON object on standard output');
  withConfig(group.command('create').description('copy a cloud, running or not').argument('<directory>')).action(
    (directory: string, { config, json = false }: Flags) =>
      run(async () => {
        const { backupCreateCommand } = await import('../../cloud/cli/backup.command.ts');
        const { exportStores } = await import('../../cloud/database/export-stores.ts');
        const around = processSurroundings('backup');
        const { note, end } = await progressBar({ json });
        const io = {
          ...{ ...around, note, access: await asks('backup create', around) },
          exportStores: (...[loaded, to]: Parameters<BackupCreateIo['exportStores']>) =>
            exportStores(loaded, to, around.clock),
        };
        return whileMaking([directory], () => backupCreateCommand({ config, directory, json }, io)).finally(end);
      }),
  );
  withConfig(group.command('verify').description('derive a backup again from disk').argument('<directory>')).action(
    (directory: string, { config, json = false }: Flags) =>
      run(async () => {
        const { backupVerifyCommand } = await import('../../cloud/cli/backup.command.ts');
        return backupVerifyCommand({ config, directory, json }, processSurroundings('backup'));
      }),
  );
  withConfig(group.command('restore').description('lay a backup out where nothing is').argument('<directory>'))
    .requiredOption('--to <directory>', 'gets stores, vaults and log; must be empty or not there')
    .option('--keys-from <directory>', 'a later backup, when the keys of this one were forgotten')
    .action((directory: string, { config, json = false, to, keysFrom }: Flags & { to: string; keysFrom?: string }) =>
      run(async () => {
        const { backupRestoreCommand } = await import('../../cloud/cli/backup.command.ts');
        const { commandAccess } = await import('../../cloud/composition/open-access.ts');
        const around = processSurroundings('backup');
        const { reading } = COMMAND_READS['backup restore'];
        const access = (loaded: Parameters<typeof commandAccess>[1]) =>
          commandAccess(reading, loaded, readerOf(around), around);
        const restore = () => backupRestoreCommand({ config, directory, json, to, keysFrom }, { ...around, access });
        return whileMaking([to], restore);
      }),
    );
}
