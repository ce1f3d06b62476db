import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { NewTerminal } from '../../cloud/ports/terminal-register.ts';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly json?: boolean;
}

/** `tongguan register terminal import`. */
export function addRegisterTerminalCommand(register: Command): void {
  register
    .command('terminal')
    .description('terminals of GB/T 32960 and of JT/T 808')
    .command('import')
    .description('add terminals by VIN, networks and code, or change them (docs/terminals.md)')
    .argument('<file>', 'JSON list of terminals')
    .requiredOption('--config <file>', 'cloud.yaml; the cloud may run')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, { config, json = false }: Flags) =>
      run(async () => {
        const { registerTerminalCommand } = await import('../../cloud/cli/register-terminal.command.ts');
        const { sqliteDeviceRegister } = await import('../../cloud/adapters/sqlite-device-register.ts');
        const add = (registerFile: string, terminals: readonly NewTerminal[]): number => {
          const register = sqliteDeviceRegister(registerFile);
          try {
            return register.addTerminals(terminals);
          } finally {
            register.close();
          }
        };
        const draw = (bytes: number): string => randomBytes(bytes).toString('hex');
        return registerTerminalCommand({ config, file, json }, { ...processSurroundings('register'), add, draw });
      }),
    );
}
