import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface KeyFlags {
  readonly key: string;
  readonly json?: boolean;
}

interface SignFlags extends KeyFlags {
  readonly out: string;
}

/** `tongguan policy sign` and `tongguan policy fences sign|check`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('what vehicles may collect');
  policy
    .command('sign')
    .description('a signed policy bundle from YAML (docs/edge.md)')
    .argument('<file>', 'YAML')
    .requiredOption('--key <file>', 'PEM of the Ed25519 policy key')
    .requiredOption('--out <file>', 'where the bundle goes')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, options: SignFlags) =>
      run(async () => {
        const { policySignCommand } = await import('../../cloud/cli/policy-sign.command.ts');
        const { writeWhole } = await import('../../proto/config/write-whole.ts');
        const args = { file, keyFile: options.key, out: options.out, json: options.json === true };
        return policySignCommand(args, { ...processSurroundings('policy'), write: writeWhole });
      }),
    );
  const fences = policy.command('fences').description('sensitive areas, hidden among decoys (docs/fences.md)');
  fences
    .command('sign')
    .description('draw decoys for areas and sign both, in no order')
    .argument('<file>', 'YAML')
    .requiredOption('--key <file>', 'PEM of the Ed25519 policy key')
    .requiredOption('--out <file>', 'where the fence set goes')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, options: SignFlags) =>
      run(async () => {
        const { fencesSignCommand } = await import('../../cloud/cli/policy-fences.command.ts');
        const { writeWhole } = await import('../../proto/config/write-whole.ts');
        const args = { file, keyFile: options.key, out: options.out, json: options.json === true };
        return fencesSignCommand(args, { ...processSurroundings('policy'), write: writeWhole });
      }),
    );
  fences
    .command('check')
    .description('what a vehicle would make of a signed fence set')
    .argument('<file>', 'the signed set')
    .requiredOption('--key <file>', 'PEM of the public policy key')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, options: KeyFlags) =>
      run(async () => {
        const { fencesCheckCommand } = await import('../../cloud/cli/policy-fences.command.ts');
        return fencesCheckCommand(
          { file, keyFile: options.key, json: options.json === true },
          processSurroundings('policy'),
        );
      }),
    );
}
