import type { Command } from 'commander';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { flagsOf, withConfig } from './ask-flags.ts';
import { run } from './run.ts';
import { asPerson, KEY_FLAG } from './signed.ts';

interface Flags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
  readonly all?: boolean;
  readonly by: string;
  readonly to?: string;
  readonly reason?: string;
  readonly month: string;
  readonly remark: string;
  readonly key?: string;
}

const load = () => import('../../cloud/cli/alert.command.ts');

/** `tongguan alert list|show|own|acknowledge|close` and `tongguan audit list|run|sign`. */
export function addAlertCommands(program: Command): void {
  const alert = program.command('alert').description('what the rules over the logs have found (docs/alerts.md)');
  withConfig(alert.command('list').description('alerts that are not closed; exit 3 while one is open'))
    .option('--all', 'closed ones too')
    .action((options: Flags) =>
      run(async () => (await load()).alertListCommand({ ...flagsOf(options), all: options.all === true }, io())),
    );
  withConfig(alert.command('show').description('one alert, and all that was done about it'))
    .argument('<id>')
    .action((id: string, options: Flags) =>
      run(async () => (await load()).alertShowCommand({ ...flagsOf(options), id }, io())),
    );
  for (const [act, description] of ACTS) {
    const command = withConfig(alert.command(act).description(description))
      .argument('<id>')
      .requiredOption('--by <account>', 'account of the authority matrix; the log names its person')
      .option(...KEY_FLAG);
    if (act === 'own') command.option('--to <account>', 'somebody else whom it is given to');
    if (act === 'close') command.requiredOption('--reason <text>', 'why; it stands in the log, without VINs');
    command.action((id: string, { by, to, reason, ...options }: Flags) => {
      const more = { ...(to !== undefined && { owner: to }), ...(reason !== undefined && { reason }) };
      const said = { id, act, by, ...more };
      return run(() =>
        asPerson('alert', options, async (io) => (await load()).alertActCommand({ ...flagsOf(options), ...said }, io)),
      );
    });
  }
  addAuditCommands(program);
}

const ACTS = [
  ['own', 'take an alert on, or give it to somebody'],
  ['acknowledge', 'say that it was seen'],
  ['close', 'end it, with a reason; not one about an account of yours'],
] as const;

function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the monthly audit of the logs (docs/alerts.md)');
  withConfig(audit.command('list').description('months and their audits; exit 3 while one is overdue')).action(
    (options: Flags) => run(async () => (await load()).auditListCommand(flagsOf(options), io())),
  );
  withConfig(
    audit.command('run').description('count a month that is over, and enter it; the cloud does it of itself too'),
  )
    .requiredOption('--month <month>', 'YYYY-MM, mainland calendar')
    .requiredOption('--by <account>', 'account of the authority matrix')
    .option(...KEY_FLAG)
    .action(({ month, by, ...options }: Flags) => actAsPerson(options, { month, by }));
  withConfig(audit.command('sign').description('sign a month that was audited; not by the person who ran it'))
    .requiredOption('--month <month>', 'YYYY-MM, mainland calendar')
    .requiredOption('--by <account>', 'account of the authority matrix, of another person than who ran it')
    .requiredOption('--remark <text>', 'what was looked at and found')
    .option(...KEY_FLAG)
    .action(({ month, by, remark, ...options }: Flags) => actAsPerson(options, { month, by, remark }));
}

function actAsPerson(
  options: Omit<Flags, 'month' | 'by' | 'remark'>,
  said: { readonly month: string; readonly by: string; readonly remark?: string },
): Promise<void> {
  return run(() =>
    asPerson('audit', options, async (io) => (await load()).auditActCommand({ ...flagsOf(options), ...said }, io)),
  );
}

function io() {
  return { ...processSurroundings('alert'), ask: askCloud };
}
