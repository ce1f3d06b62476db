import { type Command, InvalidArgumentError } from 'commander';
import type { DistributionFlags } from '../../firmware-sim/trips/distributions.command.ts';
import { inScratch } from '../interruption.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings, servingSurroundings } from '../role-process.ts';
import type { RunFlags } from '../scenarios/scenario.command.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

export function addSimCommands(program: Command): void {
  const sim = program
    .command('sim')
    .description('a simulated fleet: synthetic drives, or real traces replayed (tongguan sim --help)')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options: object, command: Command) =>
      run(async () => {
        if (command.args.some((arg) => arg === '--protocol' || arg.startsWith('--protocol='))) {
          const { terminalSimCommand } = await import('../../firmware-sim/terminals/terminal-sim.command.ts');
          const { TERMINAL_CODEC } = await import('./sim-codec.ts');
          return terminalSimCommand(command.args, { ...servingSurroundings('sim'), codec: TERMINAL_CODEC });
        }
        const { simCommand } = await import('../../firmware-sim/sim.command.ts');
        const { streamWriter } = await import('../../firmware-sim/stream-writer.ts');
        const around = servingSurroundings('sim');
        return simCommand(command.args, {
          ...around,
          write: streamWriter(process.stdout),
          onProgress: (progress) => around.report({ role: 'sim', ...progress }),
        });
      }),
    );
  addScenarioCommands(sim);
  addDistributionsCommand(sim);
  addFleetCommand(sim);
}

interface FleetWords
  extends Readonly<Record<'url' | 'seed', string>>,
    Readonly<Record<'vehicles' | 'connections' | 'every' | 'rounds', number>> {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly devices?: string;
  readonly wait?: number;
  readonly json?: boolean;
}

function addFleetCommand(sim: Command): void {
  sim
    .command('fleet')
    .helpOption(...HELP)
    .description(
      "light vehicles over a broker of somebody else's: real frames, each signed by its vehicle, pooled connections",
    )
    .requiredOption('--url <url>', 'mqtts://host:port, or mqtt:// on a network of your own')
    .option('--ca <file>', 'PEM of the authority of the broker')
    .option('--cert <file>', 'PEM of the certificate to connect with')
    .option('--key <file>', 'PEM of its key')
    .option('--vehicles <count>', 'how many, up to 100000', wholeTo(100_000), 1_000)
    .option('--connections <count>', 'that carry all of them, up to 1000', wholeTo(1_000), 16)
    .option('--every <seconds>', 'between two frames of a vehicle', wholeTo(86_400), 60)
    .option('--rounds <count>', 'frames of each vehicle', wholeTo(1_000_000), 10)
    .option('--seed <text>', 'of vehicles and values', 'tongguan')
    .option('--devices <file>', 'where VIN and public key of each vehicle go, one JSON object a line')
    .option('--wait <seconds>', 'between that list and the first frame, to register them', wholeTo(86_400))
    .option('--json', 'counts as JSON on standard output')
    .action((words: FleetWords) =>
      run(async () => {
        const { fleetCommand } = await import('../fleet/fleet.command.ts');
        const { readFileSync } = await import('node:fs');
        const { ca, cert, key, every, wait = 0, json = false, ...rest } = words;
        const tls = {
          ...(ca !== undefined && { ca: readFileSync(ca) }),
          ...(cert !== undefined && { cert: readFileSync(cert) }),
          ...(key !== undefined && { key: readFileSync(key) }),
        };
        const around = servingSurroundings('sim fleet');
        let isStopped = false;
        void around.stopRequested.then(() => {
          isStopped = true;
        });
        const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
        return fleetCommand(
          { ...rest, tls, everyMs: every * 1_000, waitMs: wait * 1_000, json },
          { ...around, sleep, isStopped: () => isStopped },
        );
      }),
    );
}

function addDistributionsCommand(sim: Command): void {
  sim
    .command('distributions')
    .helpOption(...HELP)
    .description('how trips are spread: lengths, speeds and stays of a synthetic fleet beside real ones, or of traces')
    .option('--traces <file...>', 'trace files, CSV or CSV.gz: ranges over their vehicles')
    .option('--trips <count>', 'a vehicle with fewer trips is left out', wholeFrom1, 10)
    .option('--vehicles <count>', 'synthetic vehicles', wholeFrom1, 10)
    .option('--days <count>', 'days that they drive', wholeFrom1, 28)
    .option('--seed <text>', 'of the synthetic fleet', 'tongguan')
    .option('--json', 'JSON on standard output')
    .action((flags: DistributionFlags) =>
      run(async () => {
        const { showDistributions } = await import('../../firmware-sim/trips/distributions.command.ts');
        return showDistributions(flags, processSurroundings('sim distributions'));
      }),
    );
}

function wholeFrom1(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new InvalidArgumentError('expected a whole number from 1 to 9999.');
}

function wholeTo(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}

/** The command above takes `--help` itself, and what is below it would have none. */
const HELP = ['-h, --help', 'display help for command'] as const;

function addScenarioCommands(sim: Command): void {
  sim
    .command('run')
    .helpOption(...HELP)
    .description('plays a situation through the whole product, and says whether it ended as it has to')
    .argument('<scenario>', 'one of `tongguan sim scenarios`')
    .option('--seed <text>', 'another seed than that of the table')
    .option('--long', 'the long form: days become weeks, and the fleet is whole')
    .option('--json', 'the result as JSON on standard output')
    .addOption(languageFlag())
    .action((id: string, flags: RunFlags) =>
      run(async () => {
        const { runScenario } = await import('../scenarios/scenario.command.ts');
        const { note, isShown, end } = await progressBar({ json: flags.json === true });
        const noteShare = isShown ? (share: number): void => note({ step: id, share }) : undefined;
        const io = { ...processSurroundings('sim run'), noteShare };
        return inScratch((scratch) => runScenario(id, flags, { ...io, scratch })).finally(end);
      }),
    );
  sim
    .command('scenarios')
    .helpOption(...HELP)
    .description('every situation that can be played')
    .option('--json', 'JSON on standard output')
    .action(({ json }: { readonly json?: boolean }) =>
      run(async () => {
        const { listScenarios } = await import('../scenarios/scenario.command.ts');
        return listScenarios(json === true, processSurroundings('sim scenarios'));
      }),
    );
}
