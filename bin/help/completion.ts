import type { CommandNode, FlagNode } from './command-tree.ts';
import { tableNameOf } from './command-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that completes commands, flags, values of flags and of arguments, and file names in a shell. It is a text and asks nothing of the
 * program later, so that a key of the keyboard starts no process.
 */
export function completionScript(shell: Shell, tree: CommandNode): string {
  const rows = rowsOf(tree);
  const flags = flagsOf(rows);
  if (shell === 'bash') return bashScript(rows, flags);
  return shell === 'zsh' ? zshScript(rows, flags) : fishScript(rows, flags, kindsOf(tree));
}

/** One command; those of every kind of a register are one row, with `*` for the kind. */
interface Row extends Pick<CommandNode, 'flags' | 'arguments' | 'isVariadic'> {
  readonly name: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

/** Rows without `*` first: a pattern with it would match their names too. */
function rowsOf(tree: CommandNode): readonly Row[] {
  const rows = new Map<string, Row>();
  const walk = ({ words, commands, flags, arguments: taken, isVariadic }: CommandNode): void => {
    const name = tableNameOf(words);
    rows.set(name, { name, commands, flags: [...flags, { ...HELP, short: '-h' }], arguments: taken, isVariadic });
    for (const one of commands) walk(one);
  };
  walk(tree);
  return [...rows.values()].sort((a, b) => Number(a.name.includes('*')) - Number(b.name.includes('*')));
}

const HELP = {
  long: '--help',
  usage: '-h, --help',
  description: 'what it does, with examples',
  takes: 'nothing',
  values: [],
} as const;

function kindsOf(tree: CommandNode): readonly string[] {
  const register = tree.commands.find(({ name }) => name === 'register');
  return (register?.commands ?? []).filter(({ words }) => tableNameOf(words).endsWith('*')).map(({ name }) => name);
}

/** What follows each flag, by its name; a name that stands for two things is taken for the one that can be completed. */
function flagsOf(rows: readonly Row[]): Readonly<Record<FlagNode['takes'], readonly string[]>> {
  const takes = new Map<string, FlagNode['takes']>();
  for (const flag of rows.flatMap((row) => row.flags)) {
    if (flag.takes !== 'word' || !takes.has(flag.long)) takes.set(flag.long, flag.takes);
  }
  const named = (kind: FlagNode['takes']) => [...takes].filter(([, one]) => one === kind).map(([long]) => long);
  return { nothing: named('nothing'), file: named('file'), directory: named('directory'), word: named('word') };
}

/** A word that stands for the names of files where values of an argument would stand; no value begins with it. */
const FILES = '@files';

/** Of each place of an argument: its values with spaces between, the word for files, or nothing. */
function placesOf({ arguments: taken, isVariadic }: Row): readonly string[] {
  const places = taken.map(({ takes, values }) => (takes === 'file' ? FILES : values.join(' ')));
  const last = places.at(-1);
  return isVariadic && last !== undefined
    ? [...places, ...Array.from({ length: VARIADIC_PLACES }, () => last)]
    : places;
}

/** So many more of a variadic argument are completed. */
const VARIADIC_PLACES = 8;

/** Flags of a command that have values, each with its own: `--lang:en,zh`. */
const choicesOf = ({ flags }: Row): readonly string[] =>
  flags.filter(({ values }) => values.length > 0).map(({ long, values }) => `${long}:${values.join(',')}`);

const patternOf = (name: string): string =>
  name
    .split('*')
    .map((part) => `'${part}'`)
    .join('*')
    .replaceAll("''", '') || "''";

function bashScript(rows: readonly Row[], flags: ReturnType<typeof flagsOf>): string {
  const cases = rows.map(
    (row) =>
      `    ${patternOf(row.name)}) commands='${row.commands.map((one) => one.name).join(' ')}' flags='${row.flags.map(({ long }) => long).join(' ')}' choices='${choicesOf(row).join(' ')}' places=(${placesOf(row).map(quoted).join(' ')}) ;;`,
  );
  return `# bash completion for tongguan; written by: tongguan completion bash
_tongguan_at() {
  commands= flags= choices= places=()
  case "$1" in
${cases.join('\n')}
  esac
}
_tongguan() {
  local at= word prior= place=0 pair commands flags choices places
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    _tongguan_at "$at"
    case " $commands " in
      *" $word "*) at="\${at:+$at }$word" place=0 ;;
      *) case "$word" in
           -*) ;;
           *) case "$prior" in
                ${valued(flags)}) ;;
                *) place=$((place+1)) ;;
              esac ;;
         esac ;;
    esac
    prior="$word"
  done
  _tongguan_at "$at"
  COMPREPLY=()
  for pair in $choices; do
    case "$pair" in "$before:"*) pair="\${pair#*:}"; COMPREPLY=($(compgen -W "\${pair//,/ }" -- "$current")); return ;; esac
  done
  case "$before" in
    ${flags.file.join('|')}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${flags.directory.join('|')}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")); return ;;
    ${flags.word.join('|')}) return ;;
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")); return ;;
  esac
  if [ -n "$commands" ]; then COMPREPLY=($(compgen -W "$commands" -- "$current"))
  elif [ "\${places[place]}" = ${FILES} ]; then compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))
  elif [ -n "\${places[place]}" ]; then COMPREPLY=($(compgen -W "\${places[place]}" -- "$current"))
  fi
}
complete -F _tongguan tongguan
`;
}

/** Flags that are followed by something, as a pattern of `case`. */
const valued = ({ file, directory, word }: ReturnType<typeof flagsOf>): string =>
  [...file, ...directory, ...word].join('|');

/** For single quotes; in lists of zsh a colon parts name and description. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const described = (name: string, description: string): string => quoted(`${name}:${description.replaceAll(':', ' -')}`);

function zshScript(rows: readonly Row[], flags: ReturnType<typeof flagsOf>): string {
  const cases = rows.map((row) => {
    const listed = row.commands.map((one) => described(one.name, one.description)).join(' ');
    const flagged = row.flags.map(({ long, description }) => described(long, description)).join(' ');
    const [choices, places] = [choicesOf(row), placesOf(row)].map((words) => words.map(quoted).join(' '));
    return `    (${patternOf(row.name)}) commands=(${listed}) flags=(${flagged}) choices=(${choices}) places=(${places}) ;;`;
  });
  return `#compdef tongguan
# zsh completion for tongguan; written by: tongguan completion zsh
_tongguan_at() {
  commands=() flags=() choices=() places=()
  case "$1" in
${cases.join('\n')}
  esac
}
_tongguan() {
  local at='' word prior='' pair
  local -i place=1
  local -a commands flags choices places
  for word in "\${(@)words[2,CURRENT-1]}"; do
    _tongguan_at "$at"
    if (( \${commands[(I)$word:*]} )); then at="\${at:+$at }$word" place=1
    elif [[ "$word" != -* ]]; then
      case "$prior" in
        (${valued(flags)}) ;;
        (*) place+=1 ;;
      esac
    fi
    prior="$word"
  done
  _tongguan_at "$at"
  for pair in $choices; do
    if [[ "$pair" == "\${words[CURRENT-1]}:"* ]]; then compadd -- \${(s:,:)\${pair#*:}}; return; fi
  done
  case "\${words[CURRENT-1]}" in
    (${flags.file.join('|')}) _files; return ;;
    (${flags.directory.join('|')}) _files -/; return ;;
    (${flags.word.join('|')}) return ;;
  esac
  if [[ "$PREFIX" == -* ]]; then _describe flag flags
  elif (( $#commands )); then _describe command commands
  elif [[ "\${places[place]}" == ${FILES} ]]; then _files
  elif [[ -n "\${places[place]}" ]]; then compadd -- \${=places[place]}
  fi
}
if [ "$funcstack[1]" = "_tongguan" ]; then _tongguan "$@"; else compdef _tongguan tongguan; fi
`;
}

function fishScript(rows: readonly Row[], flags: ReturnType<typeof flagsOf>, kinds: readonly string[]): string {
  const lines = rows.flatMap((row) => {
    const at = (more: string): string => `complete -c tongguan -n ${quoted(`__tongguan_at "${row.name}"${more}`)}`;
    const places = placesOf(row).map((values, place) => {
      if (values === '') return [];
      return [`${at(` ${place}`)} ${values === FILES ? '-F' : `-a ${quoted(values)}`}`];
    });
    return [
      ...row.commands.map((one) => `${at('')} -a ${one.name} -d ${quoted(one.description)}`),
      ...row.flags.map((flag) => `${at('')} -l ${flag.long.slice(2)}${fishValue(flag)} -d ${quoted(flag.description)}`),
      ...places.flat(),
    ];
  });
  const names = rows.map(({ name }) => quoted(name)).join(' ');
  return `# fish completion for tongguan; written by: tongguan completion fish
set -g __tongguan_commands ${names}
set -g __tongguan_kinds ${kinds.join(' ')}
set -g __tongguan_valued ${[...flags.file, ...flags.directory, ...flags.word].join(' ')}
function __tongguan_at
  set -l at
  set -l place 0
  set -l prior
  for word in (commandline -opc)[2..-1]
    if test "$at" = register; and contains -- $word $__tongguan_kinds
      set at 'register *'
      set place 0
    else if contains -- (string trim -- "$at $word") $__tongguan_commands
      set at (string trim -- "$at $word")
      set place 0
    else if not string match -q -- '-*' $word; and not contains -- "$prior" $__tongguan_valued
      set place (math $place + 1)
    end
    set prior $word
  end
  test "$at" = "$argv[1]"; and begin
    test (count $argv) -lt 2; or test "$place" = "$argv[2]"
  end
end
complete -c tongguan -f
${lines.join('\n')}
`;
}

function fishValue({ takes, values }: FlagNode): string {
  return values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : FISH_VALUES[takes];
}

const FISH_VALUES: Readonly<Record<FlagNode['takes'], string>> = {
  nothing: '',
  file: ' -r -F',
  directory: " -x -a '(__fish_complete_directories)'",
  word: ' -x',
};
