import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

export function addSimCommands(program: Command): void {
  program
    .command('sim')
    .description('a simulated fleet: synthetic drives, or real traces replayed (tongguan sim --help)')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options: object, command: Command) =>
      run(async () => {
        if (command.args.some((arg) => arg === '--protocol' || arg.startsWith('--protocol='))) {
          const { terminalSimCommand } = await import('../../firmware-sim/terminals/terminal-sim.command.ts');
          const { TERMINAL_CODEC } = await import('./sim-codec.ts');
          return terminalSimCommand(command.args, { ...processSurroundings('sim'), codec: TERMINAL_CODEC });
        }
        if (command.args[0] === 'run' || command.args[0] === 'scenarios') {
          const { scenarioCommand } = await import('../scenarios/scenario.command.ts');
          return scenarioCommand(command.args, processSurroundings('sim'));
        }
        const { simCommand } = await import('../../firmware-sim/sim.command.ts');
        const { streamWriter } = await import('../../firmware-sim/stream-writer.ts');
        const around = processSurroundings('sim');
        return simCommand(command.args, {
          ...around,
          write: streamWriter(process.stdout),
          onProgress: (progress) => around.report({ role: 'sim', ...progress }),
        });
      }),
    );
}
