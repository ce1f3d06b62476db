import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { SEED_CHARACTERS_MAX } from '../options.ts';
import { SIM_PROTOCOLS, type SimProtocol } from './codec.ts';
import type { SimPlatform } from './gb-dialect.ts';
import { runPlatform } from './platform-run.ts';
import { provisionTerminals } from './provision.ts';
import { runTerminals, type TerminalSimIo, type TerminalSummary } from './run-terminals.ts';

export interface TerminalSimCommandIo extends Omit<TerminalSimIo, 'onProgress'> {
  /** Results, one line. */
  readonly out: (line: string) => void;
  /** Words for people, one line. */
  readonly err: (line: string) => void;
}

interface Flags {
  readonly protocol: SimProtocol;
  readonly vehicles: number;
  readonly seed: string;
  readonly host: string;
  readonly port?: number;
  readonly every: number;
  readonly reports: number;
  readonly connectRate: number;
  readonly provision?: string;
  readonly source: readonly string[];
  readonly platform?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly json?: boolean;
}

const TERMINALS_MAX = 20_000;
const REPORTS_MAX = 1_000_000;
const EVERY_SECONDS_MAX = 3_600;
const CONNECT_RATE_MAX = 10_000;

/** `tongguan sim --protocol ...`: terminals of a national standard against a running cloud (docs/terminals.md). */
export async function terminalSimCommand(args: readonly string[], io: TerminalSimCommandIo): Promise<number> {
  let help = '';
  const command = terminalSimFlags()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    const isHelp = cause.code === 'commander.helpDisplayed';
    io.err(isHelp ? help : renderFault('sim', usage(cause.message)));
    return isHelp ? EXIT.done : EXIT.usage;
  }
  const flags = command.opts<Flags>();
  if (flags.provision !== undefined) return provision({ ...flags, provision: flags.provision }, io);
  if (flags.port === undefined) {
    io.err(renderFault('sim', usage('--port, or --provision, is needed')));
    return EXIT.usage;
  }
  const { every, port, ...options } = flags;
  const account = platformOf(flags);
  if (!account.ok) {
    io.err(renderFault('sim', account.fault));
    return EXIT.usage;
  }
  const say = (summary: TerminalSummary): void => io.err(`sim: ${textOf(summary)}`);
  const order = { ...options, port, everyMs: every * 1_000 };
  const around = { ...io, onProgress: say };
  const summary = await (account.value === undefined
    ? runTerminals(order, around)
    : runPlatform(account.value, order, around));
  io.out(flags.json === true ? JSON.stringify(summary) : textOf(summary));
  if (summary.connected === 0) io.err(renderFault('sim', unconnected(flags.host, port)));
  else if (summary.loggedIn === 0) io.err(renderFault('sim', unknownThere()));
  return summary.acknowledged === summary.sent && summary.loggedIn >= summary.terminals ? EXIT.done : EXIT.fault;
}

/** @returns nothing where each vehicle speaks for itself */
function platformOf({ protocol, platform, user, passwordFile }: Flags): Result<SimPlatform | undefined, Fault> {
  if (platform === undefined) return ok(undefined);
  if (protocol === 'jt808' || user === undefined || passwordFile === undefined)
    return fail(usage('--platform needs --user and --password-file, and GB/T 32960'));
  try {
    const password = readFileSync(passwordFile, 'utf8').trim();
    return ok({ edition: protocol === 'gb32960-2025' ? 2025 : 2016, id: platform, user, password });
  } catch (cause) {
    return fail(usage(causeText(cause)));
  }
}

function textOf({ terminals, loggedIn, sent, acknowledged, refused, unanswered, broken }: TerminalSummary): string {
  const reports = `${sent} reports sent, ${acknowledged} acknowledged, ${refused} refused, ${unanswered} unanswered`;
  return `${loggedIn} logins of ${terminals} terminals, ${reports}, ${broken} connections broken`;
}

function provision(flags: Flags & { readonly provision: string }, io: TerminalSimCommandIo): number {
  try {
    const { protocol, vehicles, seed, source: sources, platform } = flags;
    const list = provisionTerminals({ protocol, vehicles, seed, directory: flags.provision, sources, platform });
    io.out(flags.json === true ? JSON.stringify({ list, terminals: vehicles }) : list);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('sim', unprovisioned(causeText(cause))));
    return EXIT.fault;
  }
}

/** The flags, for whoever only has to show them. */
export function terminalSimFlags(): Command {
  return new Command('tongguan sim')
    .description('terminals of a national standard, against a running cloud')
    .requiredOption('--protocol <name>', SIM_PROTOCOLS.join(', '), protocolName)
    .option('--vehicles <count>', 'how many terminals', wholeUpTo(TERMINALS_MAX), 20)
    .option('--seed <text>', 'same seed, same terminals', seedText, 'tongguan')
    .option('--host <address>', 'of the port for terminals', '127.0.0.1')
    .option('--port <number>', 'of the port for terminals', wholeUpTo(65_535))
    .option('--every <seconds>', 'between two reports of one terminal', wholeUpTo(EVERY_SECONDS_MAX), 10)
    .option('--reports <count>', 'of each terminal; then it logs out', wholeUpTo(REPORTS_MAX), 6)
    .option('--connect-rate <count>', 'new connections in a second', wholeUpTo(CONNECT_RATE_MAX), 500)
    .option('--provision <directory>', 'connect nobody; write there what `register terminal import` takes')
    .option('--source <network...>', 'with --provision: where they may come from, as CIDR', ['127.0.0.0/8'])
    .option(
      '--platform <id>',
      'one connection, as the platform of this identifier; with --provision: list the vehicles under it',
    )
    .option('--user <name>', 'with --platform: its account')
    .option('--password-file <file>', 'with --platform: its password')
    .option('--json', 'the final counts on standard output as JSON');
}

function protocolName(text: string): SimProtocol {
  const name = SIM_PROTOCOLS.find((one) => one === text);
  if (name === undefined) throw new InvalidArgumentError(`expected ${SIM_PROTOCOLS.join(', ')}.`);
  return name;
}

function wholeUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`);
  };
}

function seedText(text: string): string {
  if (text.length >= 1 && text.length <= SEED_CHARACTERS_MAX) return text;
  throw new InvalidArgumentError(`expected 1 to ${SEED_CHARACTERS_MAX} characters.`);
}

function usage(message: string): Fault<'CLI_USAGE'> {
  const [problem = ''] = message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .split('\n', 1);
  return {
    code: 'CLI_USAGE',
    problem: bilingual(problem, `参数有误：${problem}`),
    remedy: bilingual(
      'run `tongguan sim --protocol jt808 --help`',
      '请运行 `tongguan sim --protocol jt808 --help` 查看用法',
    ),
    retry: 'after-remedy',
  };
}

function unconnected(host: string, port: number): Fault<'SIM_UNCONNECTED'> {
  return {
    code: 'SIM_UNCONNECTED',
    problem: bilingual(`nobody listens at ${host} port ${port}`, `${host} 端口 ${port} 无人监听`),
    remedy: bilingual(
      'start the cloud with a section `terminals`, and give the port that it says it listens on',
      '请启动配置了 `terminals` 的云端，并使用其提示的监听端口',
    ),
    retry: 'after-remedy',
  };
}

function unknownThere(): Fault<'SIM_LOGINS_REFUSED'> {
  return {
    code: 'SIM_LOGINS_REFUSED',
    problem: bilingual('connections were made, and not one login was accepted', '已建立连接，但没有一次登入被接受'),
    remedy: bilingual(
      'import what `--provision` wrote with the same `--seed` and `--vehicles` (`tongguan register terminal import`), and see the alerts of the cloud for the cause',
      '请用 `tongguan register terminal import` 导入同一 `--seed` 与 `--vehicles` 下 `--provision` 的输出，原因见云端告警',
    ),
    retry: 'after-remedy',
  };
}

function unprovisioned(cause: string): Fault<'SIM_PROVISION'> {
  return {
    code: 'SIM_PROVISION',
    problem: bilingual(`the list of terminals cannot be written: ${cause}`, `无法写入终端清单：${cause}`),
    remedy: bilingual('name a directory that does not exist yet', '请指定一个尚不存在的目录'),
    retry: 'after-remedy',
  };
}
