import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Patience } from '../../cloud/cli/until-decided.ts';
import { REGISTER_TITLES } from '../../cloud/registers/kind-titles.table.ts';
import { EXIT } from '../../proto/config/role.ts';
import { progressBar } from '../progress-bar.ts';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { flagsOf, withConfig } from './ask-flags.ts';
import { run } from './run.ts';
import { asPerson, KEY_FLAG } from './signed.ts';

interface Flags {
  readonly config: string;
  readonly by: string;
  readonly json?: boolean;
  readonly lang?: string;
  readonly replace?: boolean;
  readonly yaml?: boolean;
  readonly calendar?: boolean;
  readonly reason: string;
  readonly seen: string;
  readonly key?: string;
}

/** `tongguan register KIND add|import|schema|list|show|export|attach|confirm|withdraw`, for every kind of the table, and `register due`. */
export function addRegisterCommands(program: Command): void {
  // `register device` was there before.
  const register = program.commands.find((one) => one.name() === 'register') ?? program.command('register');
  register.description('registers of the mainland tier (docs/registers.md)');
  register
    .command('kinds')
    .description('the registers there are')
    .option('--json', 'one JSON object on standard output')
    .action(({ json = false }: { json?: boolean }) =>
      run(async () => {
        const { out } = processSurroundings('register');
        const kinds = Object.entries(REGISTER_TITLES).map(([id, title]) => ({ id, title }));
        if (json) out(JSON.stringify({ kinds }));
        else for (const { id, title } of kinds) out(`${id}  ${title.en}  ${title.zh}`);
        return EXIT.done;
      }),
    );
  withConfig(register.command('due').description('every clock that runs; exit 3 when one has run out'))
    .option('--calendar', 'as iCalendar text')
    .action((options: Flags) =>
      run(async () => {
        const { registerDueCommand } = await import('../../cloud/cli/register.command.ts');
        const { calendarOf } = await import('../../cloud/adapters/icalendar.ts');
        const calendar = (items: Parameters<typeof calendarOf>[0], language: 'en' | 'zh') =>
          calendarOf(items, language, io().clock.now());
        const args = { ...flagsOf(options), calendar: options.calendar === true };
        return registerDueCommand(args, { ...io(), calendarOf: calendar });
      }),
    );
  addPersons(register);
  for (const [id, title] of Object.entries(REGISTER_TITLES)) addKind(register, id, title.en);
}

function addPersons(register: Command): void {
  const person = register.command('person').description('natural persons behind vehicles, kept as keyed digests');
  withConfig(person.command('import').description('link persons to vehicles (docs/registers.md)'))
    .argument('<file>', 'YAML or JSON list of {vinFile, persons: [{pseudonym, role}]}')
    .requiredOption('--by <account>', 'who does it, as the log will name them')
    .action((file: string, options: Flags) =>
      run(async () => {
        const { registerPersonCommand } = await import('../../cloud/cli/register-person.command.ts');
        return withBar(options, (bar) =>
          registerPersonCommand({ ...flagsOf(options), file, by: options.by }, { ...io(), ...bar }),
        );
      }),
    );
}

function addKind(register: Command, kind: string, title: string): void {
  const command = register.command(kind).description(title);
  for (const [name, description] of WRITES) {
    withConfig(command.command(name).description(description))
      .argument('<file>', 'YAML or JSON, one entry or a list (docs/registers.md)')
      .requiredOption('--by <account>', 'who does it, as the log will name them')
      .option('--replace', 'change entries that exist, in place of adding')
      .option(...KEY_FLAG)
      .action((file: string, options: Flags) =>
        run(async () => {
          const { registerAddCommand } = await import('../../cloud/cli/register.command.ts');
          const { by, replace = false } = options;
          const args = { ...flagsOf(options), kind, file, by, replace };
          return asPerson('register', options, (signed) =>
            withBar(options, (bar) => registerAddCommand(args, { ...signed, ...bar })),
          );
        }),
      );
  }
  command
    .command('schema')
    .description('the form of an entry, as JSON Schema; asks no cloud')
    .action(() =>
      run(async () => (await import('../../cloud/cli/schema.command.ts')).registerSchemaCommand(kind, io())),
    );
  addReads(command, kind);
  withConfig(command.command('attach').description('keep a document beside an entry, under its hash'))
    .argument('<id>')
    .argument('<file>')
    .requiredOption('--by <account>', 'who does it, as the log will name them')
    .action((id: string, file: string, options: Flags) =>
      run(async () => {
        const { registerAttachCommand } = await import('../../cloud/cli/register.command.ts');
        return registerAttachCommand({ ...flagsOf(options), kind, id, file, by: options.by }, io());
      }),
    );
  addSettling(command, kind);
}

/** What a second person does, and how an entry ends. */
function addSettling(command: Command, kind: string): void {
  withConfig(command.command('confirm').description('let a change stand that another person wrote'))
    .argument('<id>')
    .requiredOption('--by <account>', 'who confirms, as the log will name them')
    .requiredOption('--seen <version>', 'version of the entry that you have looked at, as `show` tells it')
    .option(...KEY_FLAG)
    .action((id: string, options: Flags) =>
      run(async () => {
        const { registerConfirmCommand } = await import('../../cloud/cli/register.command.ts');
        const args = { ...flagsOf(options), kind, id, by: options.by, seen: Number(options.seen) };
        return asPerson('register', options, (signed) => registerConfirmCommand(args, signed));
      }),
    );
  withConfig(command.command('withdraw').description('take an entry out of use; it stays on record'))
    .argument('<id>')
    .requiredOption('--by <account>', 'who does it, as the log will name them')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: Flags) =>
      run(async () => {
        const { registerWithdrawCommand } = await import('../../cloud/cli/register.command.ts');
        const { by, reason } = options;
        return registerWithdrawCommand({ ...flagsOf(options), kind, id, by, reason }, io());
      }),
    );
}

const WRITES = [
  ['add', 'add an entry'],
  ['import', 'add many, as `export` wrote them'],
] as const;

function addReads(command: Command, kind: string): void {
  const show = (options: Flags, more: { readonly id?: string; readonly yaml?: boolean }): Promise<void> =>
    run(async () => {
      const { registerShowCommand } = await import('../../cloud/cli/register.command.ts');
      return registerShowCommand({ ...flagsOf(options), kind, ...more }, io());
    });
  withConfig(command.command('list').description('entries as they stand')).action((options: Flags) =>
    show(options, {}),
  );
  withConfig(command.command('export').description('current entries as YAML, for `import`')).action((options: Flags) =>
    show(options, { yaml: true }),
  );
  withConfig(command.command('show').description('one entry, and whether its documents are whole'))
    .argument('<id>')
    .action((id: string, options: Flags) => show(options, { id }));
}

/** With a bar where somebody sees one; it is gone before anything is printed that stays. */
async function withBar<T>({ json = false }: Flags, work: (patience: Patience) => Promise<T>): Promise<T> {
  const { note, end } = await progressBar({ json });
  try {
    return await work({ note, wait });
  } finally {
    end();
  }
}

function io() {
  return { ...processSurroundings('register'), ask: askCloud };
}
