import { type Command, Option } from 'commander';
import { whileMaking } from '../interruption.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings, servingSurroundings } from '../role-process.ts';
import { asks } from './asks.ts';
import { addBeginCommand } from './log-begin.ts';
import { run } from './run.ts';

const CONFIG_HELP = 'in its place: cloud.yaml of another installation, with `monitoring.trafficLog`';

export function addLogCommands(program: Command): void {
  const log = program.command('log').description('the tamper-evident logs');
  addBeginCommand(log);
  log
    .command('verify')
    .description('derive logs, verdicts and transfers again from disk; exit 0 when everything holds')
    .option('--data <directory>', 'data directory of `tongguan up`')
    .option('--config <file>', CONFIG_HELP)
    .option('--bundle <directory>', 'in its place: a bundle, checked offline from what it holds')
    .option(
      '--head <file...>',
      'copies of `checkpoint` kept elsewhere; only these show a log that was put back or rewritten',
    )
    .option('--witness <key...>', 'verifier keys of witnesses, or files of them: each has to have cosigned every log')
    .option('--json', 'one JSON object on standard output')
    .action(({ bundle, head: heads = [], witness: witnesses = [], json = false, ...place }: VerifyFlags) =>
      run(async () => {
        const { logVerifyCommand } = await import('../../cloud/cli/log.command.ts');
        const args = { ...place, json, heads, witnesses, ...(bundle !== undefined && { bundle }) };
        const { note, end } = await progressBar({ json });
        try {
          return logVerifyCommand(args, { ...processSurroundings('log'), note });
        } finally {
          end();
        }
      }),
    );
  addProofCommands(log);
  addWitnessCommand(log);
}

interface JsonFlag {
  readonly json?: boolean;
}

interface PlaceFlags extends JsonFlag {
  readonly data?: string;
  readonly config?: string;
}

interface VerifyFlags extends PlaceFlags {
  readonly bundle?: string;
  readonly head?: string[];
  readonly witness?: string[];
}

interface WitnessFlags
  extends Record<'directory' | 'name' | 'key' | 'certificate' | 'tlsKey' | 'host' | 'port', string> {
  readonly log: string[];
  readonly initialise?: boolean;
  readonly json?: boolean;
}

function addWitnessCommand(log: Command): void {
  log
    .command('witness')
    .description('act as a witness of logs until stopped, on a machine of somebody else (docs/logs.md)')
    .requiredOption('--directory <directory>', 'holds what was cosigned last')
    .option('--initialise', 'the first time: makes the directory')
    .requiredOption('--name <name>', 'of the witness, such as witness.example/w1')
    .requiredOption('--key <file>', 'PEM of an Ed25519 private key that signs nothing else')
    .requiredOption('--log <vkey...>', 'verifier keys of the logs, or files of them')
    .requiredOption('--certificate <file>', 'PEM, for TLS')
    .requiredOption('--tls-key <file>', 'PEM, its key')
    .option('--host <address>', 'to listen on', '127.0.0.1')
    .option('--port <number>', '0 takes a free one', '8449')
    .option('--json', 'one JSON object on standard output')
    .action(({ directory, name, key, log: logs, host, port, certificate, tlsKey, ...flags }: WitnessFlags) =>
      run(async () => {
        const { logWitnessCommand } = await import('../../cloud/cli/log-witness.command.ts');
        const { serveWitness: serve } = await import('../../cloud/adapters/witness-server.ts');
        const files = { keyFile: key, certificateFile: certificate, tlsKeyFile: tlsKey };
        const { initialise = false, json = false } = flags;
        const args = { directory, initialise, name, ...files, logs, host, port: Number(port), json };
        return logWitnessCommand(args, { ...servingSurroundings('log'), serve });
      }),
    );
}

function addProofCommands(log: Command): void {
  log
    .command('prove')
    .description('that an entry is in a log, or that a log extends an earlier head (docs/logs.md)')
    .option('--data <directory>', 'data directory of `tongguan up`')
    .option('--config <file>', CONFIG_HELP)
    .addOption(
      new Option('--log <name>', 'which log').choices(['operations', 'alerts', 'traffic']).makeOptionMandatory(),
    )
    .option('--index <number>', 'an entry, by its place from 0')
    .option('--entry <transfer>', 'the entries of a transfer, one file each')
    .option('--since <file>', 'a checkpoint kept earlier: the proof that the log extends it')
    .option('--out <directory>', 'where the proofs go; made if need be', '.')
    .option('--json', 'one JSON object on standard output')
    .action(
      (options: PlaceFlags & Record<'log' | 'out', string> & Partial<Record<'index' | 'entry' | 'since', string>>) =>
        run(async () => {
          const { logProveCommand } = await import('../../cloud/cli/log-prove.command.ts');
          const around = processSurroundings('log');
          const io = { ...around, access: await asks('log prove', around) };
          const prove = () => logProveCommand({ ...options, json: options.json === true }, io);
          return whileMaking([options.out], prove);
        }),
    );
  log
    .command('bundle')
    .description('entries of a time with tiles, checkpoints, public keys and a checksum file (docs/logs.md)')
    .option('--data <directory>', 'data directory of `tongguan up`')
    .option('--config <file>', CONFIG_HELP)
    .requiredOption('--out <directory>', 'an empty or absent directory')
    .option('--from <day>', 'first day, YYYY-MM-DD in the mainland calendar')
    .option('--to <day>', 'last day')
    .option('--json', 'one JSON object on standard output')
    .action((options: PlaceFlags & { readonly out: string; readonly from?: string; readonly to?: string }) =>
      run(async () => {
        const { logBundleCommand } = await import('../../cloud/cli/log-bundle.command.ts');
        const around = processSurroundings('log');
        const { note, end } = await progressBar({ json: options.json === true });
        const io = { ...around, note, access: await asks('log bundle', around) };
        const bundle = () => logBundleCommand({ ...options, json: options.json === true }, io);
        return whileMaking([options.out], bundle).finally(end);
      }),
    );
}
