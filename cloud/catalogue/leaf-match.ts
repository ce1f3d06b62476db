import type { LeafRule } from './leaf-rules.table.ts';

/** Rules of a catalogue, sought by the branch they stand under. */
export interface RuleIndex {
  /**
   * Every rule that speaks of a signal, the deciding one first: the longest branch before a shorter one, a rule that names
   * the signal before one that takes its whole branch.
   */
  readonly matching: (path: string) => readonly LeafRule[];
}

export function indexRules(rules: readonly LeafRule[]): RuleIndex {
  const byBranch = new Map<string, { readonly rule: LeafRule; readonly names?: RegExp }[]>();
  for (const rule of rules) {
    const entry = rule.names === undefined ? { rule } : { rule, names: namesPattern(rule.names) };
    const entries = byBranch.get(rule.under);
    if (entries === undefined) byBranch.set(rule.under, [entry]);
    else entries.push(entry);
  }
  const matching = (path: string): readonly LeafRule[] =>
    branchesAbove(path).flatMap((branch) => {
      const rest = path.slice(branch.length + 1);
      const entries = byBranch.get(branch) ?? [];
      const named = entries.filter(({ names }) => names?.test(rest) === true);
      const whole = entries.filter(({ names }) => names === undefined);
      return [...named, ...whole].map(({ rule }) => rule);
    });
  return { matching };
}

/** Branches above a signal, the nearest first. */
function branchesAbove(path: string): readonly string[] {
  const branches: string[] = [];
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1))
    branches.push(path.slice(0, end));
  return branches;
}

/** `**.` is any number of names, `*` any part of one. */
function namesPattern(names: readonly string[]): RegExp {
  const sources = names.map((name) =>
    name.replaceAll('**.', '\0').replaceAll('.', '\\.').replaceAll('*', '[^.]*').replaceAll('\0', '(?:[^.]+\\.)*'),
  );
  return new RegExp(`^(?:${sources.join('|')})$`);
}
