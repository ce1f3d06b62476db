import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { toIso } from '../../proto/words/time.ts';
import { CloudConfig } from '../config/config.ts';
import type { AlertWish } from '../monitoring/act-on-alert.ts';
import type { Alert } from '../monitoring/alert-book.ts';
import type { MonthAudit } from '../monitoring/audit-book.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { cloudUnreachable } from './cloud-unreachable.ts';
import type { AskCloud } from './transfer.command.ts';

export interface AlertArgs {
  /** cloud.yaml of the running cloud. */
  readonly config: string;
  readonly json: boolean;
  readonly language: 'en' | 'zh';
}

export interface AlertIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly ask: AskCloud;
}

/** `tongguan alert list [--all]`: alerts that are not closed, or all of them; exit 3 while one is open. */
export async function alertListCommand(args: AlertArgs & { readonly all: boolean }, io: AlertIo): Promise<ExitStatus> {
  const answer = await ask(args, io, 'GET', '/v1/alerts');
  if (typeof answer === 'number') return answer;
  const { alerts, monitoring } = answer as { alerts: readonly Alert[]; monitoring: object };
  const shown = alerts.filter(({ state }) => args.all || state !== 'closed');
  if (args.json) io.out(JSON.stringify({ alerts: shown, monitoring }));
  else for (const alert of shown) io.out(line(alert, args));
  return alerts.some(({ state }) => state === 'open') ? EXIT.withheld : EXIT.done;
}

/** `tongguan alert show ID`: one alert with all that was done about it. */
export async function alertShowCommand(args: AlertArgs & { readonly id: string }, io: AlertIo): Promise<ExitStatus> {
  const answer = await ask(args, io, 'GET', '/v1/alerts');
  if (typeof answer === 'number') return answer;
  const alert = (answer as { alerts: readonly Alert[] }).alerts.find(({ id }) => id === args.id);
  if (alert === undefined) {
    io.err(renderFault('alert', noAlert(), args.language));
    return EXIT.usage;
  }
  if (args.json) io.out(JSON.stringify({ alert }));
  else {
    io.out(line(alert, args));
    for (const { at, by, person, act, detail, index } of alert.acts)
      io.out(`  ${toIso(at)}  ${act}  ${person === '' ? by : `${by} (${person})`}  ${detail}  (entry ${index})`);
  }
  return EXIT.done;
}

/** `tongguan alert own|acknowledge|close ID --by ACCOUNT`. */
export async function alertActCommand(args: AlertArgs & AlertWish, io: AlertIo): Promise<ExitStatus> {
  const { id, act, by, owner, reason } = args;
  const wish = { id, act, by, ...(owner !== undefined && { owner }), ...(reason !== undefined && { reason }) };
  const answer = await ask(args, io, 'POST', '/v1/alerts/acts', wish);
  if (typeof answer === 'number') return answer;
  io.out(args.json ? JSON.stringify({ alert: answer }) : line(answer as Alert, args));
  return EXIT.done;
}

/** `tongguan audit list`: the monthly audits; exit 3 while one is overdue. */
export async function auditListCommand(args: AlertArgs, io: AlertIo): Promise<ExitStatus> {
  const answer = await ask(args, io, 'GET', '/v1/audits');
  if (typeof answer === 'number') return answer;
  const { audits } = answer as { audits: readonly MonthAudit[] };
  if (args.json) io.out(JSON.stringify({ audits }));
  else
    for (const { month, state, isOverdue, ranBy, signedBy } of audits)
      io.out([month, state, isOverdue ? 'overdue' : '', ranBy, signedBy].filter(Boolean).join('  '));
  return audits.some(({ isOverdue }) => isOverdue) ? EXIT.withheld : EXIT.done;
}

export interface AuditArgs extends AlertArgs {
  readonly month: string;
  readonly by: string;
  /** Of a signature. */
  readonly remark?: string;
}

/** `tongguan audit run --month M --by ACCOUNT` and `audit sign --month M --by ACCOUNT --remark TEXT`. */
export async function auditActCommand(args: AuditArgs, io: AlertIo): Promise<ExitStatus> {
  const { month, by, remark } = args;
  const act = remark === undefined ? 'run' : 'sign';
  const answer = await ask(args, io, 'POST', `/v1/audits/${act}`, {
    month,
    by,
    ...(remark !== undefined && { remark }),
  });
  if (typeof answer === 'number') return answer;
  io.out(JSON.stringify(answer, undefined, args.json ? undefined : 2));
  return EXIT.done;
}

function line(
  { id, code, subject, severity, state, owner, occurrences, lastAt, cite, reason }: Alert,
  { language }: AlertArgs,
): string {
  const words = [id, severity, state, code, subject, `x${occurrences}`, toIso(lastAt), owner, cite, reason[language]];
  return words.filter(Boolean).join('  ');
}

async function ask(
  args: AlertArgs,
  io: AlertIo,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<object | ExitStatus> {
  const command = path.startsWith('/v1/audits') ? 'audit' : 'alert';
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault(command, fault, args.language));
    return EXIT.usage;
  }
  try {
    const socket = loaded.value.path(loaded.value.config.api.socket);
    const { status, body: answer } = await io.ask(socket, method, path, body);
    if (status === 200) return answer;
    const fault = (answer['fault'] as Fault | undefined) ?? cloudUnreachable(`status ${status}`);
    io.err(renderFault(command, fault, args.language));
    return status === 400 || status === 404 ? EXIT.usage : EXIT.fault;
  } catch (cause) {
    io.err(renderFault(command, cloudUnreachable(causeText(cause)), args.language));
    return EXIT.fault;
  }
}

const noAlert = (): Fault<'ALERT_UNKNOWN'> => ({
  code: 'ALERT_UNKNOWN',
  problem: bilingual('there is no such alert', '没有该告警'),
  remedy: bilingual('see `tongguan alert list`', '参见 `tongguan alert list`'),
  retry: 'after-remedy',
});
