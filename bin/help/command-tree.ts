import type { Command, Option } from 'commander';
import { REGISTER_TITLES } from '../../cloud/registers/kind-titles.table.ts';
import { EXAMPLES, type Example } from './examples.table.ts';

export interface FlagNode {
  /** With its two dashes. */
  readonly long: string;
  readonly short: string | undefined;
  /** As the help writes it: `--config <file>`. */
  readonly usage: string;
  readonly description: string;
  readonly takes: 'nothing' | 'file' | 'directory' | 'word';
  /** All that it may be, where that is a list; empty for anything else. */
  readonly values: readonly string[];
}

/** What stands at the place of an argument. */
export interface ArgumentNode {
  readonly takes: 'file' | 'word';
  readonly values: readonly string[];
}

export interface CommandNode {
  readonly name: string;
  /** From below `tongguan`; empty for the program itself. */
  readonly words: readonly string[];
  readonly description: string;
  /** As the help writes them: `<file> [id]`. */
  readonly argumentUsage: string;
  /** By place; the last of a variadic one stands for all that follow. */
  readonly arguments: readonly ArgumentNode[];
  readonly isVariadic: boolean;
  readonly flags: readonly FlagNode[];
  readonly commands: readonly CommandNode[];
  readonly examples: readonly Example[];
}

/** Flags of a command that reads its own words, by its name. */
export type OwnFlags = Readonly<Record<string, readonly Command[]>>;

/** What the first argument of a command may be, by the command's name: of those whose words are known only to what is loaded later. */
export type FirstValues = Readonly<Record<string, readonly string[]>>;

/** What the commands do not say of themselves. */
export interface TreeExtras {
  readonly own?: OwnFlags;
  readonly firstValues?: FirstValues;
}

/** The commands of a program as plain values: what completion and the manual are made from. */
export function commandTree(command: Command, extras: TreeExtras = {}, words: readonly string[] = []): CommandNode {
  const { own = {}, firstValues = {} } = extras;
  const parsed = [command, ...(own[words.join(' ')] ?? [])];
  return {
    name: command.name(),
    words,
    description: command.description(),
    argumentUsage: command.registeredArguments
      .map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}${one.variadic ? '...' : ''}]`))
      .join(' '),
    arguments: command.registeredArguments.map((one, place) => ({
      takes: /file|facts|path|directory|list|hex|json/.test(one.name()) ? 'file' : 'word',
      values: one.argChoices ?? (place === 0 ? firstValues[words.join(' ')] : undefined) ?? [],
    })),
    isVariadic: command.registeredArguments.at(-1)?.variadic ?? false,
    flags: [...new Map(parsed.flatMap(({ options }) => options.map(flagOf)).map((one) => [one.long, one])).values()],
    commands: command.commands.map((one) => commandTree(one, extras, [...words, one.name()])),
    examples: examplesOf(words),
  };
}

/** Words of a command as tables name it: every kind of a register is `*`. */
export function tableNameOf(words: readonly string[]): string {
  return words
    .map((word, index) => (index === 1 && words[0] === 'register' && Object.hasOwn(REGISTER_TITLES, word) ? '*' : word))
    .join(' ');
}

/** Examples of a command; of one that only holds others, some of theirs. */
export function examplesOf(words: readonly string[]): readonly Example[] {
  const name = tableNameOf(words);
  if (Object.hasOwn(EXAMPLES, name)) {
    const examples: readonly Example[] = EXAMPLES[name as keyof typeof EXAMPLES];
    const kind = words[1] ?? '';
    return name.includes('*') ? examples.map(([line, purpose]) => [ofKind(line, kind), purpose]) : examples;
  }
  const below = Object.entries(EXAMPLES).filter(([command]) => name === '' || command.startsWith(`${name} `));
  return below.map(([, [example]]) => example).slice(0, EXAMPLES_OF_GROUP_MAX);
}

const EXAMPLES_OF_GROUP_MAX = 4;

const ofKind = (line: string, kind: string): string =>
  line.replace(/^tongguan register \S+/, `tongguan register ${kind}`);

function flagOf(option: Option): FlagNode {
  const { long, short, flags: usage, description } = option;
  return { long: long ?? usage, short, usage, description, takes: takenBy(usage), values: option.argChoices ?? [] };
}

function takenBy(usage: string): FlagNode['takes'] {
  const [, value] = /[<[]([^\]>.]+)/.exec(usage) ?? [];
  if (value === undefined) return 'nothing';
  if (value === 'file' || value === 'key' || value === 'vkey') return 'file';
  return value === 'directory' || value === 'dir' ? 'directory' : 'word';
}
