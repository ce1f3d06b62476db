import type { Command } from 'commander';

/** What every command that asks the running cloud is given. */
export interface AskFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

export function withConfig(command: Command): Command {
  return command
    .requiredOption('--config <file>', 'cloud.yaml of the running cloud')
    .option('--json', 'one JSON object on standard output')
    .option('--lang <language>', 'en or zh', 'en');
}

export const flagsOf = ({ config, json = false, lang }: AskFlags) => ({
  config,
  json,
  language: lang === 'zh' ? ('zh' as const) : ('en' as const),
});
