import { randomInt } from 'node:crypto';
import { EXIT } from '../../proto/config/role.ts';
import type { Instant } from '../../proto/words/time.ts';
import { runExporter } from './main.ts';
import { configPathOf, stopOnSignals, tellParent } from './process-args.ts';

// The exporter as a process of its own: `node <permission arguments> start.js --config exporter.yaml`. It loads nothing but
// the exporter, since under the permission model the rest of the program could not even be read.

const CHANCES = 2 ** 32;

const configPath = configPathOf(process.argv.slice(2));
if (configPath === undefined) {
  process.stderr.write('usage: exporter --config exporter.yaml\n');
  process.exitCode = EXIT.usage;
} else {
  process.exitCode = await runExporter(configPath, {
    clock: { now: () => Date.now() as Instant },
    chance: () => randomInt(CHANCES) / CHANCES,
    err: (line) => process.stderr.write(`${line}\n`),
    status: (status) => tellParent(process, status),
    stop: stopOnSignals(process),
  });
  if (process.connected) process.disconnect();
}
