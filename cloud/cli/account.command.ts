import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import type { ShownAccount } from '../accounts/shown-account.ts';
import { CloudConfig } from '../config/config.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { cloudUnreachable } from './cloud-unreachable.ts';
import type { AskCloud } from './transfer.command.ts';

/** What is wanted; `by` is who does it, as the log will name them. */
export type AccountOrder =
  | { readonly act: 'list' }
  | {
      readonly act: 'add';
      readonly name: string;
      readonly roles: readonly string[];
      readonly subject: string | undefined;
      readonly by: string;
    }
  | { readonly act: 'role'; readonly name: string; readonly roles: readonly string[]; readonly by: string }
  | { readonly act: 'disable' | 'enable' | 'reset' | 'vouch'; readonly name: string; readonly by: string };

export interface AccountArgs {
  /** cloud.yaml of the running cloud. */
  readonly config: string;
  readonly json: boolean;
  readonly language: 'en' | 'zh';
  readonly order: AccountOrder;
}

export interface AccountIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly ask: AskCloud;
}

/**
 * `tongguan account list|add|role|disable|enable|reset|vouch`: asks the running cloud, which has to have a section `console`. A link is
 * printed once and is kept nowhere.
 *
 * @returns 0 done, 1 a fault, 2 usage or configuration
 */
export async function accountCommand({ order, ...args }: AccountArgs, io: AccountIo): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('account', fault, args.language));
    return EXIT.usage;
  }
  const [method, path, asked] = questionOf(order);
  try {
    const { status, body } = await io.ask(loaded.value.path(loaded.value.config.api.socket), method, path, asked);
    if (status !== 200) return refuse(body['fault'] as Fault | undefined, status, args, io);
    if (args.json) io.out(JSON.stringify(body));
    else for (const line of linesOf(body)) io.out(line);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('account', cloudUnreachable(causeText(cause)), args.language));
    return EXIT.fault;
  }
}

function questionOf(order: AccountOrder): readonly ['GET' | 'POST' | 'PUT', string, object?] {
  if (order.act === 'list') return ['GET', PATH];
  const { by, name } = order;
  const at = `${PATH}/${encodeURIComponent(name)}`;
  if (order.act === 'add') {
    const subject = order.subject === undefined ? {} : { subject: order.subject };
    return ['POST', PATH, { by, name, roles: order.roles, ...subject }];
  }
  if (order.act === 'role') return ['PUT', `${at}/roles`, { by, roles: order.roles }];
  if (order.act === 'reset') return ['POST', `${at}/reset`, { by }];
  if (order.act === 'vouch') return ['POST', `${at}/voucher`, { by }];
  return ['PUT', `${at}/standing`, { by, disabled: order.act === 'disable' }];
}

const vouchersOf = (hands: ShownAccount['hands']): string =>
  hands === undefined
    ? ''
    : `  answered for by ${hands.map(({ account }) => account).join(',') || 'nobody'}, not enough`;

const PATH = '/v1/accounts';

/** A cloud without a console has no accounts, and nothing at this path. */
function refuse(
  fault: Fault | undefined,
  status: number,
  { language }: Pick<AccountArgs, 'language'>,
  io: AccountIo,
): ExitStatus {
  io.err(renderFault('account', fault ?? cloudUnreachable(`HTTP ${status}, no section \`console\``), language));
  return status === 400 ? EXIT.usage : EXIT.fault;
}

function linesOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  const { accounts, account, link } = body as {
    readonly accounts?: readonly ShownAccount[];
    readonly account?: ShownAccount;
    readonly link?: string;
  };
  const shown = accounts ?? [account ?? (body as unknown as ShownAccount)];
  const lines = shown.map(
    ({ name, person, roles, state, secondFactor, hands }) =>
      `${name}  ${state}  ${person}  ${roles.join(',')}${secondFactor ? '  second factor' : ''}${vouchersOf(hands)}`,
  );
  return link === undefined ? lines : [...lines, `link, good once and for a day: ${link}`];
}
