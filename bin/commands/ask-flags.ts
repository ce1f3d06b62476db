import { type Command, Option } from 'commander';

/** What every command that asks the running cloud is given. */
export interface AskFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/** In which language people are told; another than these two is refused and not taken for English. */
export const languageFlag = (): Option =>
  new Option('--lang <language>', 'language for people').choices(['en', 'zh']).default('en');

export function withConfig(command: Command): Command {
  return command
    .requiredOption('--config <file>', 'cloud.yaml of the running cloud')
    .option('--json', 'one JSON object on standard output')
    .addOption(languageFlag());
}

export const flagsOf = ({ config, json = false, lang }: AskFlags) => ({
  config,
  json,
  language: lang === 'zh' ? ('zh' as const) : ('en' as const),
});
