import { readFileSync } from 'node:fs';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { CloudConfig } from '../config/config.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { cloudUnreachable } from './cloud-unreachable.ts';
import type { AskCloud } from './transfer.command.ts';

export interface DeleteArgs {
  readonly config: string;
  readonly json: boolean;
}

export interface DeleteRequestArgs extends DeleteArgs {
  /** Device name, as alerts and certificates have it. */
  readonly device: string | undefined;
  /** File with the VIN of the person's vehicle: a VIN on a command line stays in the shell's history. */
  readonly personFile: string | undefined;
  /** Id of a retention row; every class when it is not said. */
  readonly retention: string | undefined;
  readonly reason: string;
  readonly requestedBy: string;
}

export interface DeleteIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly ask: AskCloud;
}

interface DeletionLine {
  readonly id: string;
  readonly state: string;
  readonly due: string;
  readonly overdue: boolean;
  readonly cause: string;
  readonly retention?: string;
  readonly keys: number;
  readonly records: number;
}

/**
 * `tongguan delete request --config cloud.yaml (--device NAME | --person-file FILE) --reason TEXT --by NAME`: enters a request
 * and prints its last day.
 *
 * @returns 0 entered, 1 a fault, 2 usage, configuration or an unknown device
 */
export async function deleteRequestCommand(args: DeleteRequestArgs, io: DeleteIo): Promise<ExitStatus> {
  const { device, personFile, retention, reason, requestedBy } = args;
  try {
    const vin = personFile === undefined ? undefined : readFileSync(personFile, 'utf8').trim();
    const answer = await ask(args, io, 'POST', '/v1/deletions', { device, vin, retention, reason, requestedBy });
    if (typeof answer === 'number') return answer;
    const { id, due } = answer as { id: string; due: string };
    io.out(
      args.json ? JSON.stringify(answer) : `deletion ${id} is due on ${due}; \`tongguan delete run\` carries it out`,
    );
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('delete', personUnreadable(causeText(cause))));
    return EXIT.usage;
  }
}

/** `tongguan delete list --config cloud.yaml`: every deletion with its last day. @returns 0, 1 a fault, 3 some are overdue */
export async function deleteListCommand(args: DeleteArgs, io: DeleteIo): Promise<ExitStatus> {
  const answer = await ask(args, io, 'GET', '/v1/deletions', undefined);
  if (typeof answer === 'number') return answer;
  const { deletions } = answer as { deletions: readonly DeletionLine[] };
  if (args.json) io.out(JSON.stringify(answer));
  else for (const one of deletions) io.out(lineOf(one));
  return deletions.some((one) => one.overdue) ? EXIT.withheld : EXIT.done;
}

/** `tongguan delete run --config cloud.yaml`: carries out what is open and what has come of age. @returns 0, 1 a fault */
export async function deleteRunCommand(args: DeleteArgs, io: DeleteIo): Promise<ExitStatus> {
  const answer = await ask(args, io, 'POST', '/v1/deletions/run', {});
  if (typeof answer === 'number') return answer;
  const { deletions, keys, records } = answer as Record<'deletions' | 'keys' | 'records', number>;
  if (args.json) io.out(JSON.stringify(answer));
  else {
    io.out(`${deletions} deletion(s): ${keys} data key(s) destroyed, ${records} record(s) removed`);
    if (keys > 0)
      io.err('delete: backups made before now open only with the keys of a later one: make one (docs/zones.md)');
  }
  return EXIT.done;
}

function lineOf({ id, state, due, overdue, cause, retention, keys, records }: DeletionLine): string {
  const late = overdue ? ' OVERDUE' : '';
  return `${id}  ${state}  due ${due}${late}  ${cause}  ${retention ?? 'every class'}  ${keys} key(s)  ${records} record(s)`;
}

async function ask(
  { config: file }: DeleteArgs,
  io: DeleteIo,
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
): Promise<object | ExitStatus> {
  const loaded = readConfig(CloudConfig, file, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('delete', fault));
    return EXIT.usage;
  }
  const socket = loaded.value.path(loaded.value.config.api.socket);
  const asked = await io.ask(socket, method, path, body).catch((cause: unknown) => causeText(cause));
  if (typeof asked === 'string') {
    io.err(renderFault('delete', cloudUnreachable(asked)));
    return EXIT.fault;
  }
  if (asked.status === 200) return asked.body;
  io.err(renderFault('delete', asked.body['fault'] as Fault));
  return asked.status === 404 || asked.status === 400 ? EXIT.usage : EXIT.fault;
}

function personUnreadable(cause: string): Fault<'PERSON_FILE'> {
  return {
    code: 'PERSON_FILE',
    problem: bilingual(
      `the file of \`--person-file\` cannot be read: ${cause}`,
      `无法读取 \`--person-file\` 文件：${cause}`,
    ),
    remedy: bilingual('name a file that holds the VIN and nothing else', '请指定仅含车辆识别代号的文件'),
    retry: 'after-remedy',
  };
}
