import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, parseCivilDate } from '../../proto/words/time.ts';
import { dutiesOn, type LawBook, lawOn, rowsOfLaw, type TableRow } from '../rules/law-book.ts';
import { type Language, textsCited } from '../transfer/explain.ts';
import type { Citation } from '../transfer/rule.ts';
import { rulesOn } from '../transfer/rule-book.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';
import { readLaw } from './read-law.ts';
import { rowLines } from './row-text.ts';

export interface RulesArgs {
  /** An operator's rows, laid over the shipped ones; docs/law.md. */
  readonly rules?: string;
  readonly json: boolean;
  readonly language: Language;
}

export interface RulesListArgs extends RulesArgs {
  /** A day, `YYYY-MM-DD`, Asia/Shanghai; the caller puts in today where none was given. */
  readonly on: string;
}

/**
 * `tongguan rules list --on DATE [--rules FILE] [--json] [--lang zh]`: the rows in force on a day.
 *
 * @returns 0, or 2 for a bad date or a faulty file of rules
 */
export async function rulesListCommand(args: RulesListArgs, io: CliIo): Promise<ExitStatus> {
  const day = parseDay(args.on);
  if (!day.ok) return complain([day.fault], args, io);
  const law = await readLaw(args.rules, io);
  if (!law.ok) return complain(law.fault, args, io);
  const { instruments } = law.value;
  const [verdicts, classification] = [rulesOn(law.value.verdicts, day.value), lawOn(law.value, day.value)];
  const { digest: classificationDigest, ...tables } = classification;
  const { digest: dutiesDigest, ...duties } = dutiesOn(law.value, day.value);
  if (args.json) {
    const digests = { classificationDigest, dutiesDigest };
    io.out(JSON.stringify({ on: day.value, ...verdicts, ...tables, ...duties, instruments, ...digests }));
  } else {
    const rows = rowsOfLaw(law.value, day.value);
    for (const row of rows) for (const line of rowLines(row, args.language)) io.out(line);
    for (const line of textsCited(citationsOf(rows), args.language, instruments)) io.out(line);
    io.out(`classification sha256 ${classificationDigest}`);
    io.out(`duties sha256 ${dutiesDigest}`);
    io.out(`sha256 ${verdicts.digest}`);
  }
  return EXIT.done;
}

export interface RulesShowArgs extends RulesArgs {
  readonly id: string;
}

/** `tongguan rules show ID`: every row of that id, of any table and date, and texts cited. Returns 0, or 1 when there is none. */
export async function rulesShowCommand(args: RulesShowArgs, io: CliIo): Promise<ExitStatus> {
  const law = await readLaw(args.rules, io);
  if (!law.ok) return complain(law.fault, args, io);
  const rows = rowsOfLaw(law.value).filter(({ row }) => row.id === args.id);
  const instrument = law.value.instruments.find(({ id }) => id === args.id);
  if (rows.length === 0 && instrument === undefined) {
    complain([noSuchRow()], args, io);
    return EXIT.fault;
  }
  if (args.json) {
    const found = rows.map(({ table, row }) => ({ table, ...row }));
    io.out(JSON.stringify(instrument === undefined ? found : [...found, { table: 'instruments', ...instrument }]));
    return EXIT.done;
  }
  for (const row of rows) {
    for (const line of rowLines(row, args.language)) io.out(line);
    io.out(`    ${JSON.stringify(row.row)}`);
  }
  const cited = [...citationsOf(rows), ...(instrument === undefined ? [] : [{ instrument: instrument.id }])];
  for (const line of textsCited(cited, args.language, law.value.instruments)) io.out(line);
  return EXIT.done;
}

/** `tongguan rules check FILE`: is an operator's file of rows good? Returns 0, or 2 with every fault. */
export async function rulesCheckCommand(args: RulesArgs & { readonly rules: string }, io: CliIo): Promise<ExitStatus> {
  const law = await readLaw(args.rules, io);
  if (!law.ok) return complain(law.fault, args, io);
  const rows = operatorRows(law.value);
  if (args.json) io.out(JSON.stringify({ ok: true, rows: rows.map(({ table, row }) => `${table}/${row.id}`) }));
  else {
    for (const row of rows) for (const line of rowLines(row, args.language)) io.out(line);
    io.out(args.language === 'en' ? `good: ${rows.length} row(s)` : `有效：${rows.length} 行`);
  }
  return EXIT.done;
}

/** Rows that an operator supplied carry the id of their sign-off. */
function operatorRows(law: LawBook): readonly TableRow[] {
  return rowsOfLaw(law).filter(({ row }) => 'signOff' in row);
}

function citationsOf(rows: readonly TableRow[]): readonly Citation[] {
  return rows.flatMap(({ row }) => ('citation' in row ? [row.citation as Citation] : []));
}

export function parseDay(text: string): Result<CivilDate, Fault> {
  const day = parseCivilDate(text);
  if (day.ok && day.value >= FIRST_DAY) return ok(day.value);
  return fail({
    code: 'RULES_DATE',
    problem: bilingual('`--on` is not a day that the rules cover', '`--on` 不是规则涵盖的日期'),
    remedy: bilingual(
      `write an existing day from ${FIRST_DAY} on as \`YYYY-MM-DD\``,
      `按 \`YYYY-MM-DD\` 书写 ${FIRST_DAY} 以后的真实日期`,
    ),
    retry: 'after-remedy',
  });
}

/** Every fault on stderr; with `--json` also as one object on stdout. */
export function complain(
  faults: readonly Fault[],
  { json, language }: Pick<RulesArgs, 'json' | 'language'>,
  io: CliIo,
): ExitStatus {
  if (json) io.out(JSON.stringify({ faults }));
  for (const fault of faults) io.err(renderFault('tongguan', fault, language));
  return EXIT.usage;
}

function noSuchRow(): Fault<'RULES_NO_ROW'> {
  return {
    code: 'RULES_NO_ROW',
    problem: bilingual('there is no row of that id', '没有该编号的规则行'),
    remedy: bilingual('`tongguan rules list` names them all', '`tongguan rules list` 列出全部编号'),
    retry: 'after-remedy',
  };
}

/** `bindRuleBook` starts its calendar here. */
const FIRST_DAY = '2000-01-01';
