import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly json?: boolean;
}

interface RequestFlags extends Flags {
  readonly device?: string;
  readonly personFile?: string;
  readonly class?: string;
  readonly reason: string;
  readonly by: string;
}

export function addDeleteCommands(program: Command): void {
  const group = program
    .command('delete')
    .description('deletion of records, on request and by retention (docs/zones.md)');
  const withConfig = (command: Command): Command =>
    command
      .requiredOption('--config <file>', 'cloud.yaml of the running cloud')
      .option('--json', 'one JSON object on standard output');
  withConfig(group.command('request').description('enter a request; it is due within ten working days'))
    .option('--device <name>', 'device whose records are to go')
    .option('--person-file <file>', 'file with the VIN of the vehicle of the person who asks')
    .option('--class <retention>', 'only records of one class of retention')
    .requiredOption('--reason <text>', 'why, without a VIN in it')
    .requiredOption('--by <name>', 'who enters it, as the log will name them')
    .action(({ config, json = false, device, personFile, class: retention, reason, by }: RequestFlags) =>
      run(async () => {
        const { deleteRequestCommand } = await import('../../cloud/cli/delete.command.ts');
        const args = { config, json, device, personFile, retention, reason, requestedBy: by };
        return deleteRequestCommand(args, io());
      }),
    );
  withConfig(group.command('list').description('every deletion; exit 3 when one is overdue')).action(
    ({ config, json = false }: Flags) =>
      run(async () => {
        const { deleteListCommand } = await import('../../cloud/cli/delete.command.ts');
        return deleteListCommand({ config, json }, io());
      }),
  );
  withConfig(group.command('run').description('carry out what is open, and what has come of age')).action(
    ({ config, json = false }: Flags) =>
      run(async () => {
        const { deleteRunCommand } = await import('../../cloud/cli/delete.command.ts');
        return deleteRunCommand({ config, json }, io());
      }),
  );
}

function io() {
  return { ...processSurroundings('delete'), ask: askCloud };
}
