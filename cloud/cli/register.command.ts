import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { toIso } from '../../proto/words/time.ts';
import { CloudConfig } from '../config/config.ts';
import type { AgendaItem } from '../registers/agenda.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { cloudUnreachable } from './cloud-unreachable.ts';
import { entriesText, exportedBodies, readEntries } from './register-text.ts';
import type { AskCloud } from './transfer.command.ts';
import { type Patience, untilDone } from './until-decided.ts';

export interface RegisterArgs {
  readonly config: string;
  readonly json: boolean;
  readonly language: 'en' | 'zh';
}

export interface RegisterIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly ask: AskCloud;
}

/**
 * `tongguan register KIND add|import FILE --by NAME`: entries from YAML or JSON, one or a list; all of them or none.
 *
 * @param replace - change entries that exist, in place of adding new ones
 * @returns 0 all were taken, 1 none was, with each bad row named, 2 the file or the configuration is wrong
 */
export async function registerAddCommand(
  args: RegisterArgs & { readonly kind: string; readonly file: string; readonly by: string; readonly replace: boolean },
  io: RegisterIo & Patience,
): Promise<ExitStatus> {
  const bodies = readBodies(args.file);
  if (!bodies.ok) return refuse(io, args, [bodies.fault], EXIT.usage);
  const asked = { by: args.by, act: args.replace ? 'replace' : 'add', bodies: bodies.value };
  const jobAt = (job: string): string => `/v1/register-imports/${job}?by=${encodeURIComponent(args.by)}`;
  const patient = { ...io, ask: untilDone(io.ask, jobAt, io) };
  const answer = await askRegisters(args, patient, 'POST', `/v1/registers/${args.kind}/import`, asked);
  if (!answer.ok) return answer.fault;
  const taken = answer.value['entries'] as readonly TakenEntry[];
  if (args.json) io.out(JSON.stringify({ entries: taken }));
  else for (const { id, version, waits } of taken) io.out(`${args.kind}/${id} version ${version}${waiting(waits)}`);
  return EXIT.done;
}

interface TakenEntry extends Pick<RegisterEntry, 'kind' | 'id' | 'version'> {
  /** Keys of which the change counts only once a second person has confirmed it. */
  readonly waits?: readonly string[];
}

/** `tongguan register KIND list|show|export`: entries as they stand; `show` looks at every document again. */
export async function registerShowCommand(
  args: RegisterArgs & { readonly kind: string; readonly id?: string; readonly yaml?: boolean },
  io: RegisterIo,
): Promise<ExitStatus> {
  const path = args.id === undefined ? `/v1/registers/${args.kind}` : `/v1/registers/${args.kind}/${args.id}`;
  const answer = await askRegisters(args, io, 'GET', path);
  if (!answer.ok) return answer.fault;
  if (args.yaml === true) {
    const entries = (answer.value['entries'] ?? []) as readonly RegisterEntry[];
    io.out(args.json ? JSON.stringify(exportedBodies(entries)) : entriesText(exportedBodies(entries)));
  } else if (args.json) io.out(JSON.stringify(answer.value));
  else if (args.id !== undefined) io.out(stringify(answer.value));
  else for (const entry of answer.value['entries'] as readonly RegisterEntry[]) io.out(line(entry));
  return EXIT.done;
}

/** `tongguan register KIND withdraw ID --reason TEXT`: it no longer counts; it stays on record. */
export async function registerWithdrawCommand(
  args: RegisterArgs & { readonly kind: string; readonly id: string; readonly by: string; readonly reason: string },
  io: RegisterIo,
): Promise<ExitStatus> {
  const { kind, id, by, reason } = args;
  return told(args, io, await askRegisters(args, io, 'DELETE', `/v1/registers/${kind}/${id}`, { by, reason }));
}

/**
 * `tongguan register KIND confirm ID --seen VERSION`: a second person lets a change of it stand.
 *
 * @param seen - version of the entry that they have looked at
 * @returns 0 it stands, 1 it does not count or the entry was changed since, 2 usage or configuration
 */
export async function registerConfirmCommand(
  args: RegisterArgs & { readonly kind: string; readonly id: string; readonly by: string; readonly seen: number },
  io: RegisterIo,
): Promise<ExitStatus> {
  const { kind, id, by, seen: version } = args;
  const path = `/v1/registers/${kind}/${id}/confirmation`;
  return told(args, io, await askRegisters(args, io, 'POST', path, { by, version }));
}

/** `tongguan register KIND attach ID FILE`: the document is kept under its hash; one that changes later is no evidence. */
export async function registerAttachCommand(
  args: RegisterArgs & { readonly kind: string; readonly id: string; readonly file: string; readonly by: string },
  io: RegisterIo,
): Promise<ExitStatus> {
  const { kind, id, file, by } = args;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    return refuse(io, args, [fileFault(causeText(cause))], EXIT.usage);
  }
  const query = new URLSearchParams({ by, name: basename(file) });
  const path = `/v1/registers/${kind}/${id}/documents?${query.toString()}`;
  return told(args, io, await askRegisters(args, io, 'POST', path, bytes));
}

export interface DueArgs extends RegisterArgs {
  readonly calendar: boolean;
}

export interface DueIo extends RegisterIo {
  /** iCalendar text of all items. */
  readonly calendarOf: (items: readonly AgendaItem[], language: 'en' | 'zh') => string;
}

/** `tongguan register due`: every clock that runs; exit 3 when one has run out. */
export async function registerDueCommand(args: DueArgs, io: DueIo): Promise<ExitStatus> {
  const answer = await askRegisters(args, io, 'GET', '/v1/agenda');
  if (!answer.ok) return answer.fault;
  const items = answer.value['agenda'] as readonly AgendaItem[];
  if (args.calendar) io.out(io.calendarOf(items, args.language));
  else if (args.json) io.out(JSON.stringify({ agenda: items }));
  else {
    for (const { state, dueAt, kind, entry, title, rule } of items) {
      const due = dueAt === undefined ? UNCOUNTABLE[args.language] : toIso(dueAt);
      io.out(`${state.padEnd(11)} ${due}  ${kind}/${entry}  ${title[args.language]}  (${rule})`);
    }
  }
  return items.some(({ state }) => state !== 'open') ? EXIT.withheld : EXIT.done;
}

const UNCOUNTABLE = bilingual('no calendar of that year', '该年份尚无工作日历');

function line({ id, version, isWithdrawn, attachments, pending }: RegisterEntry): string {
  const waits = waiting(pending?.keys);
  return `${id}  version ${version}  ${attachments.length} document(s)${isWithdrawn ? '  withdrawn' : ''}${waits}`;
}

const waiting = (keys: readonly string[] | undefined): string =>
  keys === undefined ? '' : `  waits for a second person: ${keys.join(', ')}`;

function readBodies(file: string): Result<readonly unknown[], Fault> {
  try {
    const read = readEntries(readFileSync(file, 'utf8'));
    return read.ok ? read : fail(fileFault(read.fault));
  } catch (cause) {
    return fail(fileFault(causeText(cause)));
  }
}

type Answer = Result<Readonly<Record<string, unknown>>, ExitStatus>;

async function askRegisters(
  args: RegisterArgs,
  io: RegisterIo,
  method: Parameters<AskCloud>[1],
  path: string,
  body?: object,
): Promise<Answer> {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) return fail(refuse(io, args, loaded.fault, EXIT.usage));
  try {
    const { status, body: answer } = await io.ask(
      loaded.value.path(loaded.value.config.api.socket),
      method,
      path,
      body,
    );
    if (status === 200) return ok(answer);
    const faults = (answer['faults'] ?? [answer['fault']]) as readonly (Fault | undefined)[];
    const told = faults.map((one) => one ?? unanswerable(status));
    return fail(refuse(io, args, told, status === 409 ? EXIT.fault : EXIT.usage));
  } catch (cause) {
    return fail(refuse(io, args, [cloudUnreachable(causeText(cause))], EXIT.fault));
  }
}

function told(args: RegisterArgs, io: RegisterIo, answer: Answer): ExitStatus {
  if (!answer.ok) return answer.fault;
  const entry = answer.value['entry'] as RegisterEntry;
  io.out(args.json ? JSON.stringify({ entry }) : `${entry.kind}/${line(entry)}`);
  return EXIT.done;
}

function refuse(io: RegisterIo, { language }: RegisterArgs, faults: readonly Fault[], status: ExitStatus): ExitStatus {
  for (const fault of faults) io.err(renderFault('register', fault, language));
  return status;
}

function fileFault(cause: string): Fault<'REGISTER_FILE'> {
  return {
    code: 'REGISTER_FILE',
    problem: bilingual(`the file cannot be taken: ${cause}`, `无法读取该文件：${cause}`),
    remedy: bilingual('write YAML or JSON as in docs/registers.md', '请按 docs/registers.md 书写 YAML 或 JSON'),
    retry: 'after-remedy',
  };
}

function unanswerable(status: number): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual(`the cloud refused the request with status ${status}`, `云端以状态 ${status} 拒绝该请求`),
    remedy: bilingual('check the size of the file and the name of the register', '请检查文件大小和登记名称'),
    retry: 'after-remedy',
  };
}
