import type { Command } from 'commander';
import { examplesOf } from './command-tree.ts';

const BOLD = '\u001b[1m';
const FAINT = '\u001b[2m';
const PLAIN = '\u001b[22m';

/**
 * Gives every command its examples, and titles that stand out. The library leaves the colours out where it does not write to a terminal,
 * and where NO_COLOR is set.
 */
export function addHelp(program: Command): void {
  addTo(program, []);
}

function addTo(command: Command, words: readonly string[]): void {
  command.configureHelp({
    styleTitle: (title) => `${BOLD}${title}${PLAIN}`,
    styleOptionTerm: (term) => term,
    styleDescriptionText: (text) => text,
  });
  const examples = examplesOf(words);
  if (examples.length > 0) {
    const lines = examples.map(([line, purpose]) => `  ${line}\n    ${FAINT}${purpose}${PLAIN}`).join('\n');
    command.addHelpText('after', `\n${BOLD}Examples:${PLAIN}\n${lines}`);
  }
  for (const one of command.commands) addTo(one, [...words, one.name()]);
}
