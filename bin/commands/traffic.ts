import type { Command } from 'commander';
import type { TrafficListArgs } from '../../cloud/cli/traffic.command.ts';
import { whileMaking } from '../interruption.ts';
import { processSurroundings } from '../role-process.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly captures: string;
  readonly index?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cidr?: string;
  readonly transfer?: string;
  readonly json?: boolean;
}

interface ExportFlags extends Flags {
  readonly key: string;
  readonly out: string;
  readonly reason: string;
}

export function addTrafficCommands(program: Command): void {
  const group = program.command('traffic').description('captures of what went abroad (docs/capture.md)');
  const selecting = (command: Command): Command =>
    command
      .requiredOption('--config <file>', 'cloud.yaml of the cloud that enters who reads (docs/access.md)')
      .requiredOption('--captures <directory>', '`capture.directory` of the exporter, or a copy of it')
      .option('--index <file>', 'SQLite index; beside the captures by default')
      .option('--from <time>', 'RFC 3339 with an offset')
      .option('--to <time>', 'RFC 3339 with an offset')
      .option('--cidr <range>', 'address or range of the other side, IPv4 or IPv6')
      .option('--transfer <id>', 'of one transfer')
      .option('--json', 'one JSON object on standard output');
  selecting(group.command('list').description('connections that were captured; needs no key')).action((flags: Flags) =>
    run(async () => {
      const { trafficListCommand } = await import('../../cloud/cli/traffic.command.ts');
      return trafficListCommand(selectionOf(flags), await io('traffic list'));
    }),
  );
  selecting(group.command('export').description('one pcapng file that any reader decodes; entered in the log first'))
    .requiredOption('--key <file>', 'private half of the key that captures are sealed to, PEM')
    .requiredOption('--out <file>', 'may not be there yet; holds what was sent in clear')
    .requiredOption('--reason <text>', 'why, without a VIN in it')
    .action((flags: ExportFlags) =>
      run(async () => {
        const { trafficExportCommand } = await import('../../cloud/cli/traffic.command.ts');
        const { key: keyFile, out, reason } = flags;
        const { progressBar } = await import('../progress-bar.ts');
        const around = await io('traffic export');
        const { note, end } = await progressBar({ json: flags.json === true });
        try {
          const exported = { ...selectionOf(flags), keyFile, out, reason };
          return await whileMaking([out], () => trafficExportCommand(exported, { ...around, note }));
        } finally {
          end();
        }
      }),
    );
}

async function io(command: 'traffic list' | 'traffic export') {
  const { openCaptures } = await import('../../cloud/composition/open-captures.ts');
  const around = processSurroundings('traffic');
  return { ...around, open: openCaptures, access: await asks(command, around) };
}

function selectionOf({ config, captures, index, from, to, cidr, transfer, json = false }: Flags): TrafficListArgs {
  return { config, directory: captures, index, from, to, cidr, transfer, json };
}
