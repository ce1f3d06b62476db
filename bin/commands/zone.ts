import { type Command, Option } from 'commander';
import { ZONES, type Zone } from '../../proto/words/data-class.ts';
import { processSurroundings, readerOf } from '../role-process.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly zone: Zone;
  readonly reason: string;
}

export function addZoneCommands(program: Command): void {
  const group = program.command('zone').description('zones of the mainland tier (docs/zones.md)');
  addRotate(group);
  group
    .command('read')
    .description('every record of one zone as JSON lines, for the role that has its key; exit 3 when it is closed')
    .requiredOption('--config <file>', 'cloud.yaml')
    .addOption(new Option('--zone <name>', 'which zone').choices(ZONES).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, without a VIN in it')
    .option('--json', 'JSON lines, which it writes in any case')
    .action(({ config, zone, reason }: Flags) =>
      run(async () => {
        const { zoneReadCommand } = await import('../../cloud/cli/zone-read.command.ts');
        const { openZone } = await import('../../cloud/composition/open-zone.ts');
        const around = processSurroundings('zone');
        const io = { ...around, open: openZone, access: await asks('zone read', around) };
        return zoneReadCommand({ config, zone, reason }, io);
      }),
    );
}

function addRotate(group: Command): void {
  group
    .command('rotate')
    .description('give a zone another key pair; stop the cloud before, start it again afterwards')
    .requiredOption('--config <file>', 'cloud.yaml')
    .addOption(new Option('--zone <name>', 'which zone').choices(ZONES).makeOptionMandatory())
    .option('--json', 'one JSON object on standard output')
    .action(({ config, zone, json = false }: { config: string; zone: Zone; json?: boolean }) =>
      run(async () => {
        const { zoneRotateCommand } = await import('../../cloud/cli/zone-rotate.command.ts');
        const { rotateOnRecord } = await import('../../cloud/rotate-on-record.ts');
        const around = processSurroundings('zone');
        const io = { ...around, uid: readerOf(around).uid, rotate: rotateOnRecord };
        return zoneRotateCommand({ config, zone, json }, io);
      }),
    );
}
