import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import { EXIT } from '../../proto/config/role.ts';
import { writeAllWhole } from '../../proto/config/write-whole.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { whileMaking } from '../interruption.ts';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

/** `tongguan completion SHELL` and `tongguan man`, both made from the commands of the program they belong to. */
export function addHelpCommands(program: Command): void {
  program
    .command('completion')
    .description('a script that completes commands and flags (docs/command-line.md)')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action((shell: string) => run(() => completion(program, shell)));
  program
    .command('man')
    .description('the manual as troff: one page, or every page as a file (docs/command-line.md)')
    .argument('[page]', 'a command, such as log', '')
    .option('--out <directory>', 'write every page there; made if need be')
    .option('--json', 'with --out: the files as one JSON object on standard output')
    .action((page: string, flags: { out?: string; json?: boolean }) =>
      run(() => whileMaking(flags.out === undefined ? [] : [flags.out], () => manual(program, page, flags))),
    );
}

async function treeOf(program: Command) {
  const { commandTree } = await import('../help/command-tree.ts');
  const { simFlags } = await import('../../firmware-sim/sim.command.ts');
  const { terminalSimFlags } = await import('../../firmware-sim/terminals/terminal-sim.command.ts');
  const { SCENARIOS } = await import('../../firmware-sim/scenarios/scenarios.table.ts');
  return commandTree(program, {
    own: { sim: [simFlags(), terminalSimFlags()] },
    firstValues: {
      'sim run': SCENARIOS.map(({ id }) => id),
      man: program.commands.map((one) => one.name()),
    },
  });
}

async function completion(program: Command, name: string): Promise<number> {
  const { out, err } = processSurroundings('completion');
  const { completionScript, SHELLS } = await import('../help/completion.ts');
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined) {
    err(renderFault('completion', unknown(SHELLS.join(', '))));
    return EXIT.usage;
  }
  out(completionScript(shell, await treeOf(program)).trimEnd());
  return EXIT.done;
}

async function manual(
  program: Command,
  name: string,
  { out: directory, json = false }: { readonly out?: string; readonly json?: boolean },
): Promise<number> {
  const { out, err } = processSurroundings('man');
  const { manPages } = await import('../help/man-page.ts');
  const pages = manPages(await treeOf(program), program.version() ?? '');
  if (directory === undefined) {
    const page = pages.find(({ file }) => file === (name === '' ? 'tongguan.1' : `tongguan-${name}.1`));
    if (page === undefined) err(renderFault('man', unknown(program.commands.map((one) => one.name()).join(', '))));
    else out(page.text.trimEnd());
    return page === undefined ? EXIT.usage : EXIT.done;
  }
  try {
    makeDirectory(directory);
    writeAllWhole(pages.map(({ file, text }) => ({ path: join(directory, file), content: text })));
  } catch (cause) {
    err(renderFault('man', unwritten(directory, causeText(cause))));
    return EXIT.fault;
  }
  const files = pages.map(({ file }) => file);
  out(json ? JSON.stringify({ directory, files }) : `${directory}: ${files.length} pages`);
  return EXIT.done;
}

function unknown(names: string): Fault<'CLI_USAGE'> {
  return {
    code: 'CLI_USAGE',
    problem: bilingual('there is none of that name', '没有该名称'),
    remedy: bilingual(`name one of ${names}`, `请从以下名称中选择：${names}`),
    retry: 'after-remedy',
  };
}

function unwritten(directory: string, cause: string): Fault<'MAN_UNWRITTEN'> {
  return {
    code: 'MAN_UNWRITTEN',
    problem: bilingual(
      `the manual cannot be written to \`${directory}\`: ${cause}`,
      `无法将手册写入 \`${directory}\`：${cause}`,
    ),
    remedy: bilingual('name a directory that can be written', '请指定可写目录'),
    retry: 'after-remedy',
  };
}
