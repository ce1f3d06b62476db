import type { CommandNode, FlagNode } from './command-tree.ts';
import { tableNameOf } from './command-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that completes commands, flags, languages and file names in a shell. It is a text and asks nothing of the program later, so that
 * a key of the keyboard starts no process.
 */
export function completionScript(shell: Shell, tree: CommandNode): string {
  const rows = rowsOf(tree);
  const flags = flagsOf(rows);
  if (shell === 'bash') return bashScript(rows, flags);
  return shell === 'zsh' ? zshScript(rows, flags) : fishScript(rows, kindsOf(tree));
}

/** One command; those of every kind of a register are one row, with `*` for the kind. */
interface Row {
  readonly name: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly FlagNode[];
  readonly takesFile: boolean;
}

/** Rows without `*` first: a pattern with it would match their names too. */
function rowsOf(tree: CommandNode): readonly Row[] {
  const rows = new Map<string, Row>();
  const walk = ({ words, commands, flags, takesFile }: CommandNode): void => {
    const name = tableNameOf(words);
    const help: FlagNode = { ...HELP, short: '-h' };
    rows.set(name, { name, commands, flags: [...flags, help], takesFile });
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
  return {
    nothing: named('nothing'),
    file: named('file'),
    directory: named('directory'),
    language: named('language'),
    word: named('word'),
  };
}

const patternOf = (name: string): string =>
  name
    .split('*')
    .map((part) => `'${part}'`)
    .join('*')
    .replaceAll("''", '') || "''";

function bashScript(rows: readonly Row[], flags: ReturnType<typeof flagsOf>): string {
  const cases = rows.map(
    ({ name, commands, flags: own, takesFile }) =>
      `    ${patternOf(name)}) commands='${commands.map((one) => one.name).join(' ')}' flags='${own.map(({ long }) => long).join(' ')}' files=${takesFile ? 1 : 0} ;;`,
  );
  return `# bash completion for tongguan; written by: tongguan completion bash
_tongguan_at() {
  commands= flags= files=0
  case "$1" in
${cases.join('\n')}
  esac
}
_tongguan() {
  local at= word commands flags files
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    _tongguan_at "$at"
    case " $commands " in *" $word "*) at="\${at:+$at }$word" ;; esac
  done
  _tongguan_at "$at"
  COMPREPLY=()
  case "$before" in
    ${flags.language.join('|')}) COMPREPLY=($(compgen -W 'en zh' -- "$current")); return ;;
    ${flags.file.join('|')}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${flags.directory.join('|')}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current")); return ;;
    ${flags.word.join('|')}) return ;;
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")); return ;;
  esac
  if [ -n "$commands" ]; then COMPREPLY=($(compgen -W "$commands" -- "$current"))
  elif [ "$files" = 1 ]; then compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _tongguan tongguan
`;
}

/** For single quotes; in lists of zsh a colon parts name and description. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const described = (name: string, description: string): string => quoted(`${name}:${description.replaceAll(':', ' -')}`);

function zshScript(rows: readonly Row[], flags: ReturnType<typeof flagsOf>): string {
  const cases = rows.map(({ name, commands, flags: own, takesFile }) => {
    const listed = commands.map((one) => described(one.name, one.description)).join(' ');
    const flagged = own.map(({ long, description }) => described(long, description)).join(' ');
    return `    (${patternOf(name)}) commands=(${listed}) flags=(${flagged}) files=${takesFile ? 1 : 0} ;;`;
  });
  return `#compdef tongguan
# zsh completion for tongguan; written by: tongguan completion zsh
_tongguan_at() {
  commands=() flags=() files=0
  case "$1" in
${cases.join('\n')}
  esac
}
_tongguan() {
  local at='' word files
  local -a commands flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    _tongguan_at "$at"
    (( \${commands[(I)$word:*]} )) && at="\${at:+$at }$word"
  done
  _tongguan_at "$at"
  case "\${words[CURRENT-1]}" in
    (${flags.language.join('|')}) compadd en zh; return ;;
    (${flags.file.join('|')}) _files; return ;;
    (${flags.directory.join('|')}) _files -/; return ;;
    (${flags.word.join('|')}) return ;;
  esac
  if [[ "$PREFIX" == -* ]]; then _describe flag flags
  elif (( $#commands )); then _describe command commands
  elif (( files )); then _files
  fi
}
if [ "$funcstack[1]" = "_tongguan" ]; then _tongguan "$@"; else compdef _tongguan tongguan; fi
`;
}

function fishScript(rows: readonly Row[], kinds: readonly string[]): string {
  const lines = rows.flatMap(({ name, commands, flags, takesFile }) => {
    const here = `complete -c tongguan -n ${quoted(`__tongguan_at "${name}"`)}`;
    return [
      ...commands.map((one) => `${here} -a ${one.name} -d ${quoted(one.description)}`),
      ...flags.map(
        (flag) => `${here} -l ${flag.long.slice(2)}${FISH_VALUES[flag.takes]} -d ${quoted(flag.description)}`,
      ),
      ...(takesFile ? [`${here} -F`] : []),
    ];
  });
  const names = rows.map(({ name }) => quoted(name)).join(' ');
  return `# fish completion for tongguan; written by: tongguan completion fish
set -g __tongguan_commands ${names}
set -g __tongguan_kinds ${kinds.join(' ')}
function __tongguan_at
  set -l at
  for word in (commandline -opc)[2..-1]
    if test "$at" = register; and contains -- $word $__tongguan_kinds
      set at 'register *'
    else if contains -- (string trim -- "$at $word") $__tongguan_commands
      set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end
complete -c tongguan -f
${lines.join('\n')}
`;
}

const FISH_VALUES: Readonly<Record<FlagNode['takes'], string>> = {
  nothing: '',
  file: ' -r -F',
  directory: " -x -a '(__fish_complete_directories)'",
  language: " -x -a 'en zh'",
  word: ' -x',
};
