import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import { civilDateOf } from '../../proto/words/time.ts';
import { processSurroundings } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly format?: string;
  readonly json?: boolean;
  readonly lang?: string;
  readonly on?: string;
  readonly oneVehicle?: boolean;
  readonly place?: string;
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
    .argument('<file>', 'records as NDJSON, or what --format says; .gz is unpacked')
    .option('--format <name>', 'ndjson, trace, candump, gb32960, jt808, picture or point-cloud', 'ndjson')
    .option('--json', 'one JSON object on standard output')
    .option('--lang <language>', 'en or zh', 'en')
    .option('--on <date>', 'day whose rows apply, in Asia/Shanghai, YYYY-MM-DD (default: today)')
    .option('--one-vehicle', 'lines without a name are of one vehicle, as raw frames are')
    .option('--place <place>', 'what the camera of a picture looked at: exterior or cabin')
    .option('--records', 'a JSON line for each record comes first')
    .option('--rules <file>', "an operator's rows over the shipped ones (docs/law.md)")
    .option('--stated <file>', 'YAML of findings, figures and areas that no record tells')
    .action((path: string, options: Flags) =>
      run(async () => {
        const { classifyCommand } = await import('../../cloud/cli/classify.command.ts');
        const { classifyGbLine, classifyJtLine } = await import('../../cloud/terminals/ingress/classify-line.ts');
        const terminals = { gb32960: classifyGbLine, jt808: classifyJtLine };
        const { clock, out, err } = processSurroundings('classify');
        const { json = false, records = false, oneVehicle = false, rules, stated } = options;
        const on = options.on ?? civilDateOf(clock.now());
        const language = options.lang === 'zh' ? 'zh' : 'en';
        return classifyCommand(
          {
            ...{ path, on, json, records, oneVehicle, rules, stated, language },
            ...(options.format === undefined ? {} : { format: options.format }),
            ...(options.place === undefined ? {} : { place: options.place }),
          },
          { out, err, readLines, readBytes, terminals, readFile: (file) => readFile(file, 'utf8') },
        );
      }),
    );
}

/** Lines of a file, without their ends. */
function readLines(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY });
  const input = createGunzip();
  // `pipe` alone would leave an error of the file to nobody.
  file.on('error', (cause) => input.destroy(cause));
  return createInterface({ input: file.pipe(input), crlfDelay: Number.POSITIVE_INFINITY });
}

/** A picture or point cloud; larger files are none that a vehicle sends. */
const FILE_BYTES_MAX = 268_435_456;

async function readBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > FILE_BYTES_MAX) throw new Error(`the file is larger than ${FILE_BYTES_MAX} bytes`);
  return readFile(path);
}
