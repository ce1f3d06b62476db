import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Bilingual, bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf } from '../../proto/words/time.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { CloudConfig } from '../config/config.ts';
import { markdownOf, REPORT_LANGUAGES, type ReportLanguage } from '../report/markdown.ts';
import { periodOf } from '../report/period.ts';
import { reportDocument } from '../report/report-document.ts';
import { REPORT_KINDS, type ReportFacts, type ReportKind, type ReportPeriod } from '../report/report-facts.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface ReportArgs {
  readonly kind: string;
  readonly config: string;
  /** `2026`, or `2026-01-01..2026-06-30`; Shanghai days, both included. */
  readonly period: string | undefined;
  readonly language: string;
  /** Ends in `.md` or `.docx`. */
  readonly out: string;
  readonly json: boolean;
}

export interface ReportIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly access: AskToRead;
  readonly gather: (
    loaded: LoadedConfig<CloudConfig>,
    kind: ReportKind,
    period: ReportPeriod,
    madeOn: CivilDate,
    clock: RoleSurroundings['clock'],
  ) => Result<ReportFacts, Fault>;
  readonly docx: (document: ReturnType<typeof reportDocument>, language: ReportLanguage) => Promise<Uint8Array>;
  /** @throws the system's error; it writes over nothing */
  readonly write: (path: string, content: Uint8Array) => void;
}

/**
 * `tongguan report KIND --config cloud.yaml --period P --out FILE`: a draft from registers and logs,
 * without any of the data. What is not on record stands in it as missing.
 *
 * @returns 0 written, 1 a fault, 2 usage or configuration, 3 whoever runs it may not read here
 */
export async function reportCommand(args: ReportArgs, io: ReportIo): Promise<ExitStatus> {
  const tell = (fault: Fault): void => io.err(renderFault('report', fault));
  const asked = askedOf(args);
  if (!asked.ok) {
    tell(asked.fault);
    return EXIT.usage;
  }
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) tell(fault);
    return EXIT.usage;
  }
  const { from, until } = asked.value.period;
  const access = await io.access(loaded.value, { detail: { kind: asked.value.kind, from, until } });
  if (!access.ok) {
    tell(access.fault);
    return EXIT.withheld;
  }
  try {
    const { kind, period, language } = asked.value;
    const facts = io.gather(loaded.value, kind, period, civilDateOf(io.clock.now()), io.clock);
    if (!facts.ok) {
      tell(facts.fault);
      return EXIT.fault;
    }
    const document = reportDocument(facts.value);
    const isWord = args.out.endsWith('.docx');
    io.write(args.out, isWord ? await io.docx(document, language) : Buffer.from(markdownOf(document, language)));
    const missing = document.blocks.filter(({ block }) => block === 'missing').length;
    const answer = { kind, period, file: args.out, transfers: facts.value.transfers.length, missing };
    io.out(
      args.json ? JSON.stringify(answer) : `${args.out}: ${answer.transfers} transfer(s), ${missing} fact(s) missing`,
    );
    return EXIT.done;
  } catch (cause) {
    tell(reportFault(bilingual(`it cannot be made: ${causeText(cause)}`, `无法生成：${causeText(cause)}`)));
    return EXIT.fault;
  }
}

interface Asked {
  readonly kind: ReportKind;
  readonly period: ReportPeriod;
  readonly language: ReportLanguage;
}

function askedOf({ kind: wanted, period: text, language: spoken, out }: ReportArgs): Result<Asked, Fault> {
  const kind = REPORT_KINDS.find((one) => one === wanted);
  const period = text === undefined ? undefined : periodOf(text);
  const language = REPORT_LANGUAGES.find((one) => one === spoken);
  if (kind === undefined) return fail(reportFault(bilingual('there is no such report', '没有该种报告')));
  if (period === undefined)
    return fail(reportFault(bilingual('`--period` is no year and no range of days', '`--period` 不是年份或日期区间')));
  if (language === undefined)
    return fail(reportFault(bilingual('`--lang` is zh, en or both', '`--lang` 应为 zh、en 或 both')));
  if (!/\.(?:md|docx)$/.test(out))
    return fail(reportFault(bilingual('`--out` ends in .md or .docx', '`--out` 应以 .md 或 .docx 结尾')));
  return ok({ kind, period, language });
}

export function reportFault(problem: Bilingual): Fault<'REPORT_NOT_MADE'> {
  return {
    code: 'REPORT_NOT_MADE',
    problem,
    remedy: bilingual(
      'see docs/reports.md; the log and the register of transfers have to be there, and the file must not',
      '请参阅 docs/reports.md；须存在日志与出境登记簿，且输出文件尚不存在',
    ),
    retry: 'after-remedy',
  };
}
