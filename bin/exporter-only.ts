import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { EXIT } from '../proto/config/role.ts';
import { causeText } from '../proto/words/fault.ts';
import { addBeginCommand } from './commands/log-begin.ts';
import { exporterProcess } from './commands/own-process.ts';
import { run } from './commands/run.ts';

// The exporter without the rest: what a machine at the border gets (deploy/exporter). It holds no code that could open a zone.
const here = fileURLToPath(new URL('./', import.meta.url));
const OWN = { start: `${here}exporter.js`, codePaths: [here] };

const command = new Command('tongguan-exporter')
  .description('the only process with a way out of the country; sends what was cleared and nothing else')
  .showHelpAfterError('(add --help for usage)')
  .exitOverride((ending) => {
    process.exit(ending.exitCode === 0 ? EXIT.done : EXIT.usage);
  });
command
  .command('run', { isDefault: true })
  .description('send what is in the outbox until asked to stop')
  .requiredOption('--config <file>', 'exporter.yaml')
  .action(({ config }: { readonly config: string }) => run(() => exporterProcess(config, OWN)));
addBeginCommand(command.command('log').description('the traffic log'));

try {
  await command.parseAsync(process.argv);
} catch (cause) {
  process.stderr.write(`tongguan-exporter: error: ${causeText(cause)} [BUG]\n`);
  process.exitCode = EXIT.fault;
}
if (process.connected) process.disconnect();
