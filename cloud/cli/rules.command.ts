import { bilingual, renderFault } from '../../proto/words/fault.ts';
import { parseCivilDate } from '../../proto/words/time.ts';
import { SHIPPED_RULES } from '../rules/shipped-rules.ts';
import { cite, type Language, textsCited } from '../transfer/explain.ts';
import type { DatedRow, NoteRow, OnFileRule, Rule, Test, UnderReading } from '../transfer/rule.ts';
import { type RulesInForce, rulesOn } from '../transfer/rule-book.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

export interface RulesListArgs {
  /** A day, `YYYY-MM-DD`, Asia/Shanghai; the caller puts in today where none was given. */
  readonly on: string;
  readonly json: boolean;
  readonly language: Language;
}

/** `tongguan rules list --on DATE [--json] [--lang zh]`: the rows in force on a day. Returns 0, or 2 for a bad date. */
export async function rulesListCommand(args: RulesListArgs, io: CliIo): Promise<ExitStatus> {
  const day = parseCivilDate(args.on);
  if (!day.ok || day.value < FIRST_DAY) {
    const fault = {
      code: 'RULES_DATE',
      problem: bilingual('`--on` is not a day that the rules cover', '`--on` 不是规则涵盖的日期'),
      remedy: bilingual(
        `write an existing day from ${FIRST_DAY} on as \`YYYY-MM-DD\``,
        `按 \`YYYY-MM-DD\` 书写 ${FIRST_DAY} 以后的真实日期`,
      ),
      retry: 'after-remedy',
    } as const;
    io.err(renderFault('tongguan', fault, args.language));
    return EXIT.usage;
  }
  const law = rulesOn(SHIPPED_RULES, day.value);
  if (args.json) io.out(JSON.stringify({ on: day.value, ...law }));
  else for (const line of table(law, args.language)) io.out(line);
  return EXIT.done;
}

function table(law: RulesInForce, language: Language): readonly string[] {
  return [
    ...law.rules.flatMap((rule) => ruleLines(rule, language)),
    ...law.onFile.flatMap((row) => onFileLines(row, language)),
    ...law.notes.flatMap((row) => noteLines(row, language)),
    ...textsCited(
      [...law.rules, ...law.onFile, ...law.notes].map(({ citation }) => citation),
      language,
    ),
    `sha256 ${law.digest}`,
  ];
}

function ruleLines(rule: Rule, language: Language): readonly string[] {
  return [
    `${head(rule)}  ${rule.demands}  ${rule.status}/${rule.confidence}${position(rule.reading)}`,
    `    when ${conditions(rule.when)}`,
    `    ${rule.reason[language]} (${cite(rule.citation, language)})`,
  ];
}

function onFileLines(row: OnFileRule, language: Language): readonly string[] {
  const requires = Object.values(row.requires).join(' ');
  return [`${head(row)}  ${row.kind}: ${requires} (${cite(row.citation, language)})${position(row.reading)}`];
}

function noteLines(row: NoteRow, language: Language): readonly string[] {
  return [
    `${head(row)}  note (${cite(row.citation, language)})`,
    `    when ${conditions(row.when)}`,
    `    ${row.taken[language]}`,
  ];
}

function conditions(tests: readonly Test[]): string {
  return tests.map(testText).join(' and ') || 'always';
}

function position(reading: UnderReading | undefined): string {
  return reading === undefined ? '' : `  [reading ${reading.id}: ${reading.position}]`;
}

function head({ id, from, until }: DatedRow): string {
  return `${id.padEnd(ID_COLUMNS)} ${from}..${until ?? ''}`;
}

function testText(test: Test): string {
  if ('is' in test) return `${test.fact} is ${test.is}`;
  if ('in' in test) return `${test.fact} in ${test.in.join('|')}`;
  const { fact, atLeast, below, over } = test;
  const bounds = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(over === undefined ? [] : [`> ${over}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  return `${fact} ${bounds.join(' and ')}`;
}

const ID_COLUMNS = 28;
/** `bindRuleBook` starts its calendar here. */
const FIRST_DAY = '2000-01-01';
