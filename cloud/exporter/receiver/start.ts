import { EXIT } from '../../../proto/config/role.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { configPathOf, stopOnSignals, tellParent } from '../process-args.ts';
import { runReceiver } from './main.ts';

// The reference receiver as a process of its own: `node start.js --config receiver.yaml`.

const configPath = configPathOf(process.argv.slice(2));
if (configPath === undefined) {
  process.stderr.write('usage: receiver --config receiver.yaml\n');
  process.exitCode = EXIT.usage;
} else {
  process.exitCode = await runReceiver(configPath, {
    clock: { now: () => Date.now() as Instant },
    err: (line) => process.stderr.write(`${line}\n`),
    status: (status) => tellParent(process, status),
    stop: stopOnSignals(process),
  });
  if (process.connected) process.disconnect();
}
