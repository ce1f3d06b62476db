import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { UnsealArgs } from '../../cloud/cli/unseal.command.ts';
import { EXIT } from '../../proto/config/role.ts';
import { renderFault } from '../../proto/words/fault.ts';
import { processSurroundings } from '../role-process.ts';
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
    .action(({ config }: Flags) => run(() => exporter(config)));
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
        return unsealCommand(args, processSurroundings('unseal'));
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

/** The exporter runs as a process of its own, under the rights that its configuration comes to. */
async function exporter(configPath: string): Promise<number> {
  const { err } = processSurroundings('exporter');
  const { parseExporterConfig } = await import('../../cloud/exporter/config.ts');
  const { exporterArguments } = await import('../up/children.ts');
  try {
    const parsed = parseExporterConfig(configPath, readFileSync(configPath, 'utf8'));
    if (parsed.ok) return await asOwnProcess(exporterArguments(configPath));
    for (const fault of parsed.fault) err(renderFault('exporter', fault));
  } catch {
    err(
      `exporter: error: \`${configPath}\` cannot be read [CONFIG_UNREADABLE]\nexporter: hint: check the path and its rights`,
    );
  }
  return EXIT.usage;
}

async function asOwnProcess(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (status) => {
    if (process.connected) process.send?.(status, () => undefined);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  // Whoever started this one is gone; nothing is left behind.
  process.on('disconnect', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? EXIT.fault;
}
