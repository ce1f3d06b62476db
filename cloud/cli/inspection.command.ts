import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { ok } from '../../proto/words/result.ts';
import type { AskToRead } from '../ask-to-read.ts';
import type { bundledCaptures } from '../composition/open-captures.ts';
import { CloudConfig } from '../config/config.ts';
import { refuseLeaks } from '../datasets/leaks.ts';
import type { gatherInspection, InspectionSources, LogPlace, trafficOf } from '../inspection/gather-inspection.ts';
import { keptRules } from '../inspection/kept-rules.ts';
import type { BundleSink } from '../ports/bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { periodOf } from '../report/period.ts';
import type { ReportPeriod } from '../report/report-facts.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { reportFault } from './report.command.ts';

export interface InspectionArgs {
  readonly config: string;
  /** Shanghai days, both included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Data directory of `tongguan up`. */
  readonly data: string | undefined;
  readonly captures: string | undefined;
  /** A directory, or a file that ends in `.zip`; neither is there yet. */
  readonly out: string;
  readonly json: boolean;
}

export interface InspectionIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly access: AskToRead;
  readonly gather: typeof gatherInspection;
  readonly trafficOf: typeof trafficOf;
  readonly sink: (directory: string, look: (name: string, line: string) => void) => BundleSink;
  readonly captures: typeof bundledCaptures;
  readonly zip: (
    directory: string,
    file: string,
    note: (share: number) => void,
  ) => Promise<{ readonly sha256: string }>;
  readonly note: NoteProgress;
}

/**
 * `tongguan report` of the kind `inspection --from DAY --to DAY --out DIR|FILE.zip`: what an inspector wants to see of a time, with an index
 * that opens from disk and a checksum for each file. Lines are looked through as those of parcels are.
 *
 * @returns 0 written, 1 a fault, and then nothing is left of it; 2 usage or configuration, 3 whoever runs it may not read here
 */
export async function inspectionCommand(args: InspectionArgs, io: InspectionIo): Promise<ExitStatus> {
  const refuse = (fault: Fault, status: ExitStatus): ExitStatus => {
    io.err(renderFault('report', fault));
    return status;
  };
  const period = periodOf(`${args.from ?? ''}..${args.to ?? ''}`);
  if (period === undefined)
    return refuse(
      reportFault(bilingual('`--from` and `--to` are no days in order', '`--from` 与 `--to` 不是先后有序的日期')),
      EXIT.usage,
    );
  const isZip = args.out.endsWith('.zip');
  const directory = isZip ? `${args.out}.parts` : args.out;
  if (existsSync(args.out) || existsSync(directory))
    return refuse(reportFault(bilingual('`--out` is there already', '`--out` 已存在')), EXIT.usage);
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) refuse(fault, EXIT.usage);
    return EXIT.usage;
  }
  const { from, until } = period;
  const access = await io.access(loaded.value, { detail: { kind: 'inspection', from, until } });
  if (!access.ok) return refuse(access.fault, EXIT.withheld);
  try {
    const sources = sourcesOf(args, loaded.value, period, io);
    const written = io.gather(sources, io.sink(directory, sources.look));
    if (!written.ok) {
      rmSync(directory, { recursive: true, force: true });
      return refuse(written.fault, EXIT.fault);
    }
    const packing = (share: number): void => io.note({ step: 'packing', share });
    const packed = isZip ? await io.zip(directory, args.out, packing) : undefined;
    const answer = { out: args.out, ...written.value, ...(packed && { sha256: packed.sha256 }) };
    const line = `${args.out}: ${answer.files} file(s)${packed === undefined ? '' : `  ${packed.sha256}`}`;
    io.out(args.json ? JSON.stringify(answer) : line);
    return EXIT.done;
  } catch (cause) {
    rmSync(directory, { recursive: true, force: true });
    return refuse(
      reportFault(bilingual(`it cannot be made: ${causeText(cause)}`, `无法生成：${causeText(cause)}`)),
      EXIT.fault,
    );
  }
}

function sourcesOf(
  { data, captures }: InspectionArgs,
  { config, path }: LoadedConfig<CloudConfig>,
  period: ReportPeriod,
  io: InspectionIo,
): InspectionSources {
  const own = captures ?? (data === undefined ? undefined : join(data, 'exporter', 'captures'));
  const publicKey = createPublicKey(createPrivateKey(readFileSync(path(config.log.signingKeyFile))));
  const logs: readonly LogPlace[] = ['operations', 'alerts'].map((name) => ({
    ...{ name, publicKey, origin: `${config.log.origin}/${name}` },
    directory: join(path(config.log.directory), name),
  }));
  const traffic = data === undefined ? undefined : io.trafficOf(data, config.log.origin);
  return {
    ...{ processor: config.processor, period, madeAt: io.clock.now(), note: io.note },
    logs: traffic === undefined ? logs : [...logs, traffic],
    captures: (from, until) =>
      own === undefined ? ok({ connections: 0, bytes: 0, files: [] }) : io.captures(own, { from, until }),
    rules: keptRules(path(config.log.directory)),
    look: refuseLeaks,
  };
}
