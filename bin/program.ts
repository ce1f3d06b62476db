import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT } from '../proto/config/role.ts';
import { addAccountCommands } from './commands/account.ts';
import { addAlertCommands } from './commands/alert.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBorderCommands } from './commands/border.ts';
import { addCatalogueCommands } from './commands/catalogue.ts';
import { addClassifyCommand } from './commands/classify.ts';
import { addCloudCommands } from './commands/cloud.ts';
import { addConfigCommands } from './commands/config.ts';
import { addDatasetCommands } from './commands/dataset.ts';
import { addDeleteCommands } from './commands/delete.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEdgeCommands } from './commands/edge.ts';
import { addEmergencyCommands } from './commands/emergency.ts';
import { addHelpCommands } from './commands/help.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addOtaCommands } from './commands/ota.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addRegisterCommands } from './commands/register.ts';
import { addReportCommand } from './commands/report.ts';
import { addSimCommands } from './commands/sim.ts';
import { addTerminalCommands } from './commands/terminal.ts';
import { addTrafficCommands } from './commands/traffic.ts';
import { addUpCommand } from './commands/up.ts';
import { addZoneCommands } from './commands/zone.ts';
import { addHelp } from './help/add-help.ts';

/**
 * The `tongguan` command. Each role's code is loaded only when it is asked for.
 *
 * @param manifest - package.json; it lies above what is compiled
 */
export function program(manifest: URL = new URL('../../package.json', import.meta.url)): Command {
  const command = new Command('tongguan')
    .description(
      'connected-vehicle telematics gateway: minimise on the vehicle, keep at home, decide each transfer, prove it',
    )
    .enablePositionalOptions()
    .version(version(manifest))
    .showHelpAfterError('(add --help for usage)')
    .exitOverride((ending) => {
      // Help and version are what was asked for; everything else is a usage mistake.
      process.exit(ending.exitCode === 0 ? EXIT.done : EXIT.usage);
    });
  addUpCommand(command);
  addEdgeCommands(command);
  addCloudCommands(command);
  addPolicyCommands(command);
  addOtaCommands(command);
  addRegisterCommands(command);
  addCatalogueCommands(command);
  addDatasetCommands(command);
  addClassifyCommand(command);
  addDeleteCommands(command);
  addZoneCommands(command);
  addAccountCommands(command);
  addAlertCommands(command);
  addBackupCommands(command);
  addMigrateCommand(command);
  addBorderCommands(command);
  addTrafficCommands(command);
  addReportCommand(command);
  addEmergencyCommands(command);
  addSimCommands(command);
  addTerminalCommands(command);
  addConfigCommands(command);
  addDoctorCommand(command);
  addHelpCommands(command);
  addHelp(command);
  return command;
}

function version(manifest: URL): string {
  const text = readFileSync(manifest, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
