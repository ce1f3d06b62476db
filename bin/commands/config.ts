import { Argument, type Command } from 'commander';
import { run } from './run.ts';

/** The roles with a configuration file; what reads it is loaded when it is asked for. */
export const ROLES = ['edge', 'cloud', 'exporter', 'receiver'] as const;

export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('check configuration files, and print their JSON Schema');
  config
    .command('check')
    .description('every mistake of a file at once, and of the rows that a cloud.yaml names; exit 0 or 2')
    .addArgument(new Argument('<role>', 'whose file it is').choices(ROLES))
    .argument('<file>', 'YAML')
    .option('--json', 'faults as one JSON object on standard output')
    .action((role: string, file: string, options: { json?: boolean }) =>
      run(async () => (await import('./check-config.ts')).checkConfig(role, file, options.json === true)),
    );
  config
    .command('schema')
    .description('JSON Schema of a role, for editors')
    .addArgument(new Argument('<role>', 'whose file it is').choices(ROLES))
    .action((role: string) => run(async () => (await import('./check-config.ts')).printSchema(role)));
}
