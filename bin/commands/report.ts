import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly period: string;
  readonly lang: string;
  readonly out: string;
  readonly json?: boolean;
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('a draft of what an authority is told, from registers and logs and without the data (docs/reports.md)')
    .argument('<kind>', 'assessment, contract or annual')
    .requiredOption('--config <file>', 'cloud.yaml')
    .requiredOption('--period <period>', 'a year, or two days with `..` between, both included')
    .requiredOption('--out <file>', 'Markdown (.md) or Word (.docx); it must not exist')
    .option('--lang <language>', 'zh, en or both', 'zh')
    .option('--json', 'what was written as one JSON object on standard output')
    .action((kind: string, { config, period, lang, out, json = false }: Flags) =>
      run(async () => {
        const { reportCommand } = await import('../../cloud/cli/report.command.ts');
        const { gatherReport } = await import('../../cloud/gather-report.ts');
        // Loaded only for a document of that kind: it is the largest library of the command.
        const docx = async (...of: Parameters<typeof import('../../cloud/adapters/docx-report.ts').docxOf>) =>
          (await import('../../cloud/adapters/docx-report.ts')).docxOf(...of);
        return reportCommand(
          { kind, config, period, language: lang, out, json },
          {
            ...processSurroundings('report'),
            gather: gatherReport,
            docx,
            write: (path, content) => writeFileSync(path, content, { flag: 'wx', mode: 0o640 }),
          },
        );
      }),
    );
}
