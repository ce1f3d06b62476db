import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type Command, Option } from 'commander';
import type { ClassifyIo } from '../../cloud/cli/classify.command.ts';
import type { CLASSIFY_FORMATS } from '../../cloud/cli/classify-formats.ts';
import { EXIT } from '../../cloud/cli/cli-io.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { civilDateOf } from '../../proto/words/time.ts';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

interface Flags {
  readonly dbc?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly lang?: string;
  readonly mapping?: string;
  readonly on?: string;
  readonly oneVehicle?: boolean;
  readonly onlyMapped?: boolean;
  readonly place?: string;
  readonly records?: boolean;
  readonly rules?: string;
  readonly stated?: string;
}

/** The reader of each is loaded when one is read. */
const FORMATS: typeof CLASSIFY_FORMATS = ['ndjson', 'trace', 'candump', 'gb32960', 'jt808', 'picture', 'point-cloud'];

export function addClassifyCommand(program: Command): void {
  program
    .command('classify')
    .description(
      'what the records of a file are, alone and together, by which item and clause (docs/classification.md)',
    )
    .argument('<file>', 'records as NDJSON, or what --format says; .gz is unpacked')
    .option('--dbc <file>', 'what the frames of a bus log hold, with --mapping; without them nobody can read one')
    .addOption(new Option('--format <name>', 'what the records are').choices(FORMATS).default('ndjson'))
    .option('--json', 'one JSON object on standard output')
    .addOption(languageFlag())
    .option('--mapping <file>', 'signals of the DBC file and the VSS paths they become (docs/sources.md)')
    .option('--on <date>', 'day whose rows apply, in Asia/Shanghai, YYYY-MM-DD (default: today)')
    .option('--one-vehicle', 'lines without a name are of one vehicle, as raw frames are')
    .option('--only-mapped', 'of a bus log only what the mapping names, as a vehicle sends it')
    .addOption(new Option('--place <place>', 'what the camera of a picture looked at').choices(['exterior', 'cabin']))
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
        const bus = await openBusLines(options);
        if (!bus.ok) {
          err(renderFault('classify', bus.fault, language));
          return EXIT.usage;
        }
        return classifyCommand(
          {
            ...{ path, on, json, records, oneVehicle, rules, stated, language },
            ...(options.format === undefined ? {} : { format: options.format }),
            ...(options.place === undefined ? {} : { place: options.place }),
          },
          { out, err, readLines, readBytes, terminals, ...bus.value, readFile: (file) => readFile(file, 'utf8') },
        );
      }),
    );
}

/** A reader of bus logs where both files are named; nothing where neither is. */
async function openBusLines({
  dbc,
  mapping,
  onlyMapped = false,
}: Flags): Promise<Result<Pick<ClassifyIo, 'bus'>, Fault>> {
  if (dbc === undefined && mapping === undefined && !onlyMapped) return ok({});
  if (dbc === undefined || mapping === undefined) return fail(busFault());
  const { busLines, openBus } = await import('../../edge/open-bus.ts');
  const bus = openBus(dbc, mapping);
  return bus.ok ? ok({ bus: busLines(bus.value, onlyMapped) }) : bus;
}

function busFault(): Fault<'CLASSIFY_FORMAT'> {
  return {
    code: 'CLASSIFY_FORMAT',
    problem: bilingual(
      '`--dbc` and `--mapping` belong together, and `--only-mapped` to both',
      '`--dbc` 与 `--mapping` 须同时给出，`--only-mapped` 须与两者同用',
    ),
    remedy: bilingual('name both, or neither', '请同时给出两者，或都不给'),
    retry: 'after-remedy',
  };
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
