import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { civilDateOf } from '../../proto/words/time.ts';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly json?: boolean;
  readonly lang?: string;
  readonly on?: string;
  readonly oneVehicle?: boolean;
  readonly records?: boolean;
  readonly rules?: string;
  readonly stated?: string;
}

export function addClassifyCommand(program: Command): void {
  program
    .command('classify')
    .description(
      'what the records of a file are, alone and together, by which item and clause (docs/classification.md)',
    )
    .argument('<file>', 'NDJSON')
    .option('--json', 'one JSON object on standard output')
    .option('--lang <language>', 'en or zh', 'en')
    .option('--on <date>', 'day whose rows apply, in Asia/Shanghai, YYYY-MM-DD (default: today)')
    .option('--one-vehicle', 'lines without a name are of one vehicle, as raw frames are')
    .option('--records', 'a JSON line for each record comes first')
    .option('--rules <file>', "an operator's rows over the shipped ones (docs/law.md)")
    .option('--stated <file>', 'YAML of findings, figures and areas that no record tells')
    .action((path: string, options: Flags) =>
      run(async () => {
        const { classifyCommand } = await import('../../cloud/cli/classify.command.ts');
        const { clock, out, err } = processSurroundings('classify');
        const { json = false, records = false, oneVehicle = false, rules, stated } = options;
        const on = options.on ?? civilDateOf(clock.now());
        const language = options.lang === 'zh' ? 'zh' : 'en';
        return classifyCommand(
          { path, on, json, records, oneVehicle, rules, stated, language },
          { out, err, readLines, readFile: (file) => readFile(file, 'utf8') },
        );
      }),
    );
}

/** Lines of a file, without their ends. */
function readLines(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}
