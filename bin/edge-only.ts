import { Command } from 'commander';
import { EXIT } from '../proto/config/role.ts';
import { causeText } from '../proto/words/fault.ts';
import { addEdgeCommands } from './commands/edge.ts';

// The agent without the rest: what a TCU gets (deploy/edge). `tongguan-edge edge --config /etc/tongguan/edge.yaml`.
const command = new Command('tongguan-edge')
  .description('the agent of Tongguan on a TCU: strip, coarsen, tag, sign, spool and send')
  .showHelpAfterError('(add --help for usage)')
  .exitOverride((ending) => {
    process.exit(ending.exitCode === 0 ? EXIT.done : EXIT.usage);
  });
addEdgeCommands(command);

try {
  await command.parseAsync(process.argv);
} catch (cause) {
  process.stderr.write(`tongguan-edge: error: ${causeText(cause)} [BUG]\n`);
  process.exitCode = EXIT.fault;
}
if (process.connected) process.disconnect();
