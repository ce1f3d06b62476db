import type { CommandNode } from './command-tree.ts';
import { tableNameOf } from './command-tree.ts';

export interface ManPage {
  /** `tongguan.1`, `tongguan-log.1`. */
  readonly file: string;
  readonly text: string;
}

/** The manual in section 1: a page of the program, and one of each of its commands with all that is below it. */
export function manPages(tree: CommandNode, version: string): readonly ManPage[] {
  return [overview(tree, version), ...tree.commands.map((command) => pageOf(command, version))];
}

function overview(tree: CommandNode, version: string): ManPage {
  const commands = tree.commands.map(
    ({ name, description }) => `.TP\n.BR tongguan\\-${plain(name)} (1)\n${plain(description)}`,
  );
  const text = [
    heading('TONGGUAN', version),
    section('NAME', `tongguan \\- ${plain(tree.description)}`),
    section('SYNOPSIS', '.B tongguan\n.I command\n[\\fIflags\\fR]'),
    section('COMMANDS', commands.join('\n')),
    section('EXAMPLES', examplesOf(tree)),
    section('EXIT STATUS', EXIT_STATUSES),
    section('ENVIRONMENT', ENVIRONMENT),
  ];
  return { file: 'tongguan.1', text: `${text.join('\n')}\n` };
}

function pageOf(command: CommandNode, version: string): ManPage {
  const name = `tongguan-${command.name}`;
  const parts = leavesOf(command);
  const text = [
    heading(name.toUpperCase(), version),
    section('NAME', `${plain(name)} \\- ${plain(command.description)}`),
    section('SYNOPSIS', parts.map((part) => `.B ${plain(usageOf(part))}\n.br`).join('\n')),
    ...parts.map((part) => section(sectionName(part), describe(part))),
    section('EXIT STATUS', EXIT_STATUSES),
    section('SEE ALSO', '.BR tongguan (1)'),
  ];
  return { file: `${name}.1`, text: `${text.join('\n')}\n` };
}

/** Commands that do something, which one with flags of its own does too; those of every kind of a register stand once. */
function leavesOf(command: CommandNode): readonly CommandNode[] {
  const below = command.commands.flatMap(leavesOf);
  const all = below.length === 0 || command.flags.length > 0 ? [command, ...below] : below;
  return [...new Map(all.map((one) => [tableNameOf(one.words), one])).values()];
}

const sectionName = ({ words }: CommandNode): string => `tongguan ${kindNamed(words)}`.toUpperCase();
const kindNamed = (words: readonly string[]): string => tableNameOf(words).replace('*', 'KIND');

const usageOf = ({ words, argumentUsage }: CommandNode): string =>
  ['tongguan', kindNamed(words), '[flags]', argumentUsage].filter((part) => part !== '').join(' ');

function describe(command: CommandNode): string {
  const flags = command.flags.map(({ usage, description }) => `.TP\n.B ${plain(usage)}\n${plain(description)}`);
  return [plain(command.description), ...flags, '.PP', examplesOf(command)].join('\n');
}

const examplesOf = ({ examples }: CommandNode): string =>
  examples.map(([line, purpose]) => `.PP\n${plain(purpose)}:\n.PP\n.nf\n    ${plain(line)}\n.fi`).join('\n');

const heading = (title: string, version: string): string =>
  `.TH "${plain(title)}" 1 "" "Tongguan ${plain(version)}" "Tongguan"`;
const section = (title: string, body: string): string => `.SH "${plain(title)}"\n${body}`;

/** For troff: no escapes, no requests at the beginning of a line, hyphens that can be copied. */
const plain = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/^([.'])/gm, '\\&$1');

const EXIT_STATUSES = [
  ['0', 'done'],
  ['1', 'a fault'],
  ['2', 'usage or configuration'],
  ['3', 'withheld, or something is open or overdue'],
]
  .map(([status, meaning]) => `.TP\n.B ${status}\n${meaning}`)
  .join('\n');

const ENVIRONMENT = [
  ['NO_COLOR', 'no colours in help, even on a terminal'],
  [
    'TONGGUAN_CLOUD__STORES__DIRECTORY',
    'overrides `stores.directory` of the configuration of the cloud; other keys and roles likewise',
  ],
]
  .map(([name, meaning]) => `.TP\n.B ${name}\n${meaning}`)
  .join('\n');
