import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

export function addEdgeCommands(program: Command): void {
  program
    .command('edge')
    .description('the agent on the TCU: strip, coarsen, tag, sign, spool and send (docs/edge.md)')
    .requiredOption('--config <file...>', 'edge.yaml; one agent a file')
    .option('--seal-to <directory>', 'write signed batches there instead of sending them')
    .action((options: { config: string[]; sealTo?: string }) =>
      run(async () => {
        const { runEdge } = await import('../../edge/main.ts');
        return runEdge(options.config, processSurroundings('edge'), options.sealTo);
      }),
    );
}
