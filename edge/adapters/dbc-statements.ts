/** One statement of a DBC file on one line, and the line of the file that it began on (from 1). */
export interface DbcStatement {
  readonly line: number;
  readonly text: string;
}

/** Lines one statement may take up; a table of values of a thousand names on as many lines fits. */
const STATEMENT_LINES_MAX = 4_096;

/**
 * Picks the statements that say how frames are read: `BO_`, `SG_`, `VAL_`, `SIG_VALTYPE_`, `SG_MUL_VAL_`.
 *
 * Files break lines within quotes and before the semicolon, which the parser of the library takes for an error and goes on
 * with half a table. Comments and attributes are left out: nothing here needs them, and they are most of what breaks.
 *
 * @returns undefined for a statement without an end
 */
export function dbcStatements(text: string): readonly DbcStatement[] | undefined {
  const lines = joinQuoted(text);
  const statements: DbcStatement[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const first = lines[index];
    if (first === undefined || !WANTED.test(first.text)) continue;
    if (!ENDS_WITH_SEMICOLON.test(first.text)) {
      statements.push({ line: first.line, text: first.text.trim() });
      continue;
    }
    const parts = [first.text.trim()];
    while (!parts.at(-1)?.endsWith(';')) {
      index += 1;
      const next = lines[index];
      if (next === undefined || parts.length === STATEMENT_LINES_MAX) return undefined;
      parts.push(next.text.trim());
    }
    statements.push({ line: first.line, text: parts.join(' ') });
  }
  return statements;
}

/** A `VAL_` of an environment variable has a name where a message has its number. */
const WANTED = /^\s*(?:BO_ |SG_ |VAL_ +\d|SIG_VALTYPE_ |SG_MUL_VAL_ )/;
const ENDS_WITH_SEMICOLON = /^\s*(?:VAL_|SIG_VALTYPE_|SG_MUL_VAL_)/;

/** Lines, with every line break within quotes made a blank. */
function joinQuoted(text: string): readonly DbcStatement[] {
  const lines: DbcStatement[] = [];
  let isQuoted = false;
  let pieces: string[] = [];
  let startedOn = 1;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (pieces.length === 0) startedOn = index + 1;
    pieces.push(line);
    if (oddQuotes(line)) isQuoted = !isQuoted;
    if (isQuoted) continue;
    lines.push({ line: startedOn, text: pieces.join(' ') });
    pieces = [];
  }
  if (pieces.length > 0) lines.push({ line: startedOn, text: pieces.join(' ') });
  return lines;
}

function oddQuotes(line: string): boolean {
  let isOdd = false;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
    if (line[at - 1] !== '\\') isOdd = !isOdd;
  }
  return isOdd;
}
