/** A function with a name. */
export interface MeasuredFunction {
  readonly name: string;
  /** Line it begins on, from 1. */
  readonly line: number;
  /** From its first line to its last. */
  readonly lines: number;
  /** Without those of the named functions in it: a factory holds state in place of a class, and is read function by function. */
  readonly ownLines: number;
}

type Span = Omit<MeasuredFunction, 'ownLines'>;

const DECLARED = /^(\s*)(?:export )?(?:async )?function\*? (\w+)/;
/** `const f = ... => {` and the like; also a function that is wrapped as it is made, `const f = wrap((x) => {`. */
const ASSIGNED = /^(\s*)(?:export )?const (\w+) = .*(?:=> \(?\{|=> \(|=>|\()$/;

/**
 * The functions of a formatted source, by indentation: one ends at the first line after it that closes a brace or
 * bracket at the column at which it began.
 */
export function functionsOf(code: string): readonly MeasuredFunction[] {
  const spans = spansOf(code.split('\n').map((line) => line.trimEnd()));
  return spans.map((span) => ({ ...span, ownLines: span.lines - linesWithin(spans, span) }));
}

/** Lines of the functions directly within one. */
function linesWithin(spans: readonly Span[], outer: Span): number {
  let lines = 0;
  let end = outer.line;
  for (const inner of spans) {
    if (inner.line <= end || inner.line >= outer.line + outer.lines) continue;
    lines += inner.lines;
    end = inner.line + inner.lines - 1;
  }
  return lines;
}

function spansOf(lines: readonly string[]): readonly Span[] {
  return lines.flatMap((line, index) => {
    const [, indent, name] =
      DECLARED.exec(line) ?? (isAssignedFunction(lines, index) ? ASSIGNED.exec(line) : null) ?? [];
    if (indent === undefined || name === undefined) return [];
    const rest = lines.slice(index + 1);
    const length = rest.findIndex((other) => (line.endsWith('=>') ? other.endsWith(';') : closes(other, indent)));
    return [{ name, line: index + 1, lines: length === -1 ? 1 : length + 2 }];
  });
}

/** `}: Type {` and `) => {` only end the parameters; the body follows. */
function closes(line: string, indent: string): boolean {
  const ends = line.startsWith(`${indent}}`) || line.startsWith(`${indent})`);
  return ends && !line.endsWith('{') && !line.endsWith('=>');
}

/** An arrow comes before the statement ends; a call whose arguments stand on lines of their own has none. */
function isAssignedFunction(lines: readonly string[], index: number): boolean {
  const head = lines.slice(index, index + PARAMETER_LINES_MAX).join('\n');
  return /^[^;]*?(?:\)|\w)(?:: [^=;]+)? =>/.test(head) && (lines[index] ?? '').includes(' = ');
}

const PARAMETER_LINES_MAX = 12;

/** First word of a name in camel case, lower case. */
export function verbOf(name: string): string {
  return /^[a-z]+|^[A-Z]+[a-z]*/.exec(name)?.[0].toLowerCase() ?? '';
}
