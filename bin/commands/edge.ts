import type { Command } from 'commander';
import { whileMaking } from '../interruption.ts';
import { processSurroundings, servingSurroundings } from '../role-process.ts';
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
        const around = servingSurroundings('edge');
        if (options.selfCheck !== undefined)
          return runSelfCheck(options.config, options.selfCheck, around, options.sealTo);
        return runEdge(options.config, around, options.sealTo);
      }),
    );
  program
    .command('preview')
    .description(
      'what a vehicle knows beside what would leave it under a policy; sends and keeps nothing (docs/edge.md)',
    )
    .requiredOption(
      '--source <file>',
      'raw frames, one JSON object a line (docs/raw-frames.md); - reads standard input',
    )
    .requiredOption('--policy <file>', 'signed policy bundle')
    .requiredOption('--key <file>', "PEM of the operator's Ed25519 policy key, public half")
    .option('--json', 'every frame and what became of it, as one JSON object')
    .option('--html <file>', 'a page with the true track and the cells that would leave; it stays on this machine')
    .action((options: { source: string; policy: string; key: string; json?: boolean; html?: string }) =>
      run(async () => {
        const { runPreview } = await import('../../edge/run-preview.ts');
        const { source, policy: policyFile, key: keyFile, html: htmlFile, json = false } = options;
        // What it keeps aside knows where the vehicle was: no signal leaves that behind.
        return whileMaking(htmlFile === undefined ? [] : [htmlFile], () =>
          runPreview({ source, policyFile, keyFile, htmlFile, json }, processSurroundings('preview')),
        );
      }),
    );
}
