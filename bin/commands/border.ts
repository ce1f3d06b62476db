import type { Command } from 'commander';
import type { UnsealArgs } from '../../cloud/cli/unseal.command.ts';
import { whileMaking } from '../interruption.ts';
import { processSurroundings } from '../role-process.ts';
import { asOwnProcess, exporterProcess } from './own-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
}

export function addBorderCommands(program: Command): void {
  program
    .command('exporter')
    .description(
      'the only process with a way out of the country; sends what was cleared and nothing else (docs/exporter.md)',
    )
    .requiredOption('--config <file>', 'exporter.yaml')
    .action(({ config }: Flags) => run(() => exporterProcess(config)));
  program
    .command('unseal')
    .description("open a sealed parcel with the recipient's key, or with the one for inspectors (docs/sealing.md)")
    .requiredOption('--parcel <dir>', 'a received parcel')
    .requiredOption('--key <file>', 'private key, PEM')
    .requiredOption('--sender <file>', "the sender's Ed25519 public key, PEM")
    .requiredOption('--out <dir>', 'must not exist; appears whole or not at all')
    .option('--json', 'one JSON object', false)
    .action((args: UnsealArgs) =>
      run(async () => {
        const { unsealCommand } = await import('../../cloud/cli/unseal.command.ts');
        const made = [args.out, `${args.out}.part`];
        return whileMaking(made, () => unsealCommand(args, processSurroundings('unseal')));
      }),
    );
  program
    .command('receiver')
    .description('a small reference recipient, for trying and for tests (docs/receiver.md)')
    .requiredOption('--config <file>', 'receiver.yaml')
    .action(({ config }: Flags) =>
      run(async () => {
        const { receiverArguments } = await import('../up/children.ts');
        return asOwnProcess(receiverArguments(config));
      }),
    );
}
