import { type Command, Option } from 'commander';
import { ZONES, type Zone } from '../../proto/words/data-class.ts';
import { processSurroundings, readerOf } from '../role-process.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly zone: Zone;
  readonly by: string;
  readonly reason: string;
  readonly log: string;
  readonly logOrigin: string;
  readonly logKey: string;
}

export function addZoneCommands(program: Command): void {
  const group = program.command('zone').description('zones of the mainland tier (docs/zones.md)');
  addRotate(group);
  group
    .command('read')
    .description('every record of one zone as JSON lines, for the role that has its key; exit 3 when it is closed')
    .requiredOption('--config <file>', 'cloud.yaml')
    .addOption(new Option('--zone <name>', 'which zone').choices(ZONES).makeOptionMandatory())
    .requiredOption('--by <name>', 'who reads, as the log will name them')
    .requiredOption('--reason <text>', 'why, without a VIN in it')
    .requiredOption('--log <directory>', "the reader's own log, begun with `tongguan log begin`")
    .requiredOption('--log-origin <name>', 'its name')
    .requiredOption('--log-key <file>', 'PEM of its Ed25519 private key')
    .option('--json', 'JSON lines, which it writes in any case')
    .action(({ config, zone, by, reason, log, logOrigin, logKey }: Flags) =>
      run(async () => {
        const { zoneReadCommand } = await import('../../cloud/cli/zone-read.command.ts');
        const { openZone } = await import('../../cloud/open-zone.ts');
        const { commandAccess } = await import('../../cloud/open-access.ts');
        const around = processSurroundings('zone');
        const own = { directory: log, origin: logOrigin, keyFile: logKey };
        return zoneReadCommand(
          { config, zone, by, reason, log: own },
          { ...around, open: openZone, access: (loaded) => commandAccess('zones', loaded, readerOf(around), around) },
        );
      }),
    );
}

function addRotate(group: Command): void {
  group
    .command('rotate')
    .description('give a zone another key pair; start the cloud again afterwards')
    .requiredOption('--config <file>', 'cloud.yaml')
    .addOption(new Option('--zone <name>', 'which zone').choices(ZONES).makeOptionMandatory())
    .option('--json', 'one JSON object on standard output')
    .action(({ config, zone, json = false }: { config: string; zone: Zone; json?: boolean }) =>
      run(async () => {
        const { zoneRotateCommand } = await import('../../cloud/cli/zone-rotate.command.ts');
        const { rotateZone } = await import('../../cloud/rotate-zone.ts');
        return zoneRotateCommand({ config, zone, json }, { ...processSurroundings('zone'), rotate: rotateZone });
      }),
    );
}
