import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { DAY_MS, type Instant, parseCivilDate, startOfDay } from '../../proto/words/time.ts';
import { type ReadLog, readLog } from '../log/read-log.ts';
import { writeBundle } from '../log/write-bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { type Installation, type InstallationPlace, type LogReadIo, readInstallation } from './log-installation.ts';

export interface LogBundleArgs extends InstallationPlace {
  readonly out: string;
  /** Days of the mainland calendar, YYYY-MM-DD, both included; absent for no bound. */
  readonly from?: string;
  readonly to?: string;
  readonly json: boolean;
}

/**
 * `tongguan log bundle --data DIR | --config FILE --from DAY --to DAY --out DIR`: entries of those days, tiles, checkpoints, public keys and a
 * checksum file, of all three logs.
 *
 * @returns 0 written, 1 a fault (a damaged log, `out` is not empty), 2 usage or installation, 3 whoever runs it may not read here
 */
export async function logBundleCommand(
  { out, from, to, json, ...place }: LogBundleArgs,
  io: LogReadIo & { readonly note?: NoteProgress },
): Promise<ExitStatus> {
  const refuse = (fault: Fault, status: ExitStatus): ExitStatus => {
    io.err(renderFault('log', fault));
    return status;
  };
  const installation = readInstallation(place, io);
  if (!installation.ok) return refuse(installation.fault, EXIT.usage);
  const days = [from, to].map((day) => (day === undefined ? undefined : parseCivilDate(day)));
  if (days.some((day) => day?.ok === false)) return refuse(dayInvalid(), EXIT.usage);
  const [first, last] = days.map((day) => (day?.ok === true ? startOfDay(day.value) : undefined));
  const { loaded, logs } = installation.value;
  const granted = await io.access(loaded, { detail: { from: from ?? null, to: to ?? null } });
  if (!granted.ok) return refuse(granted.fault, EXIT.withheld);
  const opened: { readonly log: ReadLog; readonly place: Installation['logs'][number] }[] = [];
  try {
    for (const place of logs) {
      const log = readLog(place);
      if (!log.ok) return refuse(log.fault, EXIT.fault);
      opened.push({ log: log.value, place });
    }
    const bundled = writeBundle({
      out,
      noted: (share) => io.note?.({ step: 'bundling', share }),
      ...(first !== undefined && { from: first }),
      ...(last !== undefined && { to: (last + DAY_MS) as Instant }),
      logs: opened.map(({ log, place }) => ({ ...place, log })),
    });
    if (!bundled.ok) return refuse(bundled.fault, EXIT.fault);
    if (json) io.out(JSON.stringify({ out, logs: bundled.value.logs }));
    else
      for (const { name, first: at, end, size } of bundled.value.logs)
        io.out(`${name}: entries ${at} to ${end} of ${size}`);
    return EXIT.done;
  } catch (cause) {
    return refuse(bundleUnwritten(causeText(cause)), EXIT.fault);
  } finally {
    for (const { log } of opened) log.close();
  }
}

const dayInvalid = (): Fault<'LOG_DAY'> => ({
  code: 'LOG_DAY',
  problem: bilingual('`--from` or `--to` is not a day', '`--from` 或 `--to` 不是有效日期'),
  remedy: bilingual('write it as YYYY-MM-DD', '请使用 YYYY-MM-DD 格式'),
  retry: 'after-remedy',
});

const bundleUnwritten = (cause: string): Fault<'LOG_BUNDLE_UNWRITTEN'> => ({
  code: 'LOG_BUNDLE_UNWRITTEN',
  problem: bilingual(`the bundle cannot be made: ${cause}`, `无法生成日志包：${cause}`),
  remedy: bilingual(
    'run `tongguan log verify`; a damaged log is not bundled',
    '请运行 `tongguan log verify`；已损坏的日志不予打包',
  ),
  retry: 'after-remedy',
});
