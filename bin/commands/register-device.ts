import { type Command, Option } from 'commander';
import type { StandingOrder } from '../../cloud/cli/device-standing.command.ts';
import { processSurroundings } from '../role-process.ts';
import { asks } from './asks.ts';
import { run } from './run.ts';

interface Flags {
  readonly config: string;
  readonly json?: boolean;
}

/** How devices stand: added to `tongguan register device`. */
export function addDeviceStandingCommands(device: Command): void {
  const withConfig = (command: Command): Command =>
    command
      .requiredOption('--config <file>', 'cloud.yaml; the cloud may run')
      .option('--json', 'one JSON object on standard output');
  withConfig(
    device.command('list').description('devices with their trust and the depth of their spools; no VIN'),
  ).action((flags: Flags) => run(() => carryOut(flags, { verb: 'list' })));
  withConfig(device.command('revoke').description('end its connections and refuse it from now on'))
    .argument('<device>', 'name of the device')
    .requiredOption('--reason <text>', 'why, as the log will say')
    .option('--by <name>', 'who decided it, as the log will name them', 'operator')
    .action((name: string, { by, reason, ...flags }: Flags & Record<'by' | 'reason', string>) =>
      run(() => carryOut(flags, { verb: 'revoke', device: name, by, reason })),
    );
  withConfig(device.command('trust').description('restore or lower how far a device is believed'))
    .argument('<device>', 'name of the device')
    .addOption(
      new Option('--to <state>', 'how far it is believed')
        .choices(['trusted', 'watched', 'barred'])
        .makeOptionMandatory(),
    )
    .requiredOption('--by <name>', 'who decided it, as the log will name them')
    .requiredOption('--reason <text>', 'why, as the log will say')
    .action((name: string, { to, by, reason, ...flags }: Flags & Record<'to' | 'by' | 'reason', string>) =>
      run(() => carryOut(flags, { verb: 'trust', device: name, to, by, reason })),
    );
}

async function carryOut({ config, json = false }: Flags, order: StandingOrder): Promise<number> {
  const { deviceStandingCommand } = await import('../../cloud/cli/device-standing.command.ts');
  const { sqliteDeviceRegister } = await import('../../cloud/adapters/sqlite-device-register.ts');
  const { findToldSpools } = await import('../../cloud/find-told-spools.ts');
  const around = processSurroundings('register');
  const access = await asks('register device list', around);
  return deviceStandingCommand(
    { config, json, order },
    { ...around, access, open: sqliteDeviceRegister, openSpools: (loaded) => findToldSpools(loaded, around.clock) },
  );
}
