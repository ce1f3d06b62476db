import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMAND_READS } from '../../../../bin/commands/reads.table.ts';
import { type CommandNode, commandTree, tableNameOf } from '../../../../bin/help/command-tree.ts';
import { EXAMPLES } from '../../../../bin/help/examples.table.ts';
import { manPages } from '../../../../bin/help/man-page.ts';
import { program } from '../../../../bin/program.ts';
import { simFlags } from '../../../../firmware-sim/sim.command.ts';
import { terminalSimFlags } from '../../../../firmware-sim/terminals/terminal-sim.command.ts';

const root = program(new URL('../../../../package.json', import.meta.url));
const tree = commandTree(root, { own: { sim: [simFlags(), terminalSimFlags()] } });
/** What does something; the longest words first, since `sim` does and has commands below it as well. */
const leaves = (node: CommandNode): readonly CommandNode[] => {
  const below = node.commands.flatMap(leaves);
  return below.length === 0 || node.name === 'sim' ? [...below, node] : below;
};

describe('every command', () => {
  test.each(Object.entries(EXAMPLES).flatMap(([name, examples]) => examples.map(([line]) => [name, line] as const)))(
    '`%s` has an example that is one: %s',
    (name, line) => {
      const words = line.match(/"[^"]*"|\S+/g)?.slice(1) ?? [];
      const named = leaves(tree).find((one) => one.words.every((word, index) => words[index] === word));
      expect(tableNameOf(named?.words ?? [])).toBe(name);
      const flags = words.filter((word) => word.startsWith('--'));
      const known = named?.flags.map(({ long }) => long) ?? [];
      expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
    },
  );

  test('shows its examples, in plain text where no colours are wanted', () => {
    let help = '';
    const command = program(new URL('../../../../package.json', import.meta.url));
    const verify = command.commands
      .find((one) => one.name() === 'log')
      ?.commands.find((one) => one.name() === 'verify');
    verify?.configureOutput({ writeOut: (text) => (help += text), getOutHasColors: () => false }).outputHelp();
    expect(help).toContain('Examples:\n  tongguan log verify --data data --json\n');
    expect(help).not.toContain('\u001b');
    help = '';
    verify?.configureOutput({ getOutHasColors: () => true }).outputHelp();
    expect(help).toContain('\u001b[1mExamples:');
  });

  test('takes --help, also below one that reads its own flags', () => {
    const below = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(below)];
    const mute = below(root).filter(
      (one) =>
        !one
          .createHelp()
          .visibleOptions(one)
          .some(({ long }) => long === '--help'),
    );
    expect(mute.map((one) => one.name())).toEqual(['sim']);
  });

  test('answers with --json, but for those that have no answer', () => {
    const without = leaves(tree).filter(({ flags }) => !flags.some(({ long }) => long === '--json'));
    expect([...new Set(without.map(({ words }) => tableNameOf(words)))].sort()).toEqual(
      Object.keys(WITHOUT_JSON).sort(),
    );
    expect(Object.keys(WITHOUT_JSON).every((name) => name in COMMAND_READS)).toBe(true);
  });

  /** Commands without an answer for a program, and why. */
  const WITHOUT_JSON: Readonly<Record<string, string>> = {
    edge: 'it serves until it is stopped',
    cloud: 'it serves until it is stopped',
    exporter: 'it serves until it is stopped',
    receiver: 'it serves until it is stopped',
    completion: 'a script for a shell',
    'config schema': 'it is JSON',
    'register * schema': 'it is JSON',
  };
});

describe('the manual', () => {
  const pages = manPages(tree, '1.2.3');
  const pageOf = (name: string): string => pages.find(({ file }) => file === name)?.text ?? '';

  test('has a page of every command, and every flag is on it', () => {
    expect(pages.map(({ file }) => file)).toEqual([
      'tongguan.1',
      ...tree.commands.map(({ name }) => `tongguan-${name}.1`),
    ]);
    for (const command of tree.commands) {
      const page = pageOf(`tongguan-${command.name}.1`).replaceAll('\\-', '-');
      for (const leaf of leaves(command)) for (const { usage } of leaf.flags) expect(page).toContain(`.B ${usage}`);
    }
  });

  test('registers of every kind stand once', () => {
    expect(pageOf('tongguan-register.1').match(/^\.SH "TONGGUAN REGISTER KIND ADD"$/gm)).toHaveLength(1);
  });

  test('a line of a description is no request of troff', () => {
    const hostile = new Command('tongguan');
    hostile.command('odd').description('.so /etc/passwd\n\'de x\nback\\slash "quoted"');
    const [, page] = manPages(commandTree(hostile), '1');
    expect(page?.text).toContain('\\&.so');
    expect(page?.text).toContain("\\&'de x");
    expect(page?.text).toContain('back\\eslash \\(dqquoted\\(dq');
    expect(page?.text.split('\n').filter((line) => /^[.'](?!SH |TH |TP$|B |BR |br$|PP$|nf$|fi$)/.test(line))).toEqual(
      [],
    );
  });
});
