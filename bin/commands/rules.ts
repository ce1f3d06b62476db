import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { civilDateOf } from '../../proto/words/time.ts';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

export interface RulesFlags {
  readonly rules?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

export function addRulesCommands(program: Command): void {
  const rules = program.command('rules').description('the law as rows (docs/law.md)');
  const withFlags = (command: Command): Command =>
    command.option('--json', 'as JSON on standard output').addOption(languageFlag());
  const withFile = (command: Command): Command =>
    withFlags(command.option('--rules <file>', "an operator's rows, laid over the shipped ones"));
  withFile(rules.command('list').description('rows in force on a day, with their articles'))
    .option('--on <date>', 'day in Asia/Shanghai, YYYY-MM-DD (default: today)')
    .action((options: RulesFlags & { on?: string }) =>
      run(async () => {
        const { rulesListCommand } = await import('../../cloud/cli/rules.command.ts');
        const on = options.on ?? civilDateOf(processSurroundings('rules').clock.now());
        return rulesListCommand({ on, ...rulesFlagsOf(options) }, io());
      }),
    );
  withFile(
    rules.command('show').description('every row of an id, of all dates').argument('<id>', 'such as EX-5'),
  ).action((id: string, options: RulesFlags) =>
    run(async () => {
      const { rulesShowCommand } = await import('../../cloud/cli/rules.command.ts');
      return rulesShowCommand({ id, ...rulesFlagsOf(options) }, io());
    }),
  );
  withFlags(
    rules.command('check').description("is an operator's file of rows good?").argument('<file>', 'YAML or JSON'),
  ).action((file: string, options: RulesFlags) =>
    run(async () => {
      const { rulesCheckCommand } = await import('../../cloud/cli/rules.command.ts');
      return rulesCheckCommand({ ...rulesFlagsOf(options), rules: file }, io());
    }),
  );
  withFile(rules.command('diff').description('rows that differ between two files, or between two days'))
    .argument('[files...]', "two of an operator's files; `shipped` is the release without any")
    .option('--on <days...>', 'two days, YYYY-MM-DD')
    .action((files: string[], options: RulesFlags & { on?: string[] }) =>
      run(async () => {
        const { rulesDiffCommand } = await import('../../cloud/cli/rules-diff.command.ts');
        const days = options.on === undefined ? {} : { on: options.on };
        return rulesDiffCommand({ files, ...days, ...rulesFlagsOf(options) }, io());
      }),
    );
}

export function rulesFlagsOf({ rules, json = false, lang }: RulesFlags): {
  readonly rules?: string;
  readonly json: boolean;
  readonly language: 'en' | 'zh';
} {
  return { json, language: lang === 'zh' ? 'zh' : 'en', ...(rules === undefined ? {} : { rules }) };
}

function io() {
  const { out, err } = processSurroundings('rules');
  return { out, err, readFile: (path: string) => readFile(path, 'utf8') };
}
