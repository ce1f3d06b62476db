import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

interface Flags {
  readonly edition?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

export function addTerminalCommands(program: Command): void {
  const terminal = program
    .command('terminal')
    .description('frames of GB/T 32960 and JT/T 808 in words, and back (docs/terminals.md)');
  for (const verb of ['decode', 'encode'] as const) {
    terminal
      .command(verb)
      .description(verb === 'decode' ? 'say what frames hold' : 'make frames of what `decode` prints')
      .argument(verb === 'decode' ? '<hex|file>' : '<json|file>', 'one, or a file with one a line')
      .option('--json', 'one JSON object a line on standard output')
      .option('--edition <year>', 'read JT/T 808 headers without a version as 2011 or 2013', '2013')
      .addOption(languageFlag())
      .action((input: string, { json = false, edition, lang }: Flags) =>
        run(async () => {
          const commands = await import('../../cloud/cli/terminal.command.ts');
          const { out, err } = processSurroundings('terminal');
          const older = edition === '2011' ? 2011 : 2013;
          const language = lang === 'zh' ? 'zh' : 'en';
          const io = { out, err, readLines, readFile: (file: string) => readFile(file, 'utf8') };
          const command = verb === 'decode' ? commands.terminalDecodeCommand : commands.terminalEncodeCommand;
          return command({ input, json, older, language }, io);
        }),
      );
  }
  terminal
    .command('hash')
    .description('the hash of a platform password, for `terminals.gb32960.platforms`')
    .argument('<file>', 'with the password in it')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, { json = false }: Flags) =>
      run(async () => {
        const { terminalPasswordCommand } = await import('../../cloud/cli/terminal-password.command.ts');
        const { argon2Passwords } = await import('../../cloud/adapters/argon2-passwords.ts');
        const { out, err } = processSurroundings('terminal');
        const io = { out, err, readFile: (name: string) => readFile(name, 'utf8'), hash: argon2Passwords().hash };
        return terminalPasswordCommand({ file, json }, io);
      }),
    );
}

/** Lines of a file, without their ends. */
function readLines(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}
