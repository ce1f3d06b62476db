import { Argument, type Command, Option } from 'commander';
import { writeNewWhole } from '../../proto/config/write-whole.ts';
import { whileMaking } from '../interruption.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings } from '../role-process.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly data?: string;
  readonly captures?: string;
  readonly lang: string;
  readonly out: string;
  readonly json?: boolean;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('a draft of what an authority is told, from registers and logs and without the data (docs/reports.md)')
    .addArgument(
      new Argument(
        '<kind>',
        'what is reported; inspection: logs with proofs and all that belongs to them (docs/inspection.md)',
      ).choices(['assessment', 'contract', 'annual', 'inspection']),
    )
    .requiredOption('--config <file>', 'cloud.yaml')
    .option('--period <period>', 'a year, or two days with `..` between, both included')
    .option('--from <day>', 'of an inspection: first day, Asia/Shanghai')
    .option('--to <day>', 'of an inspection: last day')
    .option(
      '--data <directory>',
      "of an inspection: data directory of `tongguan up`, for the exporter's log and captures",
    )
    .option('--captures <directory>', 'of an inspection: sealed captures of the exporter, or a copy of them')
    .requiredOption(
      '--out <file>',
      'Markdown (.md) or Word (.docx), of an inspection a directory or .zip; it must not exist',
    )
    .addOption(new Option('--lang <language>', 'language of the draft').choices(['zh', 'en', 'both']).default('zh'))
    .option('--json', 'what was written as one JSON object on standard output')
    .action((kind: string, flags: Flags) =>
      run(() => (kind === 'inspection' ? inspection(flags) : draft(kind, flags))),
    );
}

async function surroundings() {
  const around = processSurroundings('report');
  return { ...around, access: await asks('report', around) };
}

async function draft(kind: string, { config, period, lang, out, json = false }: Flags): Promise<number> {
  const { reportCommand } = await import('../../cloud/cli/report.command.ts');
  const { gatherReport } = await import('../../cloud/gather-report.ts');
  // Loaded only for a document of that kind: it is the largest library of the command.
  const docx = async (...of: Parameters<typeof import('../../cloud/adapters/docx-report.ts').docxOf>) =>
    (await import('../../cloud/adapters/docx-report.ts')).docxOf(...of);
  const write = (path: string, content: Uint8Array) => writeNewWhole(path, content, 0o640);
  const io = { ...(await surroundings()), gather: gatherReport, docx, write };
  return whileMaking([out], () => reportCommand({ kind, config, period, language: lang, out, json }, io));
}

async function inspection({ config, from, to, data, captures, out, json = false }: Flags): Promise<number> {
  const { inspectionCommand } = await import('../../cloud/cli/inspection.command.ts');
  const { gatherInspection, trafficOf } = await import('../../cloud/inspection/gather-inspection.ts');
  const { bundleDirectory } = await import('../../cloud/adapters/bundle-directory.ts');
  const { bundledCaptures } = await import('../../cloud/composition/open-captures.ts');
  const zip = async (...of: Parameters<typeof import('../../cloud/adapters/zip-bundle.ts').zipBundle>) =>
    (await import('../../cloud/adapters/zip-bundle.ts')).zipBundle(...of);
  const bundle = { sink: bundleDirectory, captures: bundledCaptures, zip };
  const bar = await progressBar({ json });
  const io = { ...(await surroundings()), gather: gatherInspection, trafficOf, ...bundle, note: bar.note };
  const made = [out, `${out}.parts`];
  const inspect = () => inspectionCommand({ config, from, to, data, captures, out, json }, io);
  return whileMaking(made, inspect).finally(bar.end);
}
