import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { toShanghaiIso } from '../../proto/words/time.ts';
import { CloudConfig } from '../config/config.ts';
import type { TransferRow } from '../ports/transfer-register.ts';
import { explain, type Language } from '../transfer/explain.ts';
import type { Verdict } from '../transfer/verdict.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { cloudUnreachable } from './cloud-unreachable.ts';
import { type Patience, untilDecided } from './until-decided.ts';

export interface TransferArgs {
  readonly config: string;
  readonly json: boolean;
  readonly language: Language;
}

export interface RequestArgs extends TransferArgs {
  readonly dataset: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly requestedBy: string;
  /** Numbers of exemptions that are claimed. */
  readonly claims?: readonly number[];
}

/** Asks the running cloud over its local API; given by the composition root. */
export type AskCloud = (
  socket: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;

export interface TransferIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly ask: AskCloud;
}

/**
 * `tongguan transfer request --config cloud.yaml --dataset ID --recipient ID --purpose ID --by NAME`: asks for a transfer
 * and prints the verdict.
 *
 * @returns 0 permitted and on its way, or waiting for approvals, 3 withheld (also by an emergency stop), 1 a fault, 2 usage or
 *   configuration
 */
export async function transferRequestCommand(args: RequestArgs, io: TransferIo & Patience): Promise<ExitStatus> {
  const { dataset, recipient, purpose, requestedBy, claims = [] } = args;
  const patient = { ...io, ask: untilDecided(io.ask, io) };
  const answer = await askTransfers(args, patient, 'POST', PATH, { dataset, recipient, purpose, requestedBy, claims });
  if (typeof answer === 'number') return answer;
  const { transferId, verdict, state } = answer as { transferId: string; verdict: Verdict; state: string };
  if (args.json) io.out(JSON.stringify(answer));
  else for (const line of [`transfer ${transferId}  ${state}`, ...explain(verdict, args.language)]) io.out(line);
  return verdict.decision === 'permit' ? EXIT.done : EXIT.withheld;
}

const PAGE = 500;

/** `tongguan transfer list --config cloud.yaml`: all transfers with their states, newest first, as lines or one JSON object. */
export async function transferListCommand(args: TransferArgs, io: TransferIo): Promise<ExitStatus> {
  const transfers: TransferRow[] = [];
  for (let before: string | undefined = ''; before !== undefined; ) {
    const query: string = before === '' ? '' : `&before=${encodeURIComponent(before)}`;
    const answer = await askTransfers(args, io, 'GET', `${PATH}?limit=${PAGE}${query}`, undefined);
    if (typeof answer === 'number') return answer;
    const page = answer as { readonly transfers: readonly TransferRow[]; readonly next?: string };
    transfers.push(...page.transfers);
    before = page.next;
  }
  if (args.json) io.out(JSON.stringify({ transfers }));
  else for (const row of transfers) io.out(lineOf(row));
  return EXIT.done;
}

const lineOf = (row: TransferRow): string =>
  Object.values({ ...row, requestedAt: toShanghaiIso(row.requestedAt) }).join('  ');

/** `tongguan transfer show ID`: the transfer, its approvals, and what is approved while it waits; always JSON. */
export async function transferShowCommand(
  args: TransferArgs & { readonly id: string },
  io: TransferIo,
): Promise<ExitStatus> {
  const answer = await askTransfers(args, io, 'GET', pathOf(args.id), undefined);
  if (typeof answer === 'number') return answer;
  io.out(JSON.stringify(answer, undefined, args.json ? undefined : 2));
  return EXIT.done;
}

export interface ApprovalArgs extends TransferArgs {
  readonly id: string;
  /** Account of the authority matrix. */
  readonly by: string;
  /** Of a rejection; an approval has none. */
  readonly reason?: string;
  /** Of an approval: SHA-256 of the manifest that was looked at, as `transfer show` tells it. */
  readonly seen?: string;
}

/**
 * `tongguan transfer approve ID --by ACCOUNT` and `transfer reject ID --by ACCOUNT --reason TEXT`.
 *
 * @returns 0 it counts, 3 the transfer was decided anew and is withheld, 1 it does not count, 2 usage or configuration
 */
export async function transferApprovalCommand(args: ApprovalArgs, io: TransferIo): Promise<ExitStatus> {
  const { id, by, reason } = args;
  const said = reason === undefined ? await approvedOf(args, io) : { reason };
  if (typeof said === 'number') return said;
  const path = `${pathOf(id)}/${reason === undefined ? 'approvals' : 'rejections'}`;
  const answer = await askTransfers(args, io, 'POST', path, { by, ...said });
  if (typeof answer === 'number') return answer;
  const { state, approvals, verdict } = answer as { state: string; approvals: number; verdict?: Verdict };
  if (args.json) io.out(JSON.stringify(answer));
  else {
    io.out(`transfer ${id}  ${state}  approvals: ${approvals}`);
    for (const line of verdict === undefined ? [] : explain(verdict, args.language)) io.out(line);
  }
  return verdict?.decision === 'withhold' ? EXIT.withheld : EXIT.done;
}

/**
 * The parcel that is approved, which the approval is signed for: the one that `--seen` names, else the one that waits now. One that does not
 * wait has none; the cloud says so.
 */
async function approvedOf(args: ApprovalArgs, io: TransferIo): Promise<object | ExitStatus> {
  if (args.seen !== undefined) return { manifestSha256: args.seen };
  const shown = await askTransfers(args, io, 'GET', pathOf(args.id), undefined);
  if (typeof shown === 'number') return shown;
  const { waiting } = shown as { readonly waiting?: { readonly manifestSha256: string } };
  return { manifestSha256: waiting?.manifestSha256 ?? NO_PARCEL };
}

const NO_PARCEL = '0'.repeat(64);

const PATH = '/v1/transfers';

const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

/** Asks the running cloud. @param speaker - in whose name a fault is told @returns its answer, or the exit status of a fault that was told */
export async function askTransfers(
  args: TransferArgs,
  io: TransferIo,
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
  speaker = 'transfer',
): Promise<object | ExitStatus> {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault(speaker, fault, args.language));
    return EXIT.usage;
  }
  try {
    const { status, body: answer } = await io.ask(
      loaded.value.path(loaded.value.config.api.socket),
      method,
      path,
      body,
    );
    if (status === 200) return answer;
    const fault = answer['fault'] as Fault;
    io.err(renderFault(speaker, fault, args.language));
    if (fault.code === 'EXPORTS_STOPPED') return EXIT.withheld;
    return status === 404 || status === 400 ? EXIT.usage : EXIT.fault;
  } catch (cause) {
    io.err(renderFault(speaker, cloudUnreachable(causeText(cause)), args.language));
    return EXIT.fault;
  }
}
