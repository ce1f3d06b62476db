import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { type AskFlags, flagsOf, withConfig } from './ask-flags.ts';
import { run } from './run.ts';

interface SigningFlags {
  readonly key: string;
  readonly out: string;
  readonly json?: boolean;
}

type BuildFlags = SigningFlags & Readonly<Record<'source' | 'ecu' | 'version' | 'label', string>>;
type CampaignFlags = SigningFlags & Readonly<Record<'package' | 'image' | 'vehicles', string>>;

interface HaltFlags extends AskFlags {
  readonly by: string;
  readonly reason?: string;
}

/** `tongguan ota build|campaign|status|stop|start`. */
export function addOtaCommands(program: Command): void {
  const ota = program.command('ota').description('software updates of vehicles (docs/ota.md)');
  ota
    .command('build')
    .description('sign the package of one ECU, and say what has to be filed')
    .argument('<image>', 'image of the ECU')
    .requiredOption('--source <directory>', 'source tree it was built from')
    .requiredOption('--ecu <name>', 'name of the ECU')
    .requiredOption('--version <number>', 'whole number that only rises')
    .requiredOption('--label <text>', 'the same for a person, such as 1.4.0')
    .requiredOption('--key <file>', 'PEM of the Ed25519 update key')
    .requiredOption('--out <file>', 'where the package goes')
    .option('--json', 'one JSON object on standard output')
    .action((image: string, options: BuildFlags) => run(() => build(image, options)));
  ota
    .command('campaign')
    .description('sign a campaign and give it to its vehicles')
    .argument('<file>', 'YAML')
    .requiredOption('--package <file>', 'as `ota build` wrote it')
    .requiredOption('--image <file>', 'image of the ECU')
    .requiredOption('--vehicles <file>', 'ids of devices, one a line')
    .requiredOption('--key <file>', 'PEM of the Ed25519 update key')
    .requiredOption('--out <directory>', 'directory of campaigns, `updates.directory` of cloud.yaml')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, options: CampaignFlags) => run(() => campaign(file, options)));
  withConfig(
    ota.command('status').description('campaigns, what holds each back, and how many vehicles are how far'),
  ).action((options: AskFlags) =>
    run(async () => {
      const { otaStatusCommand } = await import('../../cloud/cli/ota-status.command.ts');
      return otaStatusCommand(flagsOf(options), { ...processSurroundings('ota'), ask: askCloud });
    }),
  );
  withConfig(ota.command('stop').description('offer a campaign no more; who has not begun to install lets it go'))
    .argument('<id>', 'campaign')
    .requiredOption('--by <account>', 'who does it, as the log will name them')
    .requiredOption('--reason <text>', 'why; it stands in the register')
    .action((id: string, options: HaltFlags) => run(() => halt(id, options)));
  withConfig(ota.command('start').description('let a campaign that was stopped go on, as far as the register lets it'))
    .argument('<id>', 'campaign')
    .requiredOption('--by <account>', 'who does it, as the log will name them')
    .action((id: string, options: HaltFlags) => run(() => halt(id, options)));
}

async function halt(id: string, { by, reason, ...options }: HaltFlags): Promise<number> {
  const { otaHaltCommand } = await import('../../cloud/cli/ota-halt.command.ts');
  const args = { ...flagsOf(options), id, by, ...(reason !== undefined && { reason }) };
  return otaHaltCommand(args, { ...processSurroundings('ota'), ask: askCloud });
}

async function build(image: string, { key, version, json = false, ...options }: BuildFlags): Promise<number> {
  const { otaBuildCommand } = await import('../../cloud/cli/ota-build.command.ts');
  const { writeWhole } = await import('../../proto/config/write-whole.ts');
  const args = { image, keyFile: key, version: Number(version), json, ...options };
  return otaBuildCommand(args, { ...processSurroundings('ota'), write: writeWhole });
}

async function campaign(file: string, { key, json = false, ...options }: CampaignFlags): Promise<number> {
  const { otaCampaignCommand } = await import('../../cloud/cli/ota-campaign.command.ts');
  const { replaceDirectory } = await import('../../cloud/adapters/replace-directory.ts');
  const { package: packageFile, image, vehicles, out } = options;
  const io = { ...processSurroundings('ota'), replaceDirectory };
  return otaCampaignCommand({ file, packageFile, image, vehicles, keyFile: key, out, json }, io);
}
