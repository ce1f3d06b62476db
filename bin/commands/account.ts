import { type Command, Option } from 'commander';
import { ROLES } from '../../cloud/accounts/role.ts';
import type { AccountOrder } from '../../cloud/cli/account.command.ts';
import { type AskFlags, flagsOf, withConfig } from './ask-flags.ts';
import { run } from './run.ts';
import { asPerson, KEY_FLAG } from './signed.ts';

interface Flags extends AskFlags {
  readonly by: string;
  readonly role: readonly string[];
  readonly subject?: string;
  readonly key?: string;
}

/** `tongguan account list|add|role|disable|enable|reset|vouch`. */
export function addAccountCommands(program: Command): void {
  const account = program
    .command('account')
    .description('who may log in to the console, and as what (docs/accounts.md)');
  withConfig(account.command('list').description('accounts, their persons and roles')).action((flags: Flags) =>
    order(flags, { act: 'list' }),
  );
  const acts = (verb: string, description: string): Command =>
    withConfig(account.command(verb).description(description))
      .argument('<name>', 'account, as the register `principal` has it')
      .requiredOption('--by <account>', 'who does it, as the log will name them');
  acts('add', 'make one; prints a link to set its password')
    .addOption(rolesFlag())
    .option('--subject <sub>', 'subject at the identity provider, for who logs in there')
    .action((name: string, flags: Flags) =>
      order(flags, { act: 'add', name, by: flags.by, roles: flags.role, subject: flags.subject }),
    );
  acts('role', 'give it these roles in place of those it has')
    .addOption(rolesFlag())
    .action((name: string, flags: Flags) => order(flags, { act: 'role', name, by: flags.by, roles: flags.role }));
  for (const [act, description] of ACTS) {
    acts(act, description).action((name: string, flags: Flags) => order(flags, { act, name, by: flags.by }));
  }
  acts('vouch', 'answer for credentials that somebody set anew: your own, or those of another')
    .option(...KEY_FLAG)
    .action((name: string, flags: Flags) => order(flags, { act: 'vouch', name, by: flags.by }));
}

const rolesFlag = (): Option =>
  new Option('--role <name...>', 'what it may do; several with spaces between').choices(ROLES).makeOptionMandatory();

const ACTS = [
  ['disable', 'let it log in no more, from now on'],
  ['enable', 'let it log in again'],
  ['reset', 'take its password and second factor; prints a link to set new ones'],
] as const;

function order(flags: Flags, wanted: AccountOrder): Promise<void> {
  return run(async () => {
    const { accountCommand } = await import('../../cloud/cli/account.command.ts');
    return asPerson('account', flags, (io) => accountCommand({ ...flagsOf(flags), order: wanted }, io));
  });
}
