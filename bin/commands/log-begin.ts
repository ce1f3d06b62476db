import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags extends Record<'directory' | 'origin' | 'key', string> {
  readonly json?: boolean;
}

/** `log begin`, which a machine at the border has too. */
export function addBeginCommand(log: Command): void {
  log
    .command('begin')
    .description('begin an empty log, once; refuses to begin over anything')
    .requiredOption('--directory <directory>', 'of the log')
    .requiredOption('--origin <name>', 'name in its tree heads, such as example.com/traffic')
    .requiredOption('--key <file>', 'PEM of an Ed25519 private key')
    .option('--json', 'one JSON object on standard output')
    .action(({ directory, origin, key, json = false }: Flags) =>
      run(async () => {
        const { logBeginCommand } = await import('../../cloud/cli/log-begin.command.ts');
        return logBeginCommand({ directory, origin, keyFile: key, json }, processSurroundings('log'));
      }),
    );
}
