import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

export function addEdgeCommands(program: Command): void {
  program
    .command('edge')
    .description('the agent on the TCU: strip, coarsen, tag, sign, spool and send (docs/edge.md)')
    .requiredOption('--config <file...>', 'edge.yaml; one agent a file')
    .option('--seal-to <directory>', 'write signed batches there instead of sending them')
    .option('--self-check <time>', 'run so long (90s, 15m, 2h), and report every address this process was connected to')
    .action((options: { config: string[]; sealTo?: string; selfCheck?: string }) =>
      run(async () => {
        const { runEdge, runSelfCheck } = await import('../../edge/main.ts');
        const around = processSurroundings('edge');
        if (options.selfCheck !== undefined) return runSelfCheck(options.config, options.selfCheck, around);
        return runEdge(options.config, around, options.sealTo);
      }),
    );
}
