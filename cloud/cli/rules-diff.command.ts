import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { rowsOfLaw, type TableRow } from '../rules/law-book.ts';
import { jsonDigest } from '../transfer/digest.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';
import { readLaw } from './read-law.ts';
import { rowLines } from './row-text.ts';
import { complain, parseDay, type RulesArgs } from './rules.command.ts';

export interface RulesDiffArgs extends RulesArgs {
  /** Files of an operator's rows; `shipped` is the release without any. */
  readonly files: readonly string[];
  /** Two days: which rows apply on the second and not on the first, and the other way round. */
  readonly on?: readonly string[];
}

type Change = TableRow & { readonly change: 'added' | 'removed' };

/**
 * `tongguan rules diff A B`, or `tongguan rules diff --on D1 D2 [--rules FILE]`: rows that one side has and the other has
 * not. A row that was closed or reads otherwise stands there twice.
 *
 * @returns 0, with or without a difference; 2 when the sides are not two, or one cannot be read
 */
export async function rulesDiffCommand(args: RulesDiffArgs, io: CliIo): Promise<ExitStatus> {
  const sides = args.on === undefined ? await ofFiles(args, io) : await ofDays(args.on, args, io);
  if (!sides.ok) return complain(sides.fault, args, io);
  const changes = compare(...sides.value);
  if (args.json) io.out(JSON.stringify(changes.map(({ change, table, row }) => ({ change, table, row }))));
  else {
    for (const { change, ...row } of changes) {
      const sign = change === 'added' ? '+' : '-';
      for (const line of rowLines(row, args.language)) io.out(`${sign} ${line}`);
    }
    if (changes.length === 0) io.out(args.language === 'en' ? 'no difference' : '没有差异');
  }
  return EXIT.done;
}

type Sides = readonly [before: readonly TableRow[], after: readonly TableRow[]];

async function ofFiles({ files, rules }: RulesDiffArgs, io: CliIo): Promise<Result<Sides, readonly Fault[]>> {
  const [one, other, ...more] = files;
  if (one === undefined || other === undefined || more.length > 0 || rules !== undefined) return fail([notTwo()]);
  const [before, after] = [await readLaw(fileOf(one), io), await readLaw(fileOf(other), io)];
  if (!before.ok) return before;
  return after.ok ? ok([rowsOfLaw(before.value), rowsOfLaw(after.value)]) : after;
}

async function ofDays(
  days: readonly string[],
  { files, rules }: RulesDiffArgs,
  io: CliIo,
): Promise<Result<Sides, readonly Fault[]>> {
  const [one, other, ...more] = days;
  if (one === undefined || other === undefined || more.length > 0 || files.length > 0) return fail([notTwo()]);
  const [before, after] = [parseDay(one), parseDay(other)];
  if (!before.ok) return fail([before.fault]);
  if (!after.ok) return fail([after.fault]);
  const law = await readLaw(rules, io);
  return law.ok ? ok([rowsOfLaw(law.value, before.value), rowsOfLaw(law.value, after.value)]) : law;
}

const fileOf = (name: string): string | undefined => (name === 'shipped' ? undefined : name);

function compare(before: readonly TableRow[], after: readonly TableRow[]): readonly Change[] {
  const keys = (rows: readonly TableRow[]) => new Set(rows.map(keyOf));
  const [old, current] = [keys(before), keys(after)];
  const removed = before
    .filter((row) => !current.has(keyOf(row)))
    .map((row) => ({ ...row, change: 'removed' as const }));
  const added = after.filter((row) => !old.has(keyOf(row))).map((row) => ({ ...row, change: 'added' as const }));
  return [...removed, ...added].toSorted((a, b) => order(`${a.table}/${a.row.id}`, `${b.table}/${b.row.id}`));
}

function keyOf({ table, row }: TableRow): string {
  return `${table}/${jsonDigest(row)}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function notTwo(): Fault<'RULES_DIFF_SIDES'> {
  return {
    code: 'RULES_DIFF_SIDES',
    problem: bilingual('there are not two sides to compare', '须有两方才能比较'),
    remedy: bilingual(
      'name two files, one of which may be `shipped`, or two days with `--on D1 D2`',
      '指定两个文件（其一可为 `shipped`），或用 `--on D1 D2` 指定两个日期',
    ),
    retry: 'after-remedy',
  };
}
