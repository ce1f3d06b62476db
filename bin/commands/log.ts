import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

export function addLogCommands(program: Command): void {
  const log = program.command('log').description('the tamper-evident logs');
  log
    .command('begin')
    .description('begin an empty log, once; refuses to begin over anything')
    .requiredOption('--directory <directory>', 'of the log')
    .requiredOption('--origin <name>', 'name in its tree heads, such as example.com/traffic')
    .requiredOption('--key <file>', 'PEM of an Ed25519 private key')
    .action(({ directory, origin, key }: { directory: string; origin: string; key: string }) =>
      run(async () => {
        const { logBeginCommand } = await import('../../cloud/cli/log-begin.command.ts');
        return logBeginCommand({ directory, origin, keyFile: key }, processSurroundings('log'));
      }),
    );
  log
    .command('verify')
    .description('derive logs, verdicts and transfers again from disk; exit 0 when everything holds')
    .option('--data <directory>', 'data directory of `tongguan up`')
    .option('--bundle <directory>', 'in its place: a bundle, checked offline from what it holds')
    .option(
      '--head <file...>',
      'copies of `checkpoint` kept elsewhere; only these show a log that was put back or rewritten',
    )
    .option('--json', 'one JSON object on standard output')
    .action(({ data, bundle, head: heads = [], json = false }: VerifyFlags) =>
      run(async () => {
        const { logVerifyCommand } = await import('../../cloud/cli/log.command.ts');
        const args = { data, json, heads, ...(bundle !== undefined && { bundle }) };
        return logVerifyCommand(args, processSurroundings('log'));
      }),
    );
  addProofCommands(log);
}

interface DataFlags {
  readonly data: string;
  readonly json?: boolean;
}

interface VerifyFlags {
  readonly data?: string;
  readonly bundle?: string;
  readonly head?: string[];
  readonly json?: boolean;
}

function addProofCommands(log: Command): void {
  log
    .command('prove')
    .description('that an entry is in a log, or that a log extends an earlier head (docs/logs.md)')
    .requiredOption('--data <directory>', 'data directory of `tongguan up`')
    .requiredOption('--log <name>', 'operations, alerts or traffic')
    .option('--index <number>', 'an entry, by its place from 0')
    .option('--entry <transfer>', 'the entries of a transfer, one file each')
    .option('--since <file>', 'a checkpoint kept earlier: the proof that the log extends it')
    .option('--out <directory>', 'where the proofs go; made if need be', '.')
    .option('--json', 'one JSON object on standard output')
    .action(
      (options: DataFlags & Record<'log' | 'out', string> & Partial<Record<'index' | 'entry' | 'since', string>>) =>
        run(async () => {
          const { logProveCommand } = await import('../../cloud/cli/log-prove.command.ts');
          const around = processSurroundings('log');
          const io = { ...around, access: await asks('log prove', around) };
          return logProveCommand({ ...options, json: options.json === true }, io);
        }),
    );
  log
    .command('bundle')
    .description('entries of a time with tiles, checkpoints, public keys and a checksum file (docs/logs.md)')
    .requiredOption('--data <directory>', 'data directory of `tongguan up`')
    .requiredOption('--out <directory>', 'an empty or absent directory')
    .option('--from <day>', 'first day, YYYY-MM-DD in the mainland calendar')
    .option('--to <day>', 'last day')
    .option('--json', 'one JSON object on standard output')
    .action((options: DataFlags & { readonly out: string; readonly from?: string; readonly to?: string }) =>
      run(async () => {
        const { logBundleCommand } = await import('../../cloud/cli/log-bundle.command.ts');
        const around = processSurroundings('log');
        const io = { ...around, access: await asks('log bundle', around) };
        return logBundleCommand({ ...options, json: options.json === true }, io);
      }),
    );
}
