import { readConfig } from '../../proto/config/read-config.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, parseCivilDate } from '../../proto/words/time.ts';
import { classificationDigest } from '../classification/classification.ts';
import { classificationRules } from '../classification/classification-rules.ts';
import { createRecordsClassifier, type RecordsClassifier } from '../classification/classify-records.ts';
import { ClassificationConfig, statedFigures } from '../config/classification-config.ts';
import type { Language } from '../transfer/explain.ts';
import { busText, explainBus } from './classify-bus.ts';
import {
  CLASSIFY_FORMATS,
  fileRecord,
  lineReader,
  type ReadBusLine,
  type ReadLine,
  type TerminalReaders,
} from './classify-formats.ts';
import type { LineFault, RecordLine } from './classify-lines.ts';
import { classificationText } from './classify-text.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';
import { createLineAdmission } from './line-admission.ts';
import { readLaw } from './read-law.ts';

export interface ClassifyArgs {
  readonly path: string;
  /** Day of the rows, `YYYY-MM-DD`, Asia/Shanghai; the caller puts in today where none was given. */
  readonly on: string;
  readonly json: boolean;
  /** Whether a JSON line for each record comes before the result. */
  readonly records: boolean;
  /** Whether lines without a name are of one vehicle. */
  readonly oneVehicle: boolean;
  /** Files of an operator's rows and of what he states, where there are any. */
  readonly rules: string | undefined;
  readonly stated: string | undefined;
  /** What the file is; `ndjson` unless said. */
  readonly format?: string;
  /** What the camera of a picture looked at, where somebody knows. */
  readonly place?: string;
  readonly language: Language;
}

export interface ClassifyIo extends CliIo {
  readonly readLines: (path: string) => AsyncIterable<string>;
  /** A whole file, of at most `FILE_BYTES_MAX` bytes. */
  readonly readBytes: (path: string) => Promise<Uint8Array>;
  readonly terminals?: TerminalReaders;
  /** Reads frames of a bus, where the files that say what they mean were named. */
  readonly bus?: ReadBusLine;
}

/** `tongguan classify FILE [--json] [--records]`: what the records of a file are, together. Returns 0, 1 or 2. */
export async function classifyCommand(args: ClassifyArgs, given: ClassifyIo): Promise<ExitStatus> {
  const bus = given.bus === undefined ? undefined : explainBus(given.bus);
  const io = bus === undefined ? given : { ...given, bus: bus.read };
  const opened = await open(args, io);
  if (!opened.ok) {
    for (const fault of opened.fault) io.err(renderFault('classify', fault, args.language));
    return EXIT.usage;
  }
  const { on, classifier, stated } = opened.value;
  const read = await readFile(args, opened.value, io);
  if (!read.ok) {
    io.err(renderFault('classify', read.fault, args.language));
    return read.fault.code === 'CLASSIFY_UNREADABLE' ? EXIT.fault : EXIT.usage;
  }
  // Everything of a file is provided now, whenever it was observed.
  const question = { year: 'all', stated: stated.findings, figures: statedFigures(stated.figures) } as const;
  const result = { ...classifier.result(on, question), ...read.value };
  const signals = bus?.signals();
  const shown = { ...result, digest: classificationDigest(result.classification), ...(signals && { signals }) };
  if (args.json) io.out(JSON.stringify(shown));
  else {
    for (const line of classificationText(shown, args.language)) io.out(line);
    for (const line of busText(signals ?? [], args.language)) io.out(line);
  }
  return EXIT.done;
}

interface Opened {
  readonly on: CivilDate;
  readonly stated: ClassificationConfig;
  readonly classifier: RecordsClassifier;
  readonly source: Source;
}

/** How the file is read: line by line, or as one record. */
type Source = ReadLine | 'picture' | 'point-cloud';

function sourceOf(args: ClassifyArgs, on: CivilDate, { terminals, bus }: ClassifyIo): Result<Source, Fault> {
  const format = CLASSIFY_FORMATS.find((one) => one === (args.format ?? 'ndjson'));
  const isPlace = args.place === undefined || args.place === 'exterior' || args.place === 'cabin';
  if (format === undefined || !isPlace || (bus !== undefined && format !== 'candump')) return fail(formatFault());
  if (format === 'picture' || format === 'point-cloud') return ok(format);
  const reader = lineReader(format, { isOneVehicle: args.oneVehicle, on, terminals, bus });
  return reader === undefined ? fail(formatFault()) : ok(reader);
}

async function open(args: ClassifyArgs, io: ClassifyIo): Promise<Result<Opened, readonly Fault[]>> {
  const day = parseCivilDate(args.on);
  if (!day.ok) return fail([dayFault()]);
  const source = sourceOf(args, day.value, io);
  if (!source.ok) return fail([source.fault]);
  const law = await readLaw(args.rules, io);
  if (!law.ok) return law;
  const stated = args.stated === undefined ? undefined : readConfig(ClassificationConfig, args.stated, 'classify', {});
  if (stated !== undefined && !stated.ok) return stated;
  const config = stated?.value.config ?? ClassificationConfig.parse({});
  const classifier = createRecordsClassifier(classificationRules(law.value), config.areas);
  return ok({ on: day.value, stated: config, classifier, source: source.value });
}

/** Lines that are no record of their own. */
export interface FileCounts {
  readonly duplicates: number;
  /** Lines that say that time went on. */
  readonly silent: number;
  /** Frames of terminals that the platform would refuse for their form, by the numbers of their lines. */
  readonly damaged: { readonly count: number; readonly firstLines: readonly number[] };
}

/** Lines of damaged frames that are named. */
const DAMAGED_NAMED_MAX = 100;

async function readFile(
  args: ClassifyArgs,
  { classifier, source, on }: Opened,
  io: ClassifyIo,
): Promise<Result<FileCounts, Fault>> {
  const taken = createLineAdmission();
  const place = args.place === 'exterior' || args.place === 'cabin' ? args.place : undefined;
  const recordsOf = async function* (): AsyncIterable<Result<RecordLine | undefined, LineFault>> {
    if (typeof source !== 'function') yield fileRecord(source, await io.readBytes(args.path), { on, place });
    else for await (const text of io.readLines(args.path)) yield text === '' ? BLANK : source(text);
  };
  let line = 0;
  let duplicates = 0;
  let silent = 0;
  let lines = 0;
  let damaged = 0;
  const firstLines: number[] = [];
  try {
    for await (const parsed of recordsOf()) {
      line += 1;
      if (parsed === BLANK) continue;
      lines += 1;
      if (!parsed.ok && parsed.fault !== 'damaged') return fail(lineFault(line, parsed.fault));
      if (!parsed.ok) {
        damaged += 1;
        if (firstLines.length < DAMAGED_NAMED_MAX) firstLines.push(line);
        continue;
      }
      const record = parsed.value;
      if (record === undefined) {
        silent += 1;
        continue;
      }
      const number = taken.numberOf(record.who);
      if (!taken.admit(number, record.key)) {
        duplicates += 1;
        continue;
      }
      classifier.take(number, record.content, record.area);
      if (args.records) io.out(JSON.stringify({ line, ...classifier.record(record.content) }));
    }
  } catch (cause) {
    return fail(unreadable(causeText(cause)));
  }
  // A file of nothing else is of another format, or as a whole what nobody can believe.
  const [first] = firstLines;
  if (first !== undefined && damaged === lines) return fail(lineFault(first, 'damaged'));
  return ok({ duplicates, silent, damaged: { count: damaged, firstLines } });
}

const BLANK = ok(undefined);

function formatFault(): Fault<'CLASSIFY_FORMAT'> {
  return {
    code: 'CLASSIFY_FORMAT',
    problem: bilingual(
      '`--format` or `--place` has a word that is not known here, or names a decoder that this build has not',
      '`--format` 或 `--place` 的取值未知，或本构建没有相应的解码器',
    ),
    remedy: bilingual(
      'see docs/classification.md for the formats; nothing was classified',
      '可用格式见 docs/classification.md；未作任何分级',
    ),
    retry: 'after-remedy',
  };
}

function dayFault(): Fault<'CLASSIFY_DATE'> {
  return {
    code: 'CLASSIFY_DATE',
    problem: bilingual('`--on` is not an existing day', '`--on` 不是真实存在的日期'),
    remedy: bilingual('write it as `YYYY-MM-DD`', '按 `YYYY-MM-DD` 书写'),
    retry: 'after-remedy',
  };
}

function unreadable(cause: string): Fault<'CLASSIFY_UNREADABLE'> {
  return {
    code: 'CLASSIFY_UNREADABLE',
    problem: bilingual(`the file cannot be read: ${cause}`, `无法读取文件：${cause}`),
    remedy: bilingual('check the path and the rights of the file', '检查路径和文件权限'),
    retry: 'after-remedy',
  };
}

/** A line that is left out could be the one that matters, so a file is classified whole or not at all. */
function lineFault(line: number, fault: LineFault): Fault<'CLASSIFY_LINE'> {
  const [en, zh] = LINE_TEXT[fault];
  return {
    code: 'CLASSIFY_LINE',
    problem: bilingual(`line ${line} ${en}`, `第 ${line} 行${zh}`),
    remedy: bilingual(
      'correct the line (docs/classification.md); nothing was classified',
      '请更正该行（docs/classification.md）；未作任何分级',
    ),
    retry: 'after-remedy',
  };
}

const LINE_TEXT: Readonly<Record<LineFault, readonly [string, string]>> = {
  damaged: ['is a damaged frame, and the file holds no sound one', '的报文已损坏，且文件中没有完好的报文'],
  format: ['is not of the format that was named, or is too long', '不符合所指定的格式，或过长'],
  json: ['is no JSON object', '不是 JSON 对象'],
  keys: ['has a key or a value that no record has', '含有记录所没有的键或值'],
  whose: [
    'does not say once whose it is; `--one-vehicle` for a file of one',
    '未唯一说明属于哪辆车；单车文件请用 `--one-vehicle`',
  ],
};
