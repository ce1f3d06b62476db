import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { CloudRole } from '../../cloud/composition/open-flow.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings, servingSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { flagsOf, languageFlag, withConfig } from './ask-flags.ts';
import { addLogCommands } from './log.ts';
import { addDeviceStandingCommands } from './register-device.ts';
import { addRegisterTerminalCommand } from './register-terminal.ts';
import { addRulesCommands, type RulesFlags, rulesFlagsOf } from './rules.ts';
import { run } from './run.ts';
import { asPerson, KEY_FLAG } from './signed.ts';

interface Flags {
  readonly config: string;
  readonly initialise?: boolean;
  readonly key?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

export function addCloudCommands(program: Command): void {
  program
    .command('cloud')
    .description('the mainland tier: admit, recheck, classify, partition, decide (docs/cloud.md)')
    .requiredOption('--config <file>', 'cloud.yaml')
    .option('--initialise', 'make directories and begin the logs, once, and exit')
    .addOption(
      new Option('--role <role>', 'the part this process has in a record log (docs/kafka.md)')
        .choices(['all', 'ingress', 'classify', 'api'])
        .default('all'),
    )
    .option('--standby', 'wait while another process leads, and take over when it ends (docs/deploying.md)')
    .action((options: Flags & { readonly role: CloudRole; readonly standby?: boolean }) =>
      run(async () => {
        const { runCloudRole } = await import('../../cloud/main.ts');
        const { config, initialise = false, role, standby: standsBy = false } = options;
        return runCloudRole(config, initialise, servingSurroundings('cloud'), { role, standsBy });
      }),
    );
  program
    .command('decide')
    .description('the verdict on a facts file: may this transfer go, under which article, what is missing')
    .argument('[facts]', 'YAML or JSON, docs/transfer-facts.md')
    .option('--rules <file>', "an operator's rows of law (docs/law.md)")
    .option('--schema', 'decide nothing: the form of a facts file, as JSON Schema')
    .option('--json', 'the verdict as one JSON object on standard output')
    .addOption(languageFlag())
    .action((path: string | undefined, options: Flags & RulesFlags & { schema?: boolean }, command: Command) =>
      run(async () => {
        const { schema = false } = options;
        // Not both: the exit status of a schema would be taken for that of a verdict.
        if (schema === (path !== undefined)) command.error('error: name a facts file, or ask for `--schema` alone');
        if (path === undefined) {
          return (await import('../../cloud/cli/schema.command.ts')).factsSchemaCommand(io('decide'));
        }
        const { decideCommand } = await import('../../cloud/cli/decide.command.ts');
        return decideCommand({ path, ...rulesFlagsOf(options) }, io('decide'));
      }),
    );
  addRulesCommands(program);
  addTransferCommands(program);
  addEvidenceCommands(program);
}

function addTransferCommands(program: Command): void {
  const transfer = program.command('transfer').description('ask for a transfer abroad, and see what became of it');
  withConfig(transfer.command('request').description('ask for one; exit 0 permitted, 3 withheld'))
    .requiredOption('--dataset <id>', 'dataset of the configuration')
    .requiredOption('--recipient <id>', 'registered recipient')
    .requiredOption('--purpose <id>', 'purpose registered for the recipient')
    .requiredOption('--by <name>', 'who asks, as the log will name them')
    .option('--claim <number...>', 'exemptions of G26 I(3) that are claimed; each needs its evidence')
    .option(...KEY_FLAG)
    .action((options: Flags & Record<'dataset' | 'recipient' | 'purpose' | 'by', string> & { claim?: string[] }) =>
      run(async () => {
        const { transferRequestCommand } = await import('../../cloud/cli/transfer.command.ts');
        const { dataset, recipient, purpose, by: requestedBy, claim = [] } = options;
        const asked = { dataset, recipient, purpose, requestedBy, claims: claim.map(Number) };
        const args = { ...flagsOf(options), ...asked };
        const { note, end } = await progressBar(args);
        const patience = { note, wait: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) };
        return asPerson('transfer', options, (signed) =>
          transferRequestCommand(args, { ...signed, ...patience }),
        ).finally(end);
      }),
    );
  transfer
    .command('plan')
    .description('routes open to a planned transfer, what each takes and wants; exit 3 when there is none')
    .argument('[facts]', 'YAML or JSON, docs/transfer-facts.md; without it the running cloud is asked')
    .option('--rules <file>', "an operator's rows of law (docs/law.md); of a facts file")
    .option('--config <file>', 'cloud.yaml of the running cloud')
    .option('--dataset <id>', 'dataset of the configuration')
    .option('--recipient <id>', 'registered recipient')
    .option('--purpose <id>', 'purpose registered for the recipient')
    .option('--claim <number...>', 'exemptions of G26 I(3) that would be claimed')
    .option('--json', 'one JSON object on standard output')
    .addOption(languageFlag())
    .action((path: string | undefined, options: PlanFlags) => run(() => plan(path, options)));
  withConfig(transfer.command('show <id>').description('one transfer, its approvals, and what is approved')).action(
    (id: string, options: Flags) =>
      run(async () => {
        const { transferShowCommand } = await import('../../cloud/cli/transfer.command.ts');
        return transferShowCommand({ ...flagsOf(options), id }, transferIo());
      }),
  );
  addApprovalCommands(transfer);
  withConfig(transfer.command('list').description('all transfers with their states')).action((options: Flags) =>
    run(async () => {
      const { transferListCommand } = await import('../../cloud/cli/transfer.command.ts');
      return transferListCommand(flagsOf(options), transferIo());
    }),
  );
}

function addApprovalCommands(transfer: Command): void {
  withConfig(transfer.command('approve <id>').description('approve one that waits; exit 3 when it is withheld now'))
    .requiredOption('--by <account>', 'account of the authority matrix')
    .option('--seen <sha256>', '`manifestSha256` of what was looked at, as `show` tells it; else what waits now')
    .option(...KEY_FLAG)
    .action((id: string, options: Flags & Record<'by', string>) => approval(id, options));
  withConfig(transfer.command('reject <id>').description('end one that waits'))
    .requiredOption('--by <account>', 'account of the authority matrix')
    .requiredOption('--reason <text>', 'one line, as the log will have it')
    .option(...KEY_FLAG)
    .action((id: string, options: Flags & Record<'by' | 'reason', string>) => approval(id, options));
  withConfig(transfer.command('counts').description('persons of the year by route, bytes by dataset and channel'))
    .option('--year <year>', 'another year than this one, Asia/Shanghai')
    .action((options: Flags & { readonly year?: string }) =>
      run(async () => {
        const { transferCountsCommand } = await import('../../cloud/cli/transfer-counts.command.ts');
        const { year } = options;
        return transferCountsCommand({ ...flagsOf(options), ...(year === undefined ? {} : { year }) }, transferIo());
      }),
    );
}

type PlanFlags = Omit<Flags, 'config'> &
  RulesFlags &
  Partial<Record<'config' | 'dataset' | 'recipient' | 'purpose', string>> & { readonly claim?: readonly string[] };

async function plan(path: string | undefined, options: PlanFlags): Promise<number> {
  const { config, dataset, recipient, purpose, claim = [] } = options;
  const { transferPlanCommand, transferPlanLiveCommand } = await import('../../cloud/cli/transfer-plan.command.ts');
  const named = [config, dataset, recipient, purpose];
  if (path !== undefined && named.every((one) => one === undefined)) {
    return transferPlanCommand({ path, ...rulesFlagsOf(options) }, io('transfer'));
  }
  if (path !== undefined || !config || !dataset || !recipient || !purpose) {
    transferIo().err('usage: tongguan transfer plan FACTS | --config FILE --dataset ID --recipient ID --purpose ID');
    return USAGE;
  }
  const asked = { dataset, recipient, purpose, claims: claim.map(Number) };
  return transferPlanLiveCommand({ ...flagsOf({ ...options, config }), ...asked }, transferIo());
}

const USAGE = 2;

const approval = (id: string, options: Flags & SignedFlags): Promise<void> =>
  run(async () => {
    const { transferApprovalCommand } = await import('../../cloud/cli/transfer.command.ts');
    const { by, reason, seen } = options;
    const more = { ...(reason !== undefined && { reason }), ...(seen !== undefined && { seen }) };
    const args = { ...flagsOf(options), id, by, ...more };
    return asPerson('transfer', options, (signed) => transferApprovalCommand(args, signed));
  });

interface SignedFlags {
  readonly by: string;
  readonly reason?: string;
  readonly seen?: string;
  readonly key?: string;
}

function addEvidenceCommands(program: Command): void {
  const register = program.command('register').description('registers of the mainland tier');
  addRegisterTerminalCommand(register);
  const device = register
    .command('device')
    .description('TCUs that may send: their certificates and VINs, and how far they are believed');
  addDeviceStandingCommands(device);
  device
    .command('import')
    .argument('<list>', 'JSON list of {vinFile, certificateFile}, or lines of {vin, publicKey}')
    .requiredOption('--config <file>', 'cloud.yaml')
    .option('--json', 'one JSON object on standard output')
    .action((file: string, options: Flags) =>
      run(async () => {
        const { registerDeviceCommand } = await import('../../cloud/cli/register-device.command.ts');
        const { sqliteDeviceRegister } = await import('../../cloud/adapters/sqlite-device-register.ts');
        const add = (
          registerFile: string,
          devices: Parameters<ReturnType<typeof sqliteDeviceRegister>['add']>[0],
        ): number => {
          const register = sqliteDeviceRegister(registerFile);
          const added = register.add(devices);
          register.close();
          return added;
        };
        const { config, json = false } = options;
        return registerDeviceCommand({ config, file, json }, { ...processSurroundings('register'), add });
      }),
    );
  addLogCommands(program);
}

function transferIo() {
  return { ...processSurroundings('transfer'), ask: askCloud };
}

function io(role: string) {
  const { out, err } = processSurroundings(role);
  return { out, err, readFile: (path: string) => readFile(path, 'utf8') };
}
