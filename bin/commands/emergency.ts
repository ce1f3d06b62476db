import type { Command } from 'commander';
import { writeNewWhole } from '../../proto/config/write-whole.ts';
import { processSurroundings } from '../role-process.ts';
import { askCloud } from '../up/request.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';
import { asPerson, KEY_FLAG } from './signed.ts';

interface Flags {
  readonly config?: string;
  readonly data?: string;
  readonly socket?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly key?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

export function addEmergencyCommands(program: Command): void {
  const emergency = program
    .command('emergency')
    .description('stop all exports at once, and resume them with two persons (docs/emergency.md)');
  const placed = (command: Command): Command =>
    command
      .option('--config <file>', 'cloud.yaml')
      .option('--data <directory>', 'data directory of `tongguan up`')
      .option('--socket <file>', 'socket of a running cloud')
      .option('--json', 'one JSON object on standard output')
      .addOption(languageFlag());
  placed(
    emergency
      .command('stop')
      .description('cut what is being sent, withdraw permits, withhold requests; works without the cloud'),
  )
    .requiredOption('--reason <text>', 'one line, as the log will have it')
    .option('--by <name>', 'who stops; the account that runs the command where it is left out')
    .option('--report <file>', 'draft of the report to the regulator, Markdown; it must not exist')
    .action((options: Flags) =>
      run(async () => {
        const { emergencyStopCommand } = await import('../../cloud/cli/emergency.command.ts');
        return emergencyStopCommand(
          { ...argsOf(options), reason: options.reason ?? '', ...reportOf(options) },
          await io(),
        );
      }),
    );
  placed(emergency.command('status').description('the stop in force; exit 3 while there is one'))
    .option('--report <file>', 'draft of the report to the regulator, Markdown; it must not exist')
    .action((options: Flags) =>
      run(async () => {
        const { emergencyStatusCommand } = await import('../../cloud/cli/emergency.command.ts');
        return emergencyStatusCommand({ ...argsOf(options), ...reportOf(options) }, await io());
      }),
    );
  placed(emergency.command('resume').description("one person's word that exports may go on; two are wanted"))
    .requiredOption('--by <account>', 'account of the authority matrix that may `resume`')
    .option(...KEY_FLAG)
    .action((options: Flags) =>
      run(async () => {
        const { emergencyResumeCommand } = await import('../../cloud/cli/emergency.command.ts');
        const surroundings = await io();
        return asPerson('emergency', options, ({ ask }) =>
          emergencyResumeCommand(argsOf(options), { ...surroundings, ask }),
        );
      }),
    );
}

function argsOf({ config, data, socket, by, json = false, lang }: Flags) {
  return {
    ...(config !== undefined && { config }),
    ...(data !== undefined && { data }),
    ...(socket !== undefined && { socket }),
    by: by ?? processSurroundings('emergency').environment['USER'] ?? 'unknown',
    json,
    language: lang === 'zh' ? ('zh' as const) : ('en' as const),
  };
}

const reportOf = ({ report }: Flags) => (report === undefined ? {} : { report });

/** The cloud's word comes within it, or it hangs. */
const LATE_MS = 5_000;

async function io() {
  const { stopMarkFiles } = await import('../../cloud/adapters/stop-mark-files.ts');
  const surroundings = processSurroundings('emergency');
  const byte = (): string =>
    Math.floor(surroundings.chance() * 256)
      .toString(16)
      .padStart(2, '0');
  return {
    ...surroundings,
    ask: askCloud,
    draw: (bytes: number) => Array.from({ length: bytes }, byte).join(''),
    mark: stopMarkFiles,
    lateMs: LATE_MS,
    write: (path: string, text: string) => writeNewWhole(path, text, 0o640),
  };
}
